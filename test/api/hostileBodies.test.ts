import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { type ApiHarness, openApi } from './harness';

let harness: ApiHarness;
/** Of its own, so that no honest request has to come as fast. */
let impatient: ApiHarness;
beforeAll(async () => {
  harness = await openApi();
  impatient = await openApi({ requestTimeoutMs: 400 });
});
afterAll(async () => {
  await harness?.close();
  await impatient?.close();
});

const good = '{ indexStatus { synced } }';
const isServed = async () =>
  expect(await harness.ask(good)).toEqual({ status: 200, data: { indexStatus: { synced: false } } });

afterEach(isServed);

const body = (fields: string) => `{"query":"query ($id: ID!) { node(id: $id) { id } }",${fields}}`;
const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
const json = { 'content-type': 'application/json' };
const invalidUtf8 = Buffer.concat([
  Buffer.from('{"query":"{ search(text: \\"'),
  Buffer.from([0xc3, 0x28, 0xff]),
  Buffer.from('\\") { __typename } }"}'),
]);

type Post = [headers: Record<string, string>, body: string | Buffer, status: number];
const posts: Record<string, Post> = {
  'a batch': [json, JSON.stringify(Array.from({ length: 100 }, () => ({ query: good }))), 400],
  'an empty batch': [json, '[]', 400],
  'variables 5,000 levels deep': [json, body(`"variables":{"id":${deep}}`), 400],
  'lists 5,000 levels deep': [json, body(`"variables":{"id":${'['.repeat(5_000)}${']'.repeat(5_000)}}`), 400],
  'a variable __proto__': [json, body('"variables":{"id":{"__proto__":{"a":1}}}'), 400],
  'variables whose constructor has a prototype': [
    json,
    body('"variables":{"id":"x","constructor":{"prototype":{"a":1}}}'),
    400,
  ],
  'variables that are a list': [json, body('"variables":[1]'), 400],
  '5 MB': [json, `{"query":"${' '.repeat(5_000_000)}"}`, 413],
  'a gzip bomb': [{ ...json, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(50_000_000, 32)), 415],
  'a compressed query': [{ ...json, 'content-encoding': 'br' }, 'anything', 415],
  'half of a JSON': [json, '{"query":"{ indexStat', 400],
  'two JSONs': [json, '{"query":"{__typename}"}{"query":"{__typename}"}', 400],
  nothing: [json, '', 400],
  null: [json, 'null', 400],
  'a number as query': [json, '{"query":1}', 400],
  'extensions that are text': [json, '{"query":"{__typename}","extensions":"a"}', 400],
  'invalid UTF-8': [json, invalidUtf8, 400],
  'UTF-16': [
    { 'content-type': 'application/json; charset=utf-16' },
    Buffer.from('{"query":"{__typename}"}', 'utf16le'),
    400,
  ],
  'a form': [{ 'content-type': 'application/x-www-form-urlencoded' }, 'query={__typename}', 415],
  'a multipart form': [
    { 'content-type': 'multipart/form-data; boundary=x' },
    '--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--\r\n',
    415,
  ],
  text: [{ 'content-type': 'text/plain' }, '{"query":"{__typename}"}', 415],
  'bytes of no type': [{ 'content-type': 'application/octet-stream' }, '{"query":"{__typename}"}', 415],
  'a type that is none': [{ 'content-type': 'no type' }, '{"query":"{__typename}"}', 415],
  'a subscription': [json, '{"query":"subscription { events { cursor } }"}', 400],
  'a mutation': [json, '{"query":"mutation { anything }"}', 400],
};

test.each(Object.entries(posts))('%s', async (_, [headers, content, status]) => {
  const response = await fetch(`${harness.api.url}/graphql`, {
    method: 'POST',
    headers,
    body: typeof content === 'string' ? content : new Uint8Array(content),
  });
  const answer = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  expect({ status: response.status, data: answer.data }).toEqual({ status, data: undefined });
  expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual([
    expect.stringMatching(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED|QUERY_TOO_COMPLEX)$/),
  ]);
  expect(JSON.stringify(answer)).not.toMatch(/stacktrace|node_modules|\/work|at \w+ \(/);
});

