import { openEventStream, post } from '../live/eventStream';
import { until } from '../run/until';
import { type ApiHarness, openApi } from './harness';
import { overSocket } from './overSocket';

/** The last document within each bound and the first one beyond it, asked in every way that there is. */
let harness: ApiHarness;
beforeAll(async () => {
  harness = await openApi();
});
afterAll(() => harness.close());

type Variables = Record<string, unknown>;
type Answer = { data?: unknown; errors?: readonly { message: string; extensions?: unknown }[] };
const codeOf = ({ errors }: Answer) => (errors?.[0]?.extensions as { code: string } | undefined)?.code ?? 'none';

/** Longer ones are for a body: no proxy lets such a URL through. */
const LONGEST_URL = 8_000;

const ways: Record<string, (query: string, variables: Variables) => Promise<Answer>> = {
  POST: (query, variables) => harness.ask(query, variables),
  // From the third time on it would be compiled.
  'POST, a fourth time': async (query, variables) => {
    for (let time = 0; time < 2; time += 1) await harness.ask(query, variables);
    return harness.ask(query, variables);
  },
  GET: async (query, variables) => {
    const asked = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    if (String(asked).length > LONGEST_URL) return harness.ask(query, variables);
    const headers = { 'apollo-require-preflight': 'yes' };
    return (await (await fetch(`${harness.api.url}/graphql?${asked}`, { headers })).json()) as Answer;
  },
  SSE: async (query, variables) => {
    const stream = await openEventStream(`${harness.api.url}/graphql/stream`, post(query, variables));
    await until(() => stream.ended);
    return JSON.parse(stream.events[0]?.data as string) as Answer;
  },
  WebSocket: (query, variables) => overSocket(harness.socket(), query, variables),
};

/** @returns the code that it has in every way: 'none' for an answer */
async function verdict(query: string, variables: Variables = {}): Promise<string> {
  const verdicts: Record<string, string> = {};
  for (const [way, ask] of Object.entries(ways)) verdicts[way] = codeOf(await ask(query, variables));
  const [first] = Object.values(verdicts);
  expect(verdicts).toEqual(Object.fromEntries(Object.keys(ways).map((way) => [way, first])));
  return first as string;
}

const repeat = (n: number, text: (i: number) => string) => Array.from({ length: n }, (_, i) => text(i)).join(' ');
const nested = (levels: number): unknown => (levels === 0 ? 'x' : { a: nested(levels - 1) });
const TOO_COMPLEX = 'QUERY_TOO_COMPLEX';

test.each<[string, number, (n: number) => string, string]>([
  // Twelve besides.
  ['tokens', 5_000, (n) => `{ nodes(ids: [${repeat(n - 12, () => '1')}]) { id } }`, 'BAD_USER_INPUT'],
  ['brackets', 250, (n) => `${'{a'.repeat(n)}${'}'.repeat(n)}`, TOO_COMPLEX],
  ['levels', 20, (n) => `{ __schema { ${'a { '.repeat(n - 2)} b ${'}'.repeat(n - 2)} } }`, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'fields',
    1_500,
    (n) =>
      `{ ${repeat(30, (i) => `a${i}: indexStatus { ${repeat(48, () => 'synced')} }`)} ${repeat(n - 1_470, () => '__typename')} }`,
    'none',
  ],
  [
    'fields of fragments',
    1_500,
    (n) => `{ ${repeat(30, (i) => `a${i}: indexStatus { ...f }`)} ${repeat(n - 1_470, () => '__typename')} }
      fragment f on IndexStatus { ${repeat(48, () => 'synced')} }`,
    'none',
  ],
  ['aliases', 200, (n) => `{ ${repeat(n, (i) => `a${i}: __typename`)} }`, 'none'],
  ['directives', 50, (n) => `{ ${repeat(n, () => '__typename @skip(if: false)')} }`, 'none'],
])('%s: %i are judged alike in every way, and so is one more', async (_, most, documentOf, within) => {
  expect(await verdict(documentOf(most))).toBe(within);
  expect(await verdict(documentOf(most + 1))).toBe(TOO_COMPLEX);
});

