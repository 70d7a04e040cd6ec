import { createHash } from 'node:crypto';
import { type ApiHarness, openApi } from './harness';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await openApi();
  await run(`insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts,
      indexed_number, indexed_hash, indexed_timestamp, head_number, finalized_number, finalized_hash, finalized_timestamp)
    values (7, 'seven', 'SVN', 18, 0, '{}', '[]', 200, '\\x02', 2, 200, 150, '\\x01', 1)`);
});
afterAll(() => harness.close());

const run = (statement: string) => harness.database.pool.query(statement);

const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${harness.api.url}/graphql?${new URLSearchParams(parameters)}`, {
    headers: { 'apollo-require-preflight': 'true', ...headers },
  });
const query = '{ datanets { totalCount } }';
const keptAs = async (document: string, variables = '{}') =>
  (await get({ query: document, variables })).headers.get('cache-control');
const etagNow = async () => (await get({ query })).headers.get('etag') as string;

describe('ETag', () => {
  test('spares a client what it has already', async () => {
    const etag = await etagNow();
    const again = await get({ query }, { 'if-none-match': `"another", ${etag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect(again.headers.get('cache-control')).toBe('public, no-cache');
    const other = await get({ query: '{ models { totalCount } }' }, { 'if-none-match': etag });
    expect([other.status, await other.json()]).toEqual([200, { data: { models: { totalCount: 0 } } }]);
    const variables = { query: 'query ($n: Int) { datanets(first: $n) { totalCount } }' };
    const one = (await get({ ...variables, variables: '{"n":1}' })).headers.get('etag') as string;
    const two = await get({ ...variables, variables: '{"n":2}' }, { 'if-none-match': one });
    expect(two.status).toBe(200);
  });

  test.each([
    ['a block', "update chain set indexed_number = 201, indexed_hash = '\\x03'"],
    ['a reorg to the same height', "update chain set indexed_hash = '\\x04'"],
    ['finality', 'update chain set finalized_number = 151'],
    ['a document', "select nextval('metadata_counter'), nextval('metadata_counter')"],
    ['a change', 'update change_position set next = next + 1'],
  ])('is another one after %s', async (_, statement) => {
    const before = await etagNow();
    expect(await etagNow()).toBe(before);
    await run(statement);
    const answer = await get({ query }, { 'if-none-match': before });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).not.toBe(before);
  });
});

test('a GET is answered by what it accepts, and says so to whoever keeps answers', async () => {
  const query = '{ datanets(asOf: { number: 140 }) { totalCount } }';
  const first = await get({ query });
  const again = await get({ query }, { 'if-none-match': first.headers.get('etag') as string });
  expect([first.status, again.status]).toEqual([200, 304]);
  for (const { headers } of [first, again]) expect(headers.get('vary')).toMatch(/(^|, )accept(,|$)/);
});

