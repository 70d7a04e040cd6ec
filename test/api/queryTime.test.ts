import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Api, startApi } from '../../api/server';
import { openPool } from '../../db/pool';
import { createDatabase, type TestDatabase } from '../run/database';
import { overSocket } from './overSocket';

const STATEMENT_MS = 300;

describe.each([
  ['are asked one after the other', false],
  ['are sent together', true],
])('where statements %s', (_, pipeline) => {
  let database: TestDatabase;
  let pool: ReturnType<typeof openPool>;
  let api: Api;

  beforeAll(async () => {
    database = await createDatabase();
    // Each statement that reads it takes two thirds of its time.
    await database.pool.query(`
    insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts,
      indexed_number, indexed_hash, indexed_timestamp, head_number)
    values (7, 'seven', 'SVN', 18, 0, '{}', '[]', 200, '\\x02', 2, 200);
    alter table model rename to model_itself;
    create view model as
      with slow as materialized (select pg_sleep(0.2))
      select * from model_itself where (select count(*) from slow) = 1`);
    // None is cut short by itself, however busy the machine is.
    pool = openPool(database.url, { max: 4, readOnly: true, statementTimeoutMs: 60_000, pipeline });
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    api = await startApi({
      pool,
      log,
      databaseUrl: database.url,
      host: '127.0.0.1',
      port: 0,
      queryTimeoutMs: STATEMENT_MS,
    });
  });
  afterAll(async () => {
    await api?.close();
    await pool?.end();
    await database?.close();
  });

  /** Fifty statements, each of which is within its own time: ten seconds. */
  const fields = Array.from(
    { length: 50 },
    (_, n) => `m${n}: models(where: { builder: { eq: "0x${String(n).padStart(40, '0')}" } }) { nodes { id } }`,
  );
  const long = `{ ${fields.join(' ')} }`;
  const good = '{ node(id: "datanet:1:1") { id } }';

  interface Answer {
    data?: Record<string, unknown> | null;
    errors?: readonly { extensions?: { code?: unknown } | undefined }[];
  }

  /** Three times the time of a statement holds no more than five of these. */
  const expectCutShort = ({ data, errors = [] }: Answer) => {
    const answered = Object.values(data ?? {}).filter((field) => field !== null);
    expect(answered.length).toBeLessThanOrEqual(5);
    expect(errors).toHaveLength(fields.length - answered.length);
    expect(new Set(errors.map(({ extensions }) => extensions?.code))).toEqual(new Set(['QUERY_TIMEOUT']));
  };

  const ask = async (query: string) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as Answer;
  };

  test('a query of many statements ends with QUERY_TIMEOUT after the time of three', async () => {
    expectCutShort(await ask(long));
    expect(await ask(good)).toEqual({ data: { node: null } });
  });

  test('so it does over a socket', async () => {
    const url = `${api.url.replace('http', 'ws')}/graphql`;
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
    expectCutShort((await overSocket(client, long)) as Answer);
    expect(await overSocket(client, good)).toEqual({ data: { node: null } });
    await client.dispose();
  });
});
