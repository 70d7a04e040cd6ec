import { once } from 'node:events';
import { connect } from 'node:net';
import { type ApiHarness, openApi } from './harness';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await openApi();
});
afterAll(() => harness.close());

test('answers over POST and over GET', async () => {
  const query = '{ indexStatus { synced version chains { chainId } } }';
  const expected = { indexStatus: { synced: false, version: '0.1.0', chains: [] } };
  expect(await harness.ask(query)).toEqual({ status: 200, data: expected });
  const response = await fetch(`${harness.api.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { 'apollo-require-preflight': 'true' },
  });
  expect(await response.json()).toEqual({ data: expected });
});

test('refuses a request that a page of another site could make a browser send', async () => {
  const response = await fetch(`${harness.api.url}/graphql?query={indexStatus{synced}}`);
  expect(response.status).toBe(400);
});

test('what is not there, and what is not asked so, is said with a code', async () => {
  const ask = async (path: string, method: string) => {
    const response = await fetch(`${harness.api.url}${path}`, { method });
    const { errors } = (await response.json()) as { errors: { extensions: object }[] };
    return { status: response.status, allow: response.headers.get('allow'), extensions: errors[0]?.extensions };
  };
  const extensions = { code: 'BAD_USER_INPUT' };
  expect(await ask('/graphql', 'DELETE')).toEqual({ status: 405, allow: 'GET, POST', extensions });
  expect(await ask('/nowhere', 'GET')).toEqual({ status: 404, allow: null, extensions });
});

test('a subscription over POST is 400 and says where to go', async () => {
  const { status, errors } = await harness.ask('subscription { events { cursor } }');
  expect(status).toBe(400);
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining('graphql-transport-ws'),
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

test.each([
  ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ['{ indexStatus', 'GRAPHQL_PARSE_FAILED'],
  ['{ node(id: "rubbish") { id } }', 'BAD_USER_INPUT'],
  ['{ nodes(ids: ["datanet:1:01"]) { id } }', 'BAD_USER_INPUT'],
  ['{ events(first: 101) { totalCount } }', 'BAD_USER_INPUT'],
  ['{ events(first: -1) { totalCount } }', 'BAD_USER_INPUT'],
  ['{ events(first: 1, last: 1) { totalCount } }', 'BAD_USER_INPUT'],
  ['{ events(after: "rubbish") { totalCount } }', 'BAD_USER_INPUT'],
  ['{ events(where: { contract: { eq: "0x12" } }) { totalCount } }', 'BAD_USER_INPUT'],
  ['{ events(where: { subject: "rubbish" }) { totalCount } }', 'BAD_USER_INPUT'],
  ['{ events(where: { subject: "" }) { totalCount } }', 'BAD_USER_INPUT'],
  ['{ rewards(where: { token: "" }) { totalCount } }', 'BAD_USER_INPUT'],
  ['{ rewards(where: { pool: { eq: "" } }) { totalCount } }', 'BAD_USER_INPUT'],
  ['mutation { anything }', 'BAD_USER_INPUT'],
  ['query A { __typename } query B { __typename }', 'BAD_USER_INPUT'],
  ['', 'BAD_USER_INPUT'],
  [
    `{ datanets { nodes ${'{ contributions { nodes { datanet '.repeat(6)}{ id }${' } } }'.repeat(6)} } }`,
    'QUERY_TOO_COMPLEX',
  ],
])('%s is %s', async (query, code) => {
  const { errors } = await harness.ask(query);
  expect(errors?.map((error) => error.extensions.code)).toEqual([code]);
  expect(JSON.stringify(errors)).not.toMatch(/stacktrace|node_modules/);
});

test.each([
  ['application/json', '{bad', 400],
  ['application/json', '', 400],
  ['application/json', '[{"query":"{__typename}"}]', 400],
  ['application/json', '"text"', 400],
  ['application/graphql', '{ __typename }', 415],
  ['application/json', `{"query":"{__typename}${' '.repeat(300_000)}"}`, 413],
])('a body of %s that is no request (%.20s) is a GraphQL error', async (type, body, status) => {
  const headers = { 'content-type': type };
  const response = await fetch(`${harness.api.url}/graphql`, { method: 'POST', headers, body });
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({
    errors: [{ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

test('what is no id costs the other nodes nothing', async () => {
  await harness.database.pool.query(
    `insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts)
     values (6, 'six', 'SIX', 18, 0, '{}', '[]')`,
  );
  const { data, errors } = await harness.ask('{ nodes(ids: ["token:6:native", "rubbish", "datanet:6:1"]) { id } }');
  await harness.database.pool.query('delete from chain where chain_id = 6');
  expect(data).toEqual({ nodes: [{ id: 'token:6:native' }, null, null] });
  expect(errors).toMatchObject([{ path: ['nodes', 1], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('an upgrade of a path that is no URL leaves the server up', async () => {
  const { hostname, port } = new URL(harness.api.url);
  const socket = connect(Number(port), hostname);
  socket.write('GET // HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
  const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  expect(String(answer)).toMatch(/^HTTP\/1\.1 404/);
  socket.destroy();
  expect((await fetch(`${harness.api.url}/health`)).status).toBe(200);
});

test('a wrong variable is BAD_USER_INPUT', async () => {
  const { errors } = await harness.ask('query ($id: ID!) { node(id: $id) { id } }', { id: { a: 1 } });
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('a fault is INTERNAL, without its detail, which is in the log', async () => {
  await harness.database.pool.query('alter table change_position rename to hidden');
  const { data, errors } = await harness.ask('{ indexStatus { changeCursor } }');
  await harness.database.pool.query('alter table hidden rename to change_position');
  expect(data).toBeNull();
  expect(errors).toEqual([expect.objectContaining({ path: ['indexStatus'], extensions: { code: 'INTERNAL' } })]);
  expect(JSON.stringify(errors)).not.toContain('change_position');
  expect(JSON.stringify(harness.failures)).toContain('change_position');
});

test('one root field that fails leaves the others their answer', async () => {
  const { data, errors } = await harness.ask('{ events(first: 500) { totalCount } nodes(ids: []) { id } }');
  expect(data).toEqual({ events: null, nodes: [] });
  expect(errors?.[0]?.path).toEqual(['events']);
});

test('says what is missing until history is indexed, and serves health, metrics and the schema', async () => {
  const get = (path: string) => fetch(`${harness.api.url}${path}`);
  expect((await get('/health')).status).toBe(200);
  const notReady = await get('/ready');
  expect(notReady.status).toBe(503);
  expect(await notReady.json()).toEqual({ ready: false, missing: ['no chain has been indexed yet'] });
  await harness.database.pool.query(
    `insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts,
       indexed_number, head_number)
     values (7, 'seven', 'SVN', 18, 100, '{}', '[]', 150, 200), (8, 'eight', 'EGT', 18, 0, '{}', '[]', 199, 200)`,
  );
  expect(await (await get('/ready')).json()).toEqual({
    ready: false,
    missing: [
      'chain 7 (seven) is 50 blocks behind its head (50.0 % of history indexed)',
      'chain 8 (eight) is 1 block behind its head (99.5 % of history indexed)',
    ],
  });
  await harness.database.pool.query('update chain set indexed_number = 200');
  expect((await get('/ready')).status).toBe(200);
  await harness.database.pool.query(
    "insert into deferred_index values ('a', 'event', 'create index a'), ('b', 'event', 'create index b')",
  );
  expect(((await (await get('/ready')).json()) as { missing: string[] }).missing).toEqual([
    'chain 7 (seven) is indexed; indexes left to build: 2',
    'chain 8 (eight) is indexed; indexes left to build: 2',
  ]);
  await harness.database.pool.query('delete from deferred_index');
  await harness.database.pool.query("update chain set error = 'a reorg below finality' where chain_id = 8");
  expect(await (await get('/ready')).json()).toEqual({
    ready: false,
    missing: ['chain 8 (eight) stands still: a reorg below finality'],
  });
  await harness.database.pool.query("update chain set error = null, seen_at = now() - interval '300 seconds'");
  const { missing } = (await (await get('/ready')).json()) as { missing: string[] };
  expect(missing[0]).toMatch(
    /^no indexer has looked at chain 7 \(seven\) for 30\d s: .*; if it was taken out .* start the API with NETWORKS/,
  );
  expect(await (await get('/metrics')).text()).toContain('flywheel_chain_indexed_block{chain="7"} 200');
  expect(await (await get('/schema.graphql')).text()).toContain('type ChainEvent implements Node');
});

test('where it is known which chains are configured, these are waited for, and none that was taken out', async () => {
  const { database } = harness;
  await database.pool.query(
    `insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts,
       indexed_number, head_number, seen_at, error)
     values (7, 'seven', 'SVN', 18, 0, '{}', '[]', 5, 5, now() - interval '1 day', 'stood still then'),
       (8, 'eight', 'EGT', 18, 0, '{}', '[]', 200, 200, now(), null)
     on conflict (chain_id) do update
     set indexed_number = excluded.indexed_number, head_number = excluded.head_number, seen_at = excluded.seen_at,
       error = excluded.error`,
  );
  const readyOf = async (chainIds: number[]) => {
    await harness.api.close();
    await harness.start({ port: 0, chainIds });
    const response = await fetch(`${harness.api.url}/ready`);
    return [response.status, ((await response.json()) as { missing: string[] }).missing];
  };
  try {
    expect(await readyOf([8])).toEqual([200, []]);
    expect(await readyOf([8, 9])).toEqual([503, ['chain 9 has not been indexed yet']]);
    expect(await readyOf([7])).toEqual([503, ['chain 7 (seven) stands still: stood still then']]);
    // What it kept is still answered from, and said to be old.
    const { data, errors } = await harness.ask('{ indexStatus { synced chains { chainId } } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ indexStatus: { synced: false, chains: [{ chainId: 7 }, { chainId: 8 }] } });
  } finally {
    await database.pool.query('delete from chain');
    await harness.restart();
  }
});

test('a connection that asks nothing, as browsers open ahead of need, does not hold up the end', async () => {
  const socket = connect(Number(new URL(harness.api.url).port), '127.0.0.1');
  await once(socket, 'connect');
  // Connections are accepted in order: when this is answered, the silent one is the server's.
  expect((await fetch(`${harness.api.url}/health`)).status).toBe(200);
  const closed = once(socket, 'close');
  await harness.restart();
  await closed;
});
