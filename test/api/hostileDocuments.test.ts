import { type ApiHarness, openApi } from './harness';
import { overSocket } from './overSocket';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await openApi();
});
afterAll(() => harness.close());

interface Hostile {
  query: string;
  variables?: Record<string, unknown>;
  code: string;
}

const repeat = (n: number, text: (i: number) => string) => Array.from({ length: n }, (_, i) => text(i)).join(' ');
const TOO_COMPLEX = 'QUERY_TOO_COMPLEX';
const INVALID = 'GRAPHQL_VALIDATION_FAILED';

/** { contributions { nodes { datanet { contributions … */
const deep = (levels: number) =>
  `{ datanet(id: "datanet:1:1") ${'{ contributions { nodes { datanet '.repeat(levels)} { id } ${'} } }'.repeat(levels)} }`;

const nested = (levels: number) => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
};

const documents: Record<string, Hostile> = {
  '2,500 aliases': { query: `{ ${repeat(2_500, (i) => `a${i}: __typename`)} }`, code: TOO_COMPLEX },
  '300 aliases': { query: `{ ${repeat(300, (i) => `a${i}: indexStatus { synced }`)} }`, code: TOO_COMPLEX },
  'aliases that only fragments bring': {
    query: `{ ${repeat(60, () => '...f')} } fragment f on Query { ${repeat(5, (i) => `a${i}: __typename`)} }`,
    code: TOO_COMPLEX,
  },
  'the same field 2,400 times': { query: `{ ${repeat(2_400, () => '__typename')} }`, code: TOO_COMPLEX },
  'fragments that double each other': {
    query: `{ ...f0 } ${repeat(60, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)}
      fragment f60 on Query { indexStatus { synced } }`,
    code: TOO_COMPLEX,
  },
  'fragments that double each other and are not used': {
    query: `{ __typename } ${repeat(60, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)}
      fragment f60 on Query { indexStatus { synced } }`,
    code: TOO_COMPLEX,
  },
  'fragments in a circle': {
    query: '{ ...a } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { ...a __typename }',
    code: INVALID,
  },
  'a fragment in itself': {
    query: '{ indexStatus { ...a } } fragment a on IndexStatus { synced ...a }',
    code: INVALID,
  },
  '2,000 braces': { query: `${'{a'.repeat(2_000)}${'}'.repeat(2_000)}`, code: TOO_COMPLEX },
  '2,000 braces and nothing else': { query: '{'.repeat(2_000), code: TOO_COMPLEX },
  '4,000 brackets': {
    query: `{ nodes(ids: ${'['.repeat(2_000)}${']'.repeat(2_000)}) { id } }`,
    code: TOO_COMPLEX,
  },
  '200 brackets': { query: `{ nodes(ids: ${'['.repeat(100)}${']'.repeat(100)}) { id } }`, code: INVALID },
  '10,000 tokens': { query: `{ nodes(ids: [${repeat(10_000, () => '1')}]) { id } }`, code: TOO_COMPLEX },
  levels: { query: deep(7), code: TOO_COMPLEX },
  'levels that fragments hide': {
    query: `{ datanet(id: "datanet:1:1") { ...f0 } }
      ${repeat(8, (i) => `fragment f${i} on Datanet { contributions { nodes { datanet { ...f${i + 1} } } } }`)}
      fragment f8 on Datanet { id }`,
    code: TOO_COMPLEX,
  },
  'levels that inline fragments hide': {
    query: `{ node(id: "datanet:1:1") ${'{ ... on Datanet { contributions { nodes { datanet '.repeat(7)} { id } ${'} } } }'.repeat(7)} }`,
    code: TOO_COMPLEX,
  },
  'deep introspection': {
    query: `{ __schema { types { ${'fields { type { '.repeat(6)} name ${'} }'.repeat(6)} } } }`,
    code: INVALID,
  },
  'introspection ten times': {
    query: `{ ${repeat(10, (i) => `a${i}: __schema { types { name } }`)} }`,
    code: TOO_COMPLEX,
  },
  '60 directives': { query: `{ indexStatus { synced ${repeat(60, () => '@include(if: true)')} } }`, code: TOO_COMPLEX },
  '60 directives on an operation': { query: `query ${repeat(60, (i) => `@a${i}`)} { __typename }`, code: TOO_COMPLEX },
  'lists in lists in lists': {
    query: '{ datanets { nodes { contributions { nodes { influences { nodes { inference { id } } } } } } } }',
    code: TOO_COMPLEX,
  },
  'pages of a hundred in pages of a hundred': {
    query: '{ datanets(first: 100) { edges { node { contributions(first: 100) { edges { node { id } } } } } } }',
    code: TOO_COMPLEX,
  },
  'pages as long as variables say': {
    query: `query ($n: Int, $m: Int = 100) {
      datanets(first: $n) { nodes { contributions(first: $m) { nodes { id } } } } }`,
    variables: { n: 100 },
    code: TOO_COMPLEX,
  },
  'lists in lists through a fragment': {
    query: `{ datanets(last: 100) { nodes { ...f } } } fragment f on Datanet { ${repeat(40, (i) => `a${i}: models { nodes { id } }`)} }`,
    code: TOO_COMPLEX,
  },
  'a graph sixty times': {
    query: `{ ${repeat(60, (i) => `a${i}: attributionGraph(root: "datanet:1:1") { truncated }`)} }`,
    code: TOO_COMPLEX,
  },
  'variables 500 levels deep': {
    query: 'query ($id: ID!) { node(id: $id) { id } }',
    variables: { id: nested(500) },
    code: 'BAD_USER_INPUT',
  },
  'variables of another shape': {
    query: 'query ($where: EventFilter) { events(where: $where) { totalCount } }',
    variables: { where: [1, { b: 2 }] },
    code: 'BAD_USER_INPUT',
  },
};

