import { Client, type Pool } from 'pg';
import { type Api, startApi } from '../../api/server';
import { openPool } from '../../db/pool';
import { asAdmin, createDatabase, type TestDatabase } from '../run/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.close());

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const writes = [
  'insert into metadata_probe values (1)',
  "update chain set name = 'a'",
  'delete from event',
  "select nextval('metadata_counter')",
  'create table stolen (a integer)',
  'drop table event',
];

/** What an API over that pool answers, and what each write through the same pool is refused with. */
const probe = async (url: string, databaseUrl: string) => {
  const pool: Pool = openPool(url, { readOnly: true, max: 2 });
  let api: Api | undefined;
  try {
    api = await startApi({ pool, databaseUrl, host: '127.0.0.1', port: 0, log });
    const query = encodeURIComponent(
      '{ indexStatus { synced changeCursor } datanets { totalCount } search(text: "a") { __typename } }',
    );
    const response = await fetch(`${api.url}/graphql?query=${query}`, { headers: { 'apollo-require-preflight': '1' } });
    const refusals: string[] = [];
    for (const write of writes)
      refusals.push(
        await pool.query(write).then(
          () => 'written',
          ({ code }) => code as string,
        ),
      );
    return { answer: await response.json(), refusals };
  } finally {
    await api?.close();
    await pool.end();
  }
};

const served = {
  data: { indexStatus: { synced: false, changeCursor: expect.any(String) }, datanets: { totalCount: 0 }, search: [] },
};
const READ_ONLY = '25006';
const NOT_ALLOWED = '42501';

test('without a role of its own the API reads in transactions that can only read', async () => {
  await database.pool.query('create table metadata_probe (a integer)');
  const { answer, refusals } = await probe(database.url, database.url);
  expect(answer).toEqual(served);
  expect(refusals).toEqual(writes.map(() => READ_ONLY));
});

test('a role that can only read is all that the API needs', async () => {
  const role = `reader_${database.url.split('_').at(-1)}`;
  await asAdmin(`create role ${role} login password 'secret'`);
  try {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`
      grant usage on schema public, past to ${role};
      grant select on all tables in schema public, past to ${role};
      grant select on all sequences in schema public to ${role}`);
    await client.end();
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    const { answer, refusals } = await probe(url.href, url.href);
    expect(answer).toEqual(served);
    expect(new Set(refusals)).toEqual(new Set([READ_ONLY, NOT_ALLOWED]));
    // Not even where it lifts the setting.
    const own = new Client({ connectionString: url.href });
    await own.connect();
    const codes: string[] = [];
    for (const write of writes)
      codes.push(
        await own.query(write).then(
          () => 'written',
          ({ code }) => code as string,
        ),
      );
    await own.end();
    expect(codes).toEqual(writes.map(() => NOT_ALLOWED));
  } finally {
    await database.pool.query(`drop owned by ${role}`);
    await asAdmin(`drop role ${role}`);
  }
});