const get = (query: string) => `/graphql?${query}`;
test.each([
  ['a mutation by GET', get(`query=${encodeURIComponent('mutation { anything }')}`)],
  ['a subscription by GET', get(`query=${encodeURIComponent('subscription { events { cursor } }')}`)],
  ['variables that are no JSON by GET', get(`query={__typename}&variables=${encodeURIComponent('{bad')}`)],
  ['a query twice by GET', get('query={__typename}&query={__typename}')],
  ['bad percent encoding', get('query=%C3%28%FF')],
  [
    'two operations and no name by GET',
    get(`query=${encodeURIComponent('query A { a: __typename } query B { __typename }')}`),
  ],
  ['no query', '/graphql'],
  ['a NUL', get('query=%00')],
])('%s', async (_, path) => {
  const response = await fetch(`${harness.api.url}${path}`, { headers: { 'apollo-require-preflight': 'true' } });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  expect(errors?.[0]?.extensions.code).toMatch(/^(BAD_USER_INPUT|GRAPHQL_\w+_FAILED)$/);
});

/** What the server says to bytes of ours; the connection is left open until it says so. */
const raw = (bytes: string, { api } = harness): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let said = '';
    socket.on('data', (data) => {
      said += String(data);
    });
    socket.once('close', () => resolve(said));
    socket.once('error', reject);
  });

test.each([
  [
    'a body that never comes',
    'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query"',
    408,
  ],
  ['headers that never end', 'POST /graphql HTTP/1.1\r\nhost: a\r\n', 408],
  ['no HTTP', 'rubbish\r\n\r\n', 400],
  ['headers without end', `GET /graphql HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
  [
    'a host that is none',
    'GET /graphql?query={__typename} HTTP/1.1\r\nhost: [\r\napollo-require-preflight: 1\r\nconnection: close\r\n\r\n',
    400,
  ],
])('%s', async (_, bytes, status) => {
  const said = await raw(bytes, status === 408 ? impatient : harness);
  expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(said).toContain('"code":"BAD_USER_INPUT"');
  expect(said).not.toMatch(/node_modules|at \w+ \(/);
});

describe('over WebSocket', () => {
  // graphql-ws says there what came of a socket.
  beforeAll(() => void jest.spyOn(console, 'error').mockImplementation(() => undefined));
  afterAll(() => jest.restoreAllMocks());

  const open = () =>
    new Promise<WebSocket>((resolve) => {
      const socket = new WebSocket(`${harness.api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      socket.once('open', () => resolve(socket));
    });
  const closeCode = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));

  test.each<[string, string | Buffer, number, boolean]>([
    ['a message that is too large', ' '.repeat(70_000), 1009, true],
    ['what is no JSON', '{bad', 4400, true],
    ['a message of no type', '{"type":"rubbish"}', 4400, true],
    ['an operation before the handshake', `{"id":"1","type":"subscribe","payload":{"query":"${good}"}}`, 4401, false],
    [
      'variables that are text',
      '{"id":"1","type":"subscribe","payload":{"query":"{__typename}","variables":"a"}}',
      4400,
      true,
    ],
  ])('%s', async (_, message, code, initiated) => {
    const socket = await open();
    if (initiated) {
      const acknowledged = new Promise((resolve) => socket.once('message', resolve));
      socket.send('{"type":"connection_init"}');
      await acknowledged;
    }
    const closed = closeCode(socket);
    socket.send(message);
    expect(await closed).toBe(code);
  });

  test('variables 5,000 levels deep', async () => {
    const socket = await open();
    const next = () => new Promise<Buffer>((resolve) => socket.once('message', resolve));
    const acknowledged = next();
    socket.send('{"type":"connection_init"}');
    await acknowledged;
    const answer = next();
    socket.send(`{"id":"1","type":"subscribe","payload":${body(`"variables":{"id":${deep}}`)}}`);
    expect(JSON.parse(String(await answer))).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    socket.terminate();
  });
});
