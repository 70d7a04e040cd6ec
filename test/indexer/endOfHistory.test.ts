import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, type FakeRequest, sendJson, startFakeNode } from '../chain/fakeNode';
import { blank } from '../oracle/pretend';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectSurvived, type Watch, watchSnapshots } from './survives';

/**
 * A first history long enough for its indexes to wait, and the blocks near the head that follow it. Blocks 1 to 12 hold
 * events, the last three of them above what is final.
 */
let chain: FakeChain;
let node: FakeNode;
let index: RunningIndex;
let watch: Watch | undefined;
/** Answers about receipts wait for it. */
let release: (() => void) | undefined;
let letCommit: (() => Promise<void>) | undefined;

/** With block 0 as many as a node is asked for first, so that history is one commit. */
const FINAL = 9;
const EVENTS = 580;

beforeAll(() => {
  chain = createFakeChain();
  for (let block = 1; block <= FINAL; block++) chain.mine([bonds(block, EVENTS)]);
});
beforeEach(async () => {
  chain.rewindTo(FINAL);
  for (let block = 0; block < 3; block++) chain.mine([bonds(block, 20)]);
  node = await startFakeNode(chain);
});
afterEach(async () => {
  release?.();
  await letCommit?.();
  release = undefined;
  await watch?.end();
  watch = undefined;
  await index.close();
  await node.close();
});

const bonds = (seed: number, events: number) =>
  Array.from({ length: events }, (_, i) => blank('BondChanged', { newBalance: BigInt(seed * EVENTS + i) }));
const config = () => chain.config(node.url, { finality: { depth: 3 }, maxLogsRange: 100 });
const survived = () => expectSurvived(index.database, config(), node.url);

async function start(database?: TestDatabase): Promise<void> {
  index = await startIndex([config()], database);
  watch = watchSnapshots(index.database.pool);
}

/** Starts it where every commit waits, at its last statement, for letCommit. */
async function startWithoutCommits(): Promise<void> {
  const database = await createDatabase();
  const blocker = await database.pool.connect();
  await blocker.query('begin');
  await blocker.query('select from change_position for update');
  letCommit = async () => {
    letCommit = undefined;
    await blocker.query('rollback');
    blocker.release();
  };
  await start(database);
}

const asksReceipts = (requests: readonly FakeRequest[]) =>
  requests.some(({ method }) => method === 'eth_getBlockReceipts');

/** Holds up what is said of receipts until `release`. */
function holdReceipts(): { readonly asked: boolean } {
  let asked = false;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  node.lie = (requests) => {
    if (!asksReceipts(requests)) return undefined;
    asked = true;
    return (_, honest, response) => {
      void released.then(() => sendJson(response, honest.length === 1 ? honest[0] : honest));
    };
  };
  return {
    get asked() {
      return asked;
    },
  };
}

async function standing(): Promise<{ indexed: number; waiting: number; off: number }> {
  const { rows } = await index.database.pool.query<{ indexed: number; waiting: number; off: number }>(
    `select coalesce(max(indexed_number), -1)::integer as indexed,
       (select count(*) from deferred_index)::integer as waiting,
       (select count(*) from pg_class where reloptions::text like '%autovacuum_enabled%')::integer as off
     from chain`,
  );
  return rows[0] as { indexed: number; waiting: number; off: number };
}

const isDone = async () => {
  const { indexed, waiting } = await standing();
  return indexed === chain.head.number && waiting === 0;
};

it('takes the blocks up to the head that it saw before it builds indexes', async () => {
  const receipts = holdReceipts();
  await start();
  await until(async () => receipts.asked && (await standing()).indexed === FINAL);
  const before = await standing();
  expect(before.waiting).toBeGreaterThan(30);
  expect(before.off).toBeGreaterThan(30);
  release?.();
  await until(async () => (await standing()).indexed === chain.head.number);
  await until(isDone);
  expect((await standing()).off).toBe(0);
  await survived();
});

it('fetches and proves the blocks near the head while history is written', async () => {
  const receipts = holdReceipts();
  await startWithoutCommits();
  await until(() => receipts.asked);
  expect((await standing()).indexed).toBe(-1);
  release?.();
  await letCommit?.();
  await until(isDone);
  await survived();
});

it('fetches and proves them as soon as nothing of history is left to fetch, whatever of it is still to be written', async () => {
  // More than a node is asked for first, so that history is two commits.
  for (let block = 0; block < 15; block++) chain.mine([bonds(200 + block, 20)]);
  const receipts = holdReceipts();
  await startWithoutCommits();
  await until(() => receipts.asked);
  expect((await standing()).indexed).toBe(-1);
  release?.();
  await letCommit?.();
  await until(isDone);
  const { rows } = await index.database.pool.query(
    'select count(*)::integer as commits from segment where from_block < $1',
    [chain.head.number - 2],
  );
  expect(rows[0].commits).toBeGreaterThan(1);
  await survived();
});

it('builds indexes although a block above them cannot be had', async () => {
  node.lie = (requests) =>
    asksReceipts(requests) ? (_, __, response) => sendJson(response, 'not today', 503) : undefined;
  await start();
  await until(async () => {
    const { indexed, waiting } = await standing();
    return indexed === FINAL && waiting === 0;
  });
  node.lie = () => undefined;
  await until(isDone);
  await survived();
});

it('applies no block that was fetched ahead and is gone when its turn comes', async () => {
  const receipts = holdReceipts();
  await startWithoutCommits();
  await until(() => receipts.asked);
  release?.();
  chain.rewindTo(FINAL);
  for (let block = 0; block < 3; block++) chain.mine([bonds(100 + block, 30)]);
  await letCommit?.();
  await until(isDone);
  const { rows } = await index.database.pool.query('select reorgs from chain');
  expect(rows[0]).toEqual({ reorgs: 0 });
  await survived();
});
