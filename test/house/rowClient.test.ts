import { Client, type Pool } from 'pg';
import { connectionConfig, openPool } from '../../db/pool';
import { createDatabase, type TestDatabase } from '../run/database';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.url, { pipeline: true, max: 1 });
});

afterAll(async () => {
  await pool?.end();
  await database?.close();
});

/** The same statement, as a pipelining pool reads its rows and as pg does. */
async function both(text: string, values: unknown[]): Promise<[ours: unknown[], theirs: unknown[]]> {
  const client = new Client(connectionConfig(database.url));
  await client.connect();
  try {
    const [ours, theirs] = await Promise.all([pool.query(text, values), client.query(text, values)]);
    return [ours.rows, theirs.rows];
  } finally {
    await client.end();
  }
}

const TEXTS = [
  '',
  'a',
  'é',
  '€',
  '😀',
  'plain and é',
  'x'.repeat(127),
  'x'.repeat(128),
  'x'.repeat(255),
  'é'.repeat(100),
];

it('reads values of any length, in any script, next to nulls', async () => {
  const texts = [...TEXTS, 'x'.repeat(0xc2_80), null];
  const pairs = texts.flatMap((one) => texts.map((other) => [one, other]));
  const columns = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  const [ours, theirs] = await both(
    'select one, null::bytea as none, other, other is null as is_null from unnest($1::text[], $2::text[]) as t (one, other)',
    columns,
  );
  expect(ours).toEqual(theirs);
  expect(ours).toEqual(pairs.map(([one, other]) => ({ one, none: null, other, is_null: other === null })));
});

it('reads rows that come in several pieces', async () => {
  const [ours, theirs] = await both(
    "select n, repeat(md5(n::text), n % 7) as text, nullif(n % 3, 0) as rest, decode(md5(n::text), 'hex') as bytes from generate_series(1, 20000) n",
    [],
  );
  expect(ours).toHaveLength(20_000);
  expect(ours).toEqual(theirs);
});

it('reads a row without columns, one with very many, and an error', async () => {
  const many = Array.from({ length: 300 }, (_, i) => `${i} as c${i}`).join();
  expect(await both('select from generate_series(1, 3)', [])).toEqual([
    [{}, {}, {}],
    [{}, {}, {}],
  ]);
  const [ours, theirs] = await both(`select ${many}`, []);
  expect(ours).toEqual(theirs);
  await expect(pool.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
  await expect(pool.query('select 1 as one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
});
