import { blockOf, logIndexOf, positionOf } from '../../schema/position';
import { address, type FakeChain, log, openFakeChain, word } from './fakeChain';
import { type ApiHarness, openApi } from './harness';

/** An event of the chain as a filter sees it. */
interface Known {
  pos: bigint;
  name: string;
  contract: string;
  accounts: string[];
  datanet?: string;
}

const LONELY = 500;
let harness: ApiHarness;
let chain: FakeChain;
const all: Known[] = [];
let block = 0;

/** A commit of blocks with so many logs each: transfers among a few accounts, now and then something rare. */
async function commit(...sizes: number[]): Promise<void> {
  const blocks = sizes.map((size) => {
    block++;
    return Array.from({ length: size }, (_, logIndex) => {
      const n = all.length;
      const pos = positionOf(block, logIndex);
      const [from, to] = [address(10 + (n % 2)), address(20 + (n % 7))];
      if (n % 41 === 7) {
        const datanetId = BigInt(1 + (n % 3));
        all.push({
          pos,
          name: 'DatanetCreated',
          contract: chain.addressOf('DatanetRegistry'),
          accounts: [from],
          datanet: `datanet:31337:${datanetId}`,
        });
        return log('DatanetRegistry', 'DatanetCreated', {
          datanetId,
          owner: from,
          transactionId: word(1),
          dataType: 0n,
          metadataHash: word(2),
          metadataURI: '',
        });
      }
      const lonely = address(1_000 + n);
      const accounts = n < LONELY ? [from, lonely] : [from, to];
      all.push({ pos, name: 'Transfer', contract: chain.addressOf('OpenToken'), accounts });
      return log('OpenToken', 'Transfer', { from, to: accounts[1], value: BigInt(n) });
    });
  });
  await chain.extend(blocks);
}

beforeAll(async () => {
  harness = await openApi();
  chain = await openFakeChain(harness.database.pool);
  // Rows that one block fills, that several share, and short ones of blocks near the head.
  await commit(260, 1, 0, 120);
  await commit(90, 90, 90);
  for (let i = 0; i < 12; i++) await commit(3);
  await harness.database.pool.query('analyze');
});
afterAll(() => harness.close());

interface Page {
  nodes: { id: string }[];
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}
async function page(args: string): Promise<Page> {
  const { data, errors } = await harness.ask(`{
    events(${args}) { nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
  }`);
  expect(errors).toBeUndefined();
  return data?.['events'] as Page;
}
const idOf = ({ pos }: Known) => `event:31337:${blockOf(pos)}-${logIndexOf(pos)}`;

const isOf = (...accounts: number[]) => {
  const wanted = accounts.map(address);
  return (event: Known) => event.accounts.some((each) => wanted.includes(each));
};
const within = (from: number, to: number) => (event: Known) => blockOf(event.pos) >= from && blockOf(event.pos) <= to;
const named = (name: string) => (event: Known) => event.name === name;
const quoted = (accounts: number[]) => `[${accounts.map((n) => `"${address(n)}"`).join()}]`;
const lonely = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => 1_000 + from + i);

