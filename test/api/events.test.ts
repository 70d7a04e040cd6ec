import { address, type FakeChain, log, openFakeChain, word } from './fakeChain';
import { type ApiHarness, openApi } from './harness';

let harness: ApiHarness;
let one: FakeChain;
let two: FakeChain;

const created = (datanetId: bigint, owner: number) =>
  log('DatanetRegistry', 'DatanetCreated', {
    datanetId,
    owner: address(owner),
    transactionId: word(1),
    dataType: 0n,
    metadataHash: word(2),
    metadataURI: 'a "quoted"\u0000 name',
  });
const transfer = (from: number, to: number, value: bigint) =>
  log('OpenToken', 'Transfer', { from: address(from), to: address(to), value });

interface Page {
  nodes: { id: string }[];
  edges: { cursor: string }[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}
async function list(args: string): Promise<Page> {
  const { data, errors } = await harness.ask(
    `{ events${args && `(${args})`} {
      nodes { id } edges { cursor } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    } }`,
  );
  expect(errors).toBeUndefined();
  return data?.['events'] as Page;
}
const ids = ({ nodes }: Page) => nodes.map(({ id }) => id.replace('event:', ''));

beforeAll(async () => {
  harness = await openApi();
  // Chain 2 began five seconds after chain 1: their blocks take turns.
  one = await openFakeChain(harness.database.pool, 1, 1_700_000_000);
  two = await openFakeChain(harness.database.pool, 2, 1_700_000_005);
  await one.extend([[created(1n, 7), transfer(7, 8, 5n)], [transfer(8, 9, 2n ** 256n - 1n)], []]);
  await two.extend([[created(1n, 8)], [transfer(9, 7, 1n)], [created(2n, 9)]]);
});
afterAll(() => harness.close());

const newestFirst = ['2:3-0', '2:2-0', '1:2-0', '2:1-0', '1:1-1', '1:1-0'];

test('several chains are one list by time, read in pages from either end', async () => {
  expect(ids(await list(''))).toEqual(newestFirst);
  const walked: string[] = [];
  let after = '';
  for (;;) {
    const page = await list(`first: 2${after}`);
    walked.push(...ids(page));
    expect(page.totalCount).toBe(6);
    expect(page.pageInfo.hasPreviousPage).toBe(after !== '');
    if (!page.pageInfo.hasNextPage) break;
    after = `, after: "${page.pageInfo.endCursor}"`;
  }
  expect(walked).toEqual(newestFirst);
  const last = await list('last: 2');
  expect(ids(last)).toEqual(newestFirst.slice(4));
  expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const before = await list(`last: 2, before: "${last.pageInfo.startCursor}"`);
  expect(ids(before)).toEqual(newestFirst.slice(2, 4));
  expect(before.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
});

test('an empty page still says where it was read', async () => {
  const { data } = await harness.ask(
    '{ events(first: 0) { nodes { id } pageInfo { hasNextPage startCursor changeCursor } } }',
  );
  expect(data?.['events']).toEqual({
    nodes: [],
    pageInfo: { hasNextPage: true, startCursor: null, changeCursor: expect.stringMatching(/^[\w-]{18}$/) },
  });
});

test.each([
  ['where: { chainId: { eq: 1 } }', ['1:2-0', '1:1-1', '1:1-0']],
  ['where: { chainId: { in: [2, 3] }, name: { eq: "Transfer" } }', ['2:2-0']],
  ['where: { name: { in: ["DatanetCreated", "nothing"] } }', ['2:3-0', '2:1-0', '1:1-0']],
  ['where: { name: { in: [] } }', []],
  ['where: { account: { eq: "0x0000000000000000000000000000000000000008" } }', ['1:2-0', '2:1-0', '1:1-1']],
  [`where: { account: { in: ["${address(7)}", "${address(9)}"] }, block: { gte: 2 } }`, ['2:3-0', '2:2-0', '1:2-0']],
  [`where: { account: { eq: "${address(7)}" }, subject: "account:${address(8)}" }`, ['1:1-1']],
  // An event names several accounts: one that eq says, and one of those in `in`.
  [`where: { account: { eq: "${address(7)}", in: ["${address(8)}", "${address(9)}"] } }`, ['2:2-0', '1:1-1']],
  [`where: { account: { eq: "${address(7)}", in: [] } }`, []],
  ['where: { subject: "datanet:2:1" }', ['2:1-0']],
  ['where: { subject: "token:1:native" }', []],
  ['where: { block: { eq: 1 } }', ['2:1-0', '1:1-1', '1:1-0']],
  ['where: { block: { in: [2, 3] }, chainId: { eq: 2 } }', ['2:3-0', '2:2-0']],
  [`where: { contract: { eq: "${address(1)}" } }`, []],
])('events(%s)', async (args, expected) => {
  const page = await list(args);
  expect(ids(page)).toEqual(expected);
  expect(page.totalCount).toBe(expected.length);
});

test('shows arguments as the contract says and the ids of what they name', async () => {
  const { data } = await harness.ask(
    `{ nodes(ids: ["event:1:1-0", "event:1:2-0", "event:1:9-0", "datanet:1:1"]) {
      __typename id ... on ChainEvent { name contract args { name type value } subjects at { logIndex timestamp } }
    } }`,
  );
  expect(data?.['nodes']).toEqual([
    {
      __typename: 'ChainEvent',
      id: 'event:1:1-0',
      name: 'DatanetCreated',
      contract: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      args: [
        { name: 'datanetId', type: 'uint256', value: '1' },
        { name: 'owner', type: 'address', value: address(7) },
        { name: 'transactionId', type: 'bytes32', value: word(1) },
        { name: 'dataType', type: 'uint8', value: '0' },
        { name: 'metadataHash', type: 'bytes32', value: word(2) },
        { name: 'metadataURI', type: 'string', value: expect.stringContaining('a "quoted"') },
      ],
      subjects: ['datanet:1:1', `account:${address(7)}`],
      at: { logIndex: 0, timestamp: '2023-11-14T22:13:30.000Z' },
    },
    expect.objectContaining({
      args: expect.arrayContaining([{ name: 'value', type: 'uint256', value: String(2n ** 256n - 1n) }]),
      subjects: [`account:${address(8)}`, `account:${address(9)}`],
    }),
    null,
    { __typename: 'Datanet', id: 'datanet:1:1' },
  ]);
});

test('structs and arrays are JSON with integers as strings', async () => {
  const input = (datanetId: bigint) => ({ datanetId, datanetVersion: 1n, weightPpm: 500_000n });
  const [block] = await two.extend([
    [
      log('ModelRegistry', 'TrainingRunRecorded', {
        runId: word(5),
        modelId: 1n,
        runner: address(3),
        configHash: word(6),
        evalHash: word(7),
        inputs: [input(2n ** 255n), input(2n)],
      }),
    ],
  ]);
  const { data } = await harness.ask(
    'query ($id: ID!) { node(id: $id) { ... on ChainEvent { args { name type value } subjects } } }',
    {
      id: `event:2:${block?.number}-0`,
    },
  );
  const { args, subjects } = data!['node'] as { args: { name: string }[]; subjects: string[] };
  expect(args.find(({ name }) => name === 'inputs')).toEqual({
    name: 'inputs',
    type: '(uint256,uint64,uint32)[]',
    value: `[{"datanetId":"${2n ** 255n}","datanetVersion":"1","weightPpm":"500000"},{"datanetId":"2","datanetVersion":"1","weightPpm":"500000"}]`,
  });
  expect(subjects).toEqual(['model:2:1', `account:${address(3)}`, `datanet:2:${2n ** 255n}`, 'datanet:2:2']);
});

test('a cursor whose block a reorg removed is stale; garbage and the cursor of another list are not cursors', async () => {
  const { pageInfo } = await list('first: 1');
  await two.reorg(1, [[created(3n, 3)]]);
  const stale = await harness.ask('query ($after: Cursor) { events(after: $after) { totalCount } }', {
    after: pageInfo.startCursor,
  });
  expect(stale.errors?.[0]?.extensions.code).toBe('CURSOR_STALE');
  const other = await harness.ask('query ($after: Cursor) { datanets(after: $after) { totalCount } }', {
    after: pageInfo.startCursor,
  });
  expect(other.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});
