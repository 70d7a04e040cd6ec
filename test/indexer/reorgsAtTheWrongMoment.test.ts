import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, type FakeRequest, sendJson, startFakeNode } from '../chain/fakeNode';
import { randomHistory } from '../oracle/history';
import type { HistoryLog } from '../oracle/log';
import { blank } from '../oracle/pretend';
import { ANN, ASKED, BOB, CAT, POOL, receipt, type Told } from '../oracle/told';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectSurvived, type Watch } from './survives';
import { readTables } from './tables';
import { watchIndex } from './watchAnswers';

/** Forks between two calls, in the middle of a transaction, and a block at a time: on a chain that waits for its cue. */
let chain: FakeChain;
let node: FakeNode;
let index: RunningIndex;
let watch: Watch;

beforeEach(async () => {
  chain = createFakeChain();
  node = await startFakeNode(chain);
});
afterEach(async () => {
  await watch.end();
  await index.close();
  await node.close();
});

const config = () => chain.config(node.url, { finality: { depth: 40 }, maxLogsRange: 10 });
const reachHead = () => index.reach(chain.chainId, chain.head);
const survived = () => expectSurvived(index.database, config(), node.url);
const some = (seed: string, blocks: number) => {
  const { timestamp } = chain.head;
  return randomHistory(seed, { logs: 30 * blocks, timestamp }).slice(0, blocks);
};

async function start(): Promise<void> {
  index = await startIndex([config()]);
  watch = await watchIndex(index.database);
}

/** Does something once, right after the node has made up its answer to such a request and before it is sent. */
function once(when: (requests: readonly FakeRequest[]) => boolean, then: () => void): { readonly happened: boolean } {
  let happened = false;
  node.lie = (requests) => {
    if (happened || !when(requests)) return undefined;
    happened = true;
    then();
    return undefined;
  };
  return {
    get happened() {
      return happened;
    },
  };
}

const asksContent = (requests: readonly FakeRequest[]) =>
  requests.some(({ method }) => method === 'eth_getLogs' || method === 'eth_getBlockReceipts');
const asksBlock = (number: number) => (requests: readonly FakeRequest[]) =>
  requests.some(({ method, params }) => method === 'eth_getBlockByNumber' && Number(params[0]) === number);

it('the chain forks at the hand-over from history to live', async () => {
  chain.play(some('handover', 60));
  const fork = once(asksBlock(chain.head.number - 39), () => {
    chain.rewindTo(chain.head.number - 40);
    chain.play(some('after the hand-over', 45));
  });
  await start();
  await until(() => fork.happened);
  await reachHead();
  await survived();
});

it('the chain forks between the look at its end and the fetch of a block', async () => {
  chain.play(some('before', 50));
  await start();
  await reachHead();
  for (const depth of [1, 3, 7]) {
    const fork = once(asksContent, () => {
      chain.rewindTo(chain.head.number - depth);
      chain.play(some(`between ${depth}`, depth + 1));
    });
    chain.play(some(`live ${depth}`, 4));
    await until(() => fork.happened);
    await reachHead();
  }
  await survived();
});

it('the chain forks again between the search for the ancestor and the fetch of what follows it', async () => {
  chain.play(some('first', 50));
  await start();
  await reachHead();
  const top = chain.head.number;
  chain.rewindTo(top - 10);
  chain.play(some('second', 12));
  // Sixteen headers at a time: the search. What it finds is no ancestor any more when its answer arrives.
  const again = once(
    (requests) => requests.length > 10 && asksBlock(top - 10)(requests),
    () => {
      chain.rewindTo(top - 14);
      chain.play(some('third', 20));
    },
  );
  await until(() => again.happened);
  await reachHead();
  await survived();
});

