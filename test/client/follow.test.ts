import { WebSocket } from 'ws';
import { type Change, follow } from '../../client/follow';
import { FlywheelError, query } from '../../client/query';
import { address, type FakeChain, log, openFakeChain, word } from '../api/fakeChain';
import { type ApiHarness, openApi } from '../api/harness';
import { startCursor } from '../api/stream';
import { startTcpProxy } from '../run/tcpProxy';
import { until } from '../run/until';

const pool = log('RewardLedger', 'PoolCreated', { poolId: word(1), kind: 0n, subjectId: 1n, token: address(0) });
const reward = (beneficiary: number) =>
  log('RewardLedger', 'RewardAccrued', {
    poolId: word(1),
    beneficiary: address(beneficiary),
    ref: word(0),
    role: 0n,
    contributionId: 0n,
    amount: 5n,
    epoch: 1n,
  });
const rewards = 'subscription ($after: ChangeCursor) { rewards(after: $after) { cursor op id at { block { hash } } } }';

let harness: ApiHarness;
let chain: FakeChain;
beforeEach(async () => {
  harness = await openApi({ limits: { progressMs: 300 } });
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([[pool], [reward(7)]]);
});
afterEach(() => harness.close());

const url = () => `${harness.api.url}/graphql`;
const subscription = (document = rewards) => ({ url: url(), document, webSocket: WebSocket });

test('follows rewards across a restart of the server and a reorg: each change once, in order', async () => {
  const told: string[] = [];
  const stop = new AbortController();
  const network = await startTcpProxy(harness.api.url);
  const across = { ...subscription(), url: new URL('/graphql', network.url).href };
  const following = follow<Change>(across, {
    after: startCursor,
    signal: stop.signal,
    onChange: ({ op, id }) => {
      if (op !== 'PROGRESS') told.push(`${op} ${id}`);
    },
  });
  await until(() => told.length === 1);
  await harness.api.close();
  await chain.extend([[reward(8)], [reward(9)]]);
  await chain.reorg(1, [[reward(4)]]);
  await harness.start();
  network.lead(harness.api.url);
  await until(() => told.length === 5);
  expect(told).toEqual([
    'APPLY reward:31337:2-0',
    'APPLY reward:31337:3-0',
    'APPLY reward:31337:4-0',
    'RETRACT reward:31337:4-0',
    'APPLY reward:31337:4-0',
  ]);
  stop.abort();
  await following;
  await network.close();
});

test('ends with the error of a subscription that can never work', async () => {
  const wrong = follow<Change>(subscription(), { after: 'no cursor' });
  await expect(wrong).rejects.toMatchObject({ name: 'FlywheelError', code: 'BAD_USER_INPUT' });
});

test('hands on what the caller throws', async () => {
  const failing = follow<Change>(subscription(), {
    after: startCursor,
    onChange() {
      throw new Error('my database is full');
    },
  });
  await expect(failing).rejects.toThrow('my database is full');
});

test('answers a question with its data, and an error with its code', async () => {
  const { rewards: page } = await query<{ rewards: { totalCount: number } }>(url(), '{ rewards { totalCount } }');
  expect(page.totalCount).toBe(1);
  await expect(query(url(), '{ rewards(first: -1) { totalCount } }')).rejects.toThrow(FlywheelError);
});