test('a page of 100 is answered in every way, one of 101, -1 or both ends in none', async () => {
  const document = 'query ($first: Int, $last: Int) { events(first: $first, last: $last) { nodes { id } } }';
  expect(await verdict(document, { first: 100 })).toBe('none');
  expect(await verdict(document, { last: 100 })).toBe('none');
  for (const wrong of [{ first: 101 }, { last: 101 }, { first: -1 }, { first: 1, last: 1 }, { first: 2 ** 31 }]) {
    expect(await verdict(document, wrong)).toBe('BAD_USER_INPUT');
  }
});

test('what a query costs is judged alike in every way, by its variables', async () => {
  const document = `query ($n: Int!, $m: Int = 100) {
    rewards(first: $n) { nodes { contribution { influences(first: $m) { nodes { id } } } } } }`;
  const verdicts = new Set<string>();
  for (const n of [1, 32, 33, 34, 47, 48, 49, 50, 51, 94, 95, 96, 97, 98, 99, 100])
    verdicts.add(await verdict(document, { n }));
  expect([...verdicts]).toEqual(['none', TOO_COMPLEX]);
  expect(await verdict(document, { n: 100, m: 1 })).toBe('none');
});

test('variables of sixteen levels are looked at, deeper ones are not, in every way', async () => {
  const document = 'query ($where: EventFilter) { events(where: $where) { nodes { id } } }';
  for (const levels of [1, 15, 16, 17, 500]) {
    expect(await verdict(document, { where: nested(levels) })).toBe('BAD_USER_INPUT');
  }
});

test.each<[string, string, Variables]>([
  ['half a document', '{ indexStatus', {}],
  ['an unknown field', '{ nothing }', {}],
  ['two operations and no name', 'query A { __typename } query B { __typename }', {}],
  ['fragments and no operation', 'fragment f on Query { __typename }', {}],
  ['a mutation', 'mutation { anything }', {}],
  ['a variable of another type', 'query ($id: ID!) { node(id: $id) { id } }', { id: { a: 1 } }],
  ['a variable that is missing', 'query ($id: ID!) { node(id: $id) { id } }', {}],
  [
    'a variable of a directive that is null',
    'query ($s: Boolean = true) { indexStatus @include(if: $s) { synced } }',
    { s: null },
  ],
  ['one further in', 'query ($s: Boolean = true) { indexStatus { synced @include(if: $s) } }', { s: null }],
  [
    'one in a fragment',
    'query ($s: Boolean = true) { ...f @include(if: $s) } fragment f on Query { indexStatus { synced } }',
    { s: null },
  ],
  ['a variable that is null for a page', 'query ($n: Int! = 5) { events(first: $n) { nodes { id } } }', { n: null }],
  ['a list of ids with null in it', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [null] }],
  ['a length that is null unless given', 'query ($n: Int = null) { search(text: "a", first: $n) { __typename } }', {}],
  ['a length that is null', 'query ($n: Int) { search(text: "a", first: $n) { __typename } }', { n: null }],
  [
    'a direction that is null',
    'query ($d: SortDirection) { models(orderBy: { field: CREATED_AT, direction: $d }) { nodes { id } } }',
    { d: null },
  ],
  ['an id that is none', '{ node(id: "rubbish") { id } }', {}],
  ['a cursor that is none', '{ events(after: "rubbish") { nodes { id } } }', {}],
  ['a block that is not there', '{ events(asOf: { chainId: 1, number: 5 }) { nodes { id } } }', {}],
  ['an address that is none', 'query ($a: Address!) { account(address: $a) { id } }', { a: '0x12' }],
])('%s is refused with one code, whichever way it comes', async (_, query, variables) => {
  expect(await verdict(query, variables)).toMatch(/^(BAD_USER_INPUT|GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED)$/);
});

/** Over the two ways that there are for streams, and over HTTP, which has none. */
test.each([
  'subscription { events @skip(if: true) { cursor } }',
  'subscription ($s: Boolean!) { events @skip(if: $s) { cursor } }',
  'subscription ($s: Boolean!) { ... @include(if: $s) { events { cursor } } }',
  'subscription ($s: Boolean!) { ...f @include(if: $s) } fragment f on Subscription { events { cursor } }',
  'subscription ($s: Boolean!) { ...f } fragment f on Subscription { indexStatus @include(if: $s) { name } }',
])('a stream that may be none is refused: %s', async (query) => {
  expect(await verdict(query, { s: true })).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('none of it was a fault of the server', () => {
  expect(harness.failures).toEqual([]);
});