const filters: [title: string, where: () => string, tests: ((event: Known) => boolean)[]][] = [
  ['an account with many', () => `account: { eq: "${address(10)}" }`, [isOf(10)]],
  ['an account with one', () => `account: { eq: "${address(1_005)}" }`, [isOf(1_005)]],
  ['an account with none', () => `account: { eq: "${address(9)}" }`, [isOf(9)]],
  ['a name with many', () => 'name: { eq: "Transfer" }', [named('Transfer')]],
  ['a name that nothing has', () => 'name: { eq: "Claimed" }', [() => false]],
  ['names', () => 'name: { in: ["DatanetCreated", "Claimed"] }', [named('DatanetCreated')]],
  [
    'a contract',
    () => `contract: { eq: "${chain.addressOf('OpenToken')}" }`,
    [({ contract }) => contract === chain.addressOf('OpenToken')],
  ],
  [
    'contracts',
    () => `contract: { in: ["${chain.addressOf('OpenToken')}", "${chain.addressOf('DatanetRegistry')}"] }`,
    [],
  ],
  ['several accounts, some of one event', () => `account: { in: ${quoted([20, 23, 10])} }`, [isOf(20, 23, 10)]],
  [
    'accounts too many to gather',
    () => `account: { in: ${quoted([...lonely(0, 500), 22])} }`,
    [isOf(...lonely(0, 500), 22)],
  ],
  ['a datanet', () => 'subject: "datanet:31337:2"', [({ datanet }) => datanet === 'datanet:31337:2']],
  [
    'blocks of an account',
    () => `account: { eq: "${address(11)}" }, block: { gte: 4, lt: 9 }`,
    [isOf(11), within(4, 8)],
  ],
  ['a block of an account', () => `account: { eq: "${address(11)}" }, block: { eq: 6 }`, [isOf(11), within(6, 6)]],
  [
    'blocks of several accounts',
    () => `account: { in: ${quoted([21, 22])} }, block: { gt: 4, lte: 9 }`,
    [isOf(21, 22), within(5, 9)],
  ],
  [
    'an account and a name',
    () => `account: { eq: "${address(10)}" }, name: { eq: "DatanetCreated" }`,
    [isOf(10), named('DatanetCreated')],
  ],
  [
    'two accounts of one event',
    () => `account: { eq: "${address(21)}" }, subject: "account:${address(10)}"`,
    [isOf(21), isOf(10)],
  ],
  [
    'an account of several, a subject, a name, a contract and blocks',
    () =>
      `account: { in: ${quoted([21, 24, 26])} }, subject: "account:${address(10)}", name: { in: ["Transfer"] },
        contract: { eq: "${chain.addressOf('OpenToken')}" }, block: { lt: 12 }`,
    [isOf(21, 24, 26), isOf(10), named('Transfer'), within(0, 11)],
  ],
];

describe('events found by what they have', () => {
  it.each(filters)('%s: page by page from either end, and counted', async (_, where, tests) => {
    const expected = all.filter((event) => tests.every((isWanted) => isWanted(event))).map(idOf);
    expected.reverse();
    const first = await page(`where: { ${where()} }`);
    expect(first.totalCount).toBe(expected.length);
    // From every place a page, but of long lists: then every now and then.
    for (const [way, cursor, size] of [
      ['first', 'after', 37],
      ['last', 'before', 100],
    ] as const) {
      const walked: string[] = [];
      for (let place = ''; ; ) {
        const { nodes, pageInfo } = await page(`where: { ${where()} }, ${way}: ${size}${place}`);
        walked.push(...(way === 'first' ? nodes : [...nodes].reverse()).map(({ id }) => id));
        const more = way === 'first' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
        expect(more).toBe(walked.length < expected.length);
        if (!more) break;
        place = `, ${cursor}: "${way === 'first' ? pageInfo.endCursor : pageInfo.startCursor}"`;
      }
      expect(walked).toEqual(way === 'first' ? expected : [...expected].reverse());
    }
  });

  it('several lists of one answer are each their own', async () => {
    const { data, errors } = await harness.ask(`{
      a: events(where: { account: { eq: "${address(1_001)}" } }) { totalCount nodes { id } }
      b: events(where: { account: { eq: "${address(1_002)}" } }) { totalCount nodes { id } }
      c: events(where: { account: { in: ["${address(1_003)}", "${address(1_004)}"] } }) { totalCount nodes { id } }
    }`);
    expect(errors).toBeUndefined();
    const of = (...accounts: number[]) => {
      const nodes = all.filter(isOf(...accounts)).map((event) => ({ id: idOf(event) }));
      return { totalCount: nodes.length, nodes: nodes.reverse() };
    };
    expect(data).toEqual({ a: of(1_001), b: of(1_002), c: of(1_003, 1_004) });
  });

  it('an account was last seen as of a block in the middle of a commit', async () => {
    for (const number of [1, 2, 5, 9]) {
      const { data } = await harness.ask(
        `{ account(address: "${address(10)}", asOf: { number: ${number} }) { lastSeen { eventId } } }`,
      );
      const last = all.findLast((event) => isOf(10)(event) && blockOf(event.pos) <= number) as Known;
      expect(data?.['account']).toEqual({ lastSeen: { eventId: idOf(last) } });
    }
  });
});
