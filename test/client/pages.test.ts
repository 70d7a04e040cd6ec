import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Account,
  allRows,
  ask,
  FlywheelError,
  IndexStatus,
  type Page,
  pages,
  query,
  Rewards,
  type RewardsData,
  Search,
} from '../../client';
import { address, type FakeChain, log, openFakeChain, word } from '../api/fakeChain';
import { type ApiHarness, openApi } from '../api/harness';

const pool = log('RewardLedger', 'PoolCreated', { poolId: word(1), kind: 0n, subjectId: 1n, token: address(0) });
const reward = (amount: number) =>
  log('RewardLedger', 'RewardAccrued', {
    poolId: word(1),
    beneficiary: address(7),
    ref: word(0),
    role: 0n,
    contributionId: 0n,
    amount: BigInt(amount),
    epoch: 1n,
  });

let harness: ApiHarness;
let chain: FakeChain;
beforeEach(async () => {
  harness = await openApi();
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([[pool], [reward(1), reward(2)], [reward(3), reward(4)], [reward(5)]]);
});
afterEach(() => harness.close());

const url = () => `${harness.api.url}/graphql`;
type Row = NonNullable<RewardsData['rewards']>['nodes'][number];
const amounts = (rows: readonly Row[]) => rows.map(({ amount }) => Number(amount.amount));
const walk = (more: object = {}) => ({
  url: url(),
  document: Rewards,
  variables: { first: 2 },
  list: ({ rewards }: RewardsData) => rewards,
  ...more,
});

/** The API behind a server that does something before each request. */
async function standBetween(before: () => Promise<void>): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    await before();
    const answer = await fetch(url(), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

test('a walk gives every row of one block once, whatever comes meanwhile', async () => {
  const found: Page<Row>[] = [];
  const ascending = { field: 'AMOUNT', direction: 'ASC', token: 'token:31337:native' } as const;
  for await (const page of pages(walk({ variables: { first: 2, orderBy: ascending } }))) {
    found.push(page);
    await chain.extend([[reward(10), reward(11)]]);
  }
  expect(found.map(({ rows }) => amounts(rows))).toEqual([[1, 2], [3, 4], [5]]);
  expect(found.map(({ block, walk }) => [block.number, walk])).toEqual([
    [4, 0],
    [4, 0],
    [4, 0],
  ]);
});

test('a reorg of the block begins the walk anew, as of a block that is there', async () => {
  const found: Page<Row>[] = [];
  for await (const page of pages(walk())) {
    found.push(page);
    if (found.length === 1) await chain.reorg(1, [[reward(6)]]);
  }
  expect(found.map(({ rows, walk }) => [walk, ...amounts(rows)])).toEqual([
    [0, 5, 4],
    [1, 6, 4],
    [1, 3, 2],
    [1, 1],
  ]);
});

test('all rows are those of the last walk alone', async () => {
  const before = await allRows(walk());
  expect(amounts(before.rows)).toEqual([5, 4, 3, 2, 1]);
  expect(before.block).toMatchObject({ chainId: 31337, number: 4 });
  let asked = 0;
  const server = await standBetween(async () => {
    if (++asked === 3) await chain.reorg(1, [[reward(6)]]);
  });
  const { rows } = await allRows(walk({ url: server.url }));
  await server.close();
  expect(amounts(rows)).toEqual([6, 4, 3, 2, 1]);
});

test('reorgs without end end the walk', async () => {
  const walking = (async () => {
    for await (const page of pages(walk({ mostRestarts: 2 }))) await chain.reorg(1, [[reward(20 + page.walk)]]);
  })();
  await expect(walking).rejects.toMatchObject({ name: 'FlywheelError', code: 'CURSOR_STALE' });
});

test('a walk as of a block that is given has nothing that came later, and ends when a reorg removes the block', async () => {
  const { block } = await allRows(walk());
  await chain.extend([[reward(6)]]);
  expect(amounts((await allRows(walk({ at: block }))).rows)).toEqual([5, 4, 3, 2, 1]);
  await chain.reorg(2, [[reward(7)], [reward(8)]]);
  await expect(allRows(walk({ at: block }))).rejects.toMatchObject({ code: 'CURSOR_STALE' });
});

test('a list that is not there is empty, a chain that is not there an error', async () => {
  const nobody = await allRows(walk({ list: () => null }));
  expect(nobody.rows).toEqual([]);
  await expect(allRows(walk({ chainId: 5 }))).rejects.toMatchObject({ code: 'BAD_USER_INPUT', argument: 'chainId' });
});

test('an error is a value with its code and argument', async () => {
  const answer = await ask(url(), Rewards, { first: -1 });
  expect(answer).toEqual({ ok: false, error: expect.any(FlywheelError) });
  if (!answer.ok) expect(answer.error).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
  const unread = await ask(url(), '{ rewards {');
  if (!unread.ok) expect(unread.error.code).toBe('GRAPHQL_PARSE_FAILED');
  expect(unread.ok).toBe(false);
});

test('what answers in words that are not the API’s is an error too', async () => {
  const gateway = createServer((_, response) => response.end('<html>Back soon</html>'));
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const { port } = gateway.address() as AddressInfo;
  const answer = await ask(`http://127.0.0.1:${port}/graphql`, Rewards, {});
  gateway.closeAllConnections();
  await new Promise((resolve) => gateway.close(resolve));
  expect(answer).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
});

test('every document is answered', async () => {
  const { indexStatus } = await query(url(), IndexStatus);
  expect(indexStatus.chains.map(({ chainId, indexed }) => [chainId, indexed?.number])).toEqual([[31337, 4]]);
  const { account } = await query(url(), Account, { address: address(7) });
  expect(account?.rewardTotals.claimable.map(({ amount }) => amount)).toEqual(['15']);
  const { search } = await query(url(), Search, { text: address(7) });
  expect(search).toMatchObject([{ __typename: 'Account', id: `account:${address(7)}` }]);
});
