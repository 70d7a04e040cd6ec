import { createClient } from 'graphql-ws';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { until } from '../run/until';
import { type ApiHarness, openApi } from './harness';

const slow = '{ datanet(id: "datanet:1:1") { id } node(id: "model:1:1") { id } models { totalCount } }';
const good = '{ node(id: "model:1:1") { id } }';

describe.each([
  ['are asked one after the other', false],
  ['are sent together', true],
])('where statements %s', (_, pipeline) => {
  let harness: ApiHarness;
  let holder: Client;

  beforeAll(async () => {
    harness = await openApi({}, { max: 2, readOnly: true, pipeline });
    holder = new Client({ connectionString: harness.database.url });
    await holder.connect();
    // Of what the API itself looks at beside its requests, nothing.
    await holder.query('begin; lock table datanet_state in access exclusive mode');
  });
  afterAll(async () => {
    await holder?.end();
    await harness?.close();
  });

  const post = (query: string, signal?: AbortSignal) =>
    fetch(`${harness.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: signal ?? null,
    });

  test('a client that leaves takes its statement with it, and those that waited for a connection their place', async () => {
    const leaving = new AbortController();
    // Two hold all connections of the pool, the others wait for one.
    const asked = Array.from({ length: 6 }, () => post(slow, leaving.signal).catch(() => 'gone'));
    await until(async () => (await harness.waiting()) === 2);
    leaving.abort();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['gone']));
    await until(async () => (await harness.waiting()) === 0);
    const answer = await post(good, AbortSignal.timeout(20_000));
    expect(await answer.json()).toEqual({ data: { node: null } });
  });

  test('so does one that leaves its socket', async () => {
    let opened: WebSocket | undefined;
    const client = createClient({
      url: `${harness.api.url.replace('http', 'ws')}/graphql`,
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
    await until(async () => (await harness.waiting()) === 1);
    opened?.terminate();
    expect(await asked).toBe('gone');
    await until(async () => (await harness.waiting()) === 0);
    const answer = await post(good, AbortSignal.timeout(20_000));
    expect(await answer.json()).toEqual({ data: { node: null } });
  });
});