const good = '{ indexStatus { synced } }';
const served = { indexStatus: { synced: false } };

describe.each(Object.entries(documents))('%s', (_, { query, variables, code }) => {
  test('is refused over HTTP, and the next query is served', async () => {
    const { status, errors, data } = await harness.ask(query, variables);
    expect({ status, code: errors?.[0]?.extensions.code, data }).toEqual({ status: 400, code, data: undefined });
    expect(JSON.stringify(errors)).not.toMatch(/stacktrace|node_modules|Maximum call stack/);
    expect(await harness.ask(good)).toEqual({ status: 200, data: served });
  });

  test('is refused over WebSocket, and the next query is served', async () => {
    const client = harness.socket();
    const { errors } = await overSocket(client, query, variables);
    expect(errors?.[0]?.extensions?.['code']).toBe(code);
    expect(JSON.stringify(errors)).not.toMatch(/stacktrace|node_modules|Maximum call stack/);
    expect(await overSocket(client, good)).toEqual({ data: served });
  });
});

test('what people ask is within bounds', async () => {
  const rewards = `{ rewards(first: 100) { nodes { id amount { amount token { symbol decimals } }
    beneficiary { address } backing { source amount } contribution { id datanet { name } }
    inference { id model { name } influences(first: 3) { totalCount nodes { weightPpm contribution { id } } } }
    accruedAt { block { number hash timestamp finality } transactionHash } } pageInfo { endCursor hasNextPage } } }`;
  expect((await harness.ask(rewards)).errors).toBeUndefined();
  const accounts = `{ accounts(first: 100) { edges { cursor node { address roles
    rewardTotals { accrued { amount token { id } } claimed { amount } reversed { amount } claimable { amount } } } } } }`;
  expect((await harness.ask(accounts)).errors).toBeUndefined();
});

test('a wrong document is told all that is wrong with it', async () => {
  const { errors } = await harness.ask('{ nothing another events(first: "a") { totalCount } }');
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual([INVALID, INVALID, INVALID]);
});