describe('Cache-Control', () => {
  const final = '{ datanets(asOf: { number: 140 }) { totalCount } }';

  test('lets what is final be kept for ever, and anything else be asked for again', async () => {
    expect(await keptAs(final)).toBe('public, max-age=86400, immutable');
    const byVariable = 'query ($at: BlockRef = { number: 140 }) { datanets(asOf: $at) { totalCount } }';
    expect(await keptAs(byVariable)).toBe('public, max-age=86400, immutable');
    expect(await keptAs(byVariable, '{"at":{"number":190}}')).toBe('public, no-cache');
    expect(await keptAs('{ datanets(asOf: { number: 190 }) { totalCount } }')).toBe('public, no-cache');
    expect(await keptAs('{ a: datanets(asOf: { number: 1 }) { totalCount } datanets { totalCount } }')).toBe(
      'public, no-cache',
    );
    expect(await keptAs('{ ...f } fragment f on Query { datanets(asOf: { number: 1 }) { totalCount } }')).toBe(
      'no-store',
    );
    expect(await keptAs('{ datanets(asOf: { minNumber: 1 }) { totalCount } }')).toBe('no-store');
    expect(await keptAs('query ($at: BlockRef = { minNumber: 1 }) { datanets(asOf: $at) { totalCount } }')).toBe(
      'no-store',
    );
    expect(await keptAs('{ indexStatus { synced } }')).toBe('no-store');
    expect(await keptAs('{ datanets(first: 500) { totalCount } }')).toBe('no-store');
    expect(await keptAs('{')).toBe('no-store');
  });

  test('waits for documents that are on their way', async () => {
    await run("insert into token (chain_id, address) values (7, '\\x11')");
    expect(await keptAs(final)).toBe('public, no-cache');
    await run("update token set state = 'fetched'");
    expect(await keptAs(final)).toBe('public, max-age=86400, immutable');
  });

  test('of a POST lets nothing be kept', async () => {
    const response = await fetch(`${harness.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: final }),
    });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });
});

describe('compression', () => {
  const large = { query: '{ __schema { types { name description fields { name } } } }' };

  test.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br;q=0', 'gzip'],
    ['identity', null],
  ])('for a client that accepts %s', async (accepted, encoding) => {
    const response = await get(large, { 'accept-encoding': accepted });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('vary')).toContain('accept-encoding');
    const { data } = (await response.json()) as { data: { __schema: { types: object[] } } };
    expect(data.__schema.types.length).toBeGreaterThan(100);
  });

  test('leaves short answers as they are', async () => {
    expect((await get({ query }, { 'accept-encoding': 'br' })).headers.get('content-encoding')).toBeNull();
  });

  test('of files, too', async () => {
    const page = await fetch(`${harness.api.url}/schema.graphql`, { headers: { 'accept-encoding': 'gzip' } });
    expect(page.headers.get('content-encoding')).toBe('gzip');
    expect(await page.text()).toContain('type Datanet');
  });
});

test('pages of any origin may ask, without credentials', async () => {
  const headers = { origin: 'https://explorer.example', 'access-control-request-method': 'POST' };
  const preflight = await fetch(`${harness.api.url}/graphql`, { method: 'OPTIONS', headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  const answer = await get({ query }, { origin: 'https://explorer.example' });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-expose-headers')).toContain('ratelimit-remaining');
});

describe('persisted queries', () => {
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
  const extensionsOf = (sha256Hash: string) => JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
  const byHash = async (document: string, register: boolean, sha256Hash = hashOf(document)) => {
    const response = await get({ ...(register ? { query: document } : {}), extensions: extensionsOf(sha256Hash) });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
    return { status: response.status, data, code: errors?.[0]?.extensions.code };
  };
  const data = { datanets: { totalCount: 0 } };

  test('are asked for by their hash once they are known, and spared too', async () => {
    expect((await byHash(query, false)).code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await byHash(query, true)).toEqual({ status: 200, data, code: undefined });
    expect(await byHash(query, false)).toEqual({ status: 200, data, code: undefined });
    const extensions = extensionsOf(hashOf(query));
    const etag = (await get({ extensions })).headers.get('etag') as string;
    expect((await get({ extensions }, { 'if-none-match': etag })).status).toBe(304);
  });

  test('flooded with, answer as before', async () => {
    const flood = Array.from({ length: 600 }, (_, n) => `{ a${n}: __typename }`);
    for (let n = 0; n < flood.length; n += 50) {
      await Promise.all(flood.slice(n, n + 50).map((document) => byHash(document, true)));
    }
    const wrong = await byHash(query, true, hashOf('another'));
    expect(wrong).toEqual({ status: 400, data: undefined, code: 'BAD_USER_INPUT' });
    const complex = `{ ${Array.from({ length: 300 }, (_, n) => `a${n}: __typename`).join(' ')} }`;
    expect(await byHash(complex, true)).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
    expect((await byHash(complex, false)).code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(await byHash(query, false)).toEqual({ status: 200, data, code: undefined });
  });
});
