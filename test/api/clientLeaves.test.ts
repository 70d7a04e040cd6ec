import { createClient } from 'graphql-ws';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { type Api, startApi } from '../../api/server';
import { openPool } from '../../db/pool';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';

const slow = '{ datanet(id: "datanet:1:1") { id } node(id: "model:1:1") { id } models { totalCount } }';
const good = '{ node(id: "model:1:1") { id } }';

describe.each([
  ['are asked one after the other', false],
  ['are sent together', true],
])('where statements %s', (_, pipeline) => {
  let database: TestDatabase;
  let pool: ReturnType<typeof openPool>;
  let api: Api;
  let holder: Client;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

  beforeAll(async () => {
    database = await createDatabase();
    pool = openPool(database.url, { max: 2, readOnly: true, applicationName: 'api-under-test', pipeline });
    api = await startApi({ pool, databaseUrl: database.url, host: '127.0.0.1', port: 0, log, queryTimeoutMs: 60_000 });
    holder = new Client({ connectionString: database.url });
    await holder.connect();
    // Of what the API itself looks at beside its requests, nothing.
    await holder.query('begin; lock table datanet_state in access exclusive mode');
  });
  afterAll(async () => {
    await holder?.end();
    await api?.close();
    await pool?.end();
    await database?.close();
  });

  const waiting = async () => {
    const { rows } = await database.pool.query<{ count: number }>(`
    select count(*)::integer as count
    from pg_stat_activity
    where application_name = 'api-under-test' and datname = current_database() and wait_event_type = 'Lock'`);
    return rows[0]?.count ?? 0;
  };

  const post = (query: string, signal?: AbortSignal) =>
    fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: signal ?? null,
    });

  test('a client that leaves takes its statement with it, and those that waited for a connection their place', async () => {
    const leaving = new AbortController();
    // Two hold all connections of the pool, the others wait for one.
    const asked = Array.from({ length: 6 }, () => post(slow, leaving.signal).catch(() => 'gone'));
    await until(async () => (await waiting()) === 2);
    leaving.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['gone']));
    await until(async () => (await waiting()) === 0);
    const answer = await post(good, AbortSignal.timeout(20_000));
    expect(await answer.json()).toEqual({ data: { node: null } });
  });

  test('so does one that leaves its socket', async () => {
    let opened: WebSocket | undefined;
    const client = createClient({
      url: `${api.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      on: { opened: (socket) => (opened = socket as WebSocket) },
    });
    const asked = new Promise((resolve) => {
      client.subscribe(
        { query: slow },
        { next: resolve, complete: () => resolve('complete'), error: () => resolve('gone') },
      );
    });
    await until(async () => (await waiting()) === 1);
    opened?.terminate();
    expect(await asked).toBe('gone');
    await until(async () => (await waiting()) === 0);
    const answer = await post(good, AbortSignal.timeout(20_000));
    expect(await answer.json()).toEqual({ data: { node: null } });
  });
});