it('the chain forks again, and back, while the transaction of the rewind runs', async () => {
  chain.play(some('first', 50));
  await start();
  await reachHead();
  const { pool } = index.database;
  const blocker = await pool.connect();
  try {
    await blocker.query('begin');
    await blocker.query('select from change_position for update');
    const first = chain.rewindTo(chain.head.number - 8);
    chain.play(some('second', 9));
    // The last statement of a commit takes the lock that we hold.
    await until(async () => {
      const { rows } = await pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
           and application_name like 'flywheel-indexer-%'`,
      );
      return rows.length === 1;
    });
    chain.rewindTo((first[0]?.number ?? 1) - 1);
    chain.restore(first);
    chain.play(some('on top of the first', 2));
    await blocker.query('rollback');
  } finally {
    blocker.release();
  }
  await reachHead();
  const { rows } = await pool.query('select reorgs from chain');
  expect(rows[0]).toEqual({ reorgs: 2 });
  await survived();
});

it('the chain goes from A to B and back to the very blocks of A', async () => {
  chain.play(some('before', 20));
  chain.play(some('a', 4));
  await start();
  await reachHead();
  const tables = await readTables(index.database.pool);
  for (const blocks of [3, 6]) {
    const a = chain.rewindTo(chain.head.number - 4);
    chain.play(some(`b ${blocks}`, blocks));
    await reachHead();
    chain.rewindTo(chain.head.number - blocks);
    chain.restore(a);
    // As long as the head is no new one, a node that went back to it may only lag.
    const [one] = chain.play([{ txs: [], timestamp: chain.head.timestamp + 1 }]);
    await index.reach(chain.chainId, one as { number: number; hash: string });
    expect(await readTables(index.database.pool)).toEqual(tables);
    chain.rewindTo(chain.head.number - 1);
  }
  chain.mine([]);
  await reachHead();
  await survived();
});

it('a block that a fork left behind is never called final, however far finality went meanwhile', async () => {
  chain.play(some('before', 50));
  await start();
  await reachHead();
  const { number, hash } = chain.head;
  const finalized = async () => {
    const { rows } = await index.database.pool.query<{ number: number }>(
      'select finalized_number::int as number from chain',
    );
    return rows[0]?.number;
  };
  const before = await finalized();
  // Ours is of the other fork, and the ranges that would show it can't be had.
  let refused = 0;
  node.lie = (requests) => {
    if (!requests.some(({ method, params }) => method === 'eth_getLogs' && 'toBlock' in (params[0] as object)))
      return undefined;
    refused++;
    return (_requests, _honest, response) => void response.destroy();
  };
  chain.rewindTo(number - 1);
  chain.play(some('meanwhile', 60));
  await until(() => refused > 0);
  await index.stop();
  expect(await finalized()).toBe(before);
  await index.start();
  const again = refused;
  await until(() => refused > again);
  node.lie = () => undefined;
  await reachHead();
  expect(chain.blocks[number]?.hash).not.toBe(hash);
  await survived();
});

it('a head that a node said too high for a while is not waited for', async () => {
  chain.play(some('before', 20));
  await start();
  await reachHead();
  let told = 0;
  node.lie = (requests) => {
    const place = requests.findIndex(({ params }) => params[0] === 'latest');
    if (told >= 6 || place < 0) return undefined;
    told++;
    return (_requests, honest, response) => {
      const answers = structuredClone(honest);
      Object.assign(answers[place]?.result as object, { number: '0xfff' });
      sendJson(response, answers);
    };
  };
  await until(() => told === 6);
  chain.rewindTo(chain.head.number - 3);
  chain.play(some('after', 5));
  await reachHead();
  await survived();
});

const [DATANET, MODEL, CONTRIBUTION] = [7n, 3n, 11n];
const influence = { inferenceId: ASKED, contributionId: CONTRIBUTION, datanetId: DATANET };
const reward = { poolId: POOL, ref: ASKED, contributionId: CONTRIBUTION, amount: 900n };

/** Every kind of derived row, and things that come before what they are about: a block each. */
const EVERY_KIND: Told[] = [
  ['PoolFunded', { poolId: POOL, source: 1n, amount: 1_000n }],
  ['RewardAccrued', { ...reward, beneficiary: ANN }],
  ['DatanetOwnershipTransferred', { datanetId: DATANET, newOwner: CAT }],
  ['ContributionFinalized', { contributionId: CONTRIBUTION, status: 1n, datanetVersion: 1n }],
  ['InfluenceRecorded', { ...influence, weightPpm: 400_000n }],
  ['DatanetCreated', { datanetId: DATANET, owner: ANN }],
  ['DatanetCreated', { datanetId: DATANET, owner: BOB }],
  ['DatanetOwnershipTransferred', { datanetId: DATANET, newOwner: BOB }],
  ['DatanetUpdated', { datanetId: DATANET, status: 1n }],
  ['CuratorSet', { datanetId: DATANET, curator: CAT, active: true }],
  ['CuratorSet', { datanetId: DATANET, curator: CAT, active: false }],
  ['ContributionSubmitted', { contributionId: CONTRIBUTION, datanetId: DATANET, contributor: ANN }],
  ['ContributionSubmitted', { contributionId: CONTRIBUTION + 1n, datanetId: DATANET, contributor: ANN }],
  ['ModelRegistered', { modelId: MODEL, builder: BOB }],
  ['PriceSet', { modelId: MODEL, per1kIn: 1n }],
  ['PriceSet', { modelId: MODEL, per1kIn: 2n }],
  ['InferenceSettled', { receipt: receipt({ inferenceId: ASKED, modelId: MODEL, user: CAT, fee: 5_000n }) }],
  ['FeeSplit', { inferenceId: ASKED, contributors: 3_000n }],
  ['FeeSplit', { inferenceId: ASKED, contributors: 4_000n }],
  ['InferenceRefunded', { inferenceId: ASKED, amount: 100n }],
  ['AttributionCommitted', { inferenceId: ASKED, leafCount: 1n }],
  ['InfluenceRecorded', { ...influence, weightPpm: 600_000n }],
  ['AttributionRevised', { inferenceId: ASKED }],
  ['InfluenceRecorded', { ...influence, weightPpm: 1_000_000n }],
  ['AttributionRevised', { inferenceId: ASKED }],
  ['PoolCreated', { poolId: POOL, kind: 0n, subjectId: DATANET }],
  ['PoolFunded', { poolId: POOL, source: 0n, amount: 3_000n }],
  ['RewardAccrued', { ...reward, beneficiary: ANN }],
  ['RewardClaimed', { poolId: POOL, beneficiary: ANN, amount: 50n }],
  ['RewardReversed', { poolId: POOL, beneficiary: ANN, amount: 20n }],
  ['DisputeOpened', { disputeId: 1n, contributionId: CONTRIBUTION, challenger: CAT }],
  ['DisputeResolved', { disputeId: 1n, upheld: true, beneficiary: CAT }],
  ['DisputeResolved', { disputeId: 1n, upheld: false }],
  ['BondChanged', { account: ANN, role: 0n, newBalance: 5n }],
  ['BondChanged', { account: ANN, role: 0n, newBalance: 9n }],
];

it('takes back every kind of row, a block at a time, and so many blocks at once', async () => {
  const story = EVERY_KIND.map(([event, args]): HistoryLog[][] => [[blank(event, args)]]);
  const random = randomHistory('kinds', { logs: 300 }).map(({ txs }) => txs);
  await start();
  const tables: Record<string, string[]>[] = [];
  for (const txs of [...random.slice(0, 4), ...story]) {
    chain.mine(txs);
    await reachHead();
    tables[chain.head.number] = await readTables(index.database.pool);
  }
  const last = chain.head.number;
  for (const number of Array.from({ length: story.length - 1 }, (_, i) => last - 1 - i)) {
    chain.rewindTo(number);
    chain.mine([]);
    await reachHead();
    expect([number, await readTables(index.database.pool)]).toEqual([number, tables[number]]);
  }
  for (const txs of story.slice(1)) chain.mine(txs);
  await reachHead();
  expect(Object.keys(tables[last] ?? {})).toEqual(Object.keys(await readTables(index.database.pool)));
  chain.rewindTo(last - story.length + 6);
  chain.mine([]);
  await reachHead();
  await survived();
});
