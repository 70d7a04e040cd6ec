import pino from 'pino';
import { openQueues } from '../../db/queue';
import { startIndexer } from '../../indexer/indexer';
import { fetchRange } from '../../indexer/ranges/fetchRange';
import { ChainSource } from '../../indexer/rpc/chainSource';
import type { BlockRange } from '../../indexer/store/blockRange';
import { writeFetchedSegment } from '../../indexer/store/segments';
import { startWorker } from '../../indexer/worker';
import { ContractSet } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, sendJson, startFakeNode } from '../chain/fakeNode';
import { playSome } from '../chain/playSome';
import { createDatabase } from '../run/database';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectSurvived, type Watch } from './survives';
import { watchIndex } from './watchAnswers';

/** Ranges that are stored and not applied yet, while their blocks can still be removed. */
let chain: FakeChain;
let node: FakeNode;
let index: RunningIndex;
let watch: Watch | undefined;

const FINAL = 8;
const config = (further: Partial<ChainConfig> = {}) =>
  chain.config(node.url, { finality: { depth: FINAL }, maxLogsRange: 10, ...further });
const reachHead = () => index.reach(chain.chainId, chain.head);

beforeEach(async () => {
  chain = createFakeChain();
  playSome(chain, 'before', 60);
  node = await startFakeNode(chain);
});
afterEach(async () => {
  await watch?.end().catch(() => undefined);
  watch = undefined;
  await index?.close();
  index = undefined as never;
  await node.close();
});

/** Indexes all there is, and stops. Returns the newest block. */
async function stopAtHead(chainConfig: ChainConfig): Promise<number> {
  index = await startIndex([chainConfig]);
  await reachHead();
  await index.stop();
  return chain.head.number;
}

/** No logs can be had, so jobs wait. Returns how often they were asked for. */
function refuseLogs(): () => number {
  let refused = 0;
  node.lie = (requests) => {
    if (!requests.some(({ method }) => method === 'eth_getLogs')) return undefined;
    refused++;
    return (_requests, _honest, response) => sendJson(response, { error: 'busy' }, 503);
  };
  return () => refused;
}

/** A range as a worker leaves it whose node, wrongly, called it final. */
async function storeAhead(fromBlock: number, toBlock: number): Promise<void> {
  for (let next = fromBlock; next <= toBlock; ) {
    const piece = await fetched(next, toBlock);
    await store(piece);
    next = piece.toBlock + 1;
  }
}

async function fetched(fromBlock: number, toBlock: number): Promise<BlockRange> {
  const source = new ChainSource(config());
  const { addresses } = new ContractSet(config().contracts, profiles);
  return fetchRange(source, addresses, fromBlock, toBlock).finally(() => source.close());
}

async function store(range: BlockRange): Promise<void> {
  const client = await index.database.pool.connect();
  expect(await writeFetchedSegment(client, chain.chainId, config().contracts, range)).toBe(true);
  client.release();
}

async function status(pool = index.database.pool) {
  const { rows } = await pool.query<{ indexed: number; verified: number; error: string | null }>(
    'select indexed_number::int as indexed, verified_to::int as verified, error from chain',
  );
  return rows[0] as (typeof rows)[number];
}

it('a range of a fork that was left since is not applied as final', async () => {
  const top = await stopAtHead(config());
  playSome(chain, 'left', 6);
  await storeAhead(top + 1, top + 6);
  chain.rewindTo(top + 2);
  playSome(chain, 'stays', 30);
  await index.start();
  watch = await watchIndex(index.database);
  await reachHead();
  await watch.end();
  await expectSurvived(index.database, config(), node.url);
});

it('a range that reaches above what is final is not applied as final, and a fork inside it is followed', async () => {
  const top = await stopAtHead(config());
  playSome(chain, 'final', 2);
  for (let i = 0; i <= FINAL; i++) chain.mine([]);
  await storeAhead(top + 1, chain.head.number);
  await index.start();
  watch = await watchIndex(index.database);
  await reachHead();
  chain.rewindTo(chain.head.number - 4);
  playSome(chain, 'another half', 6);
  await reachHead();
  await watch.end();
  const { rows } = await index.database.pool.query('select finalized_number::int as finalized from chain');
  expect(rows[0]).toEqual({ finalized: chain.head.number - FINAL });
  await expectSurvived(index.database, config(), node.url);
});

it('a range that comes late, of a fork that was left, inside what is applied, is not kept', async () => {
  const top = await stopAtHead(config());
  playSome(chain, 'left', 6);
  const late = await fetched(top + 2, top + 5);
  chain.rewindTo(top + 1);
  playSome(chain, 'stays', 6);
  await index.start();
  watch = await watchIndex(index.database);
  await reachHead();
  await store(late);
  for (let i = 0; i <= FINAL; i++) chain.mine([]);
  await reachHead();
  await until(async () => (await status()).verified === chain.head.number);
  expect(await status()).toMatchObject({ error: null });
  await watch.end();
  await expectSurvived(index.database, config(), node.url);
});

it('a range that reaches above what was final at first is applied once that is final', async () => {
  const finality = { tag: 'finalized' as const };
  node.tags = { finalized: 3 };
  const top = await stopAtHead(config({ finality }));
  playSome(chain, 'half of it final', 6);
  const stored = await fetched(top + 1, top + 6);
  expect(stored.toBlock).toBe(top + 6);
  const refusals = refuseLogs();
  await index.start();
  await until(() => refusals() > 0);
  node.tags = { finalized: 0 };
  await store(stored);
  await reachHead();
  node.lie = () => undefined;
  await expectSurvived(index.database, config({ finality }), node.url);
});

it('a stored range whose end the node lacks is kept, and waits', async () => {
  const top = await stopAtHead(config());
  playSome(chain, 'stored', 6);
  await storeAhead(top + 1, top + 6);
  playSome(chain, 'later', 30);
  node.lie = (requests) =>
    requests.some(({ params }) => Number(params[0]) === top + 6)
      ? (_requests, honest, response) => {
          const answers = honest.map((answer) => ({ ...answer, result: null }));
          sendJson(response, answers.length === 1 ? answers[0] : answers);
        }
      : undefined;
  await index.start();
  await until(async () => (await status()).error?.includes(`has no block ${top + 6}`) === true);
  const { rows } = await index.database.pool.query('select max(to_block)::int as stored from segment');
  expect(rows[0].stored).toBeGreaterThanOrEqual(top + 6);
  node.lie = () => undefined;
  await reachHead();
  await expectSurvived(index.database, config(), node.url);
});

it('a first block that moves into ranges that wait to be fetched is where the chain begins', async () => {
  const refusals = refuseLogs();
  index = await startIndex([config()]);
  await until(() => refusals() > 2);
  await index.stop();
  const { database } = index;
  node.lie = () => undefined;
  index = await startIndex([config({ startBlock: 5 })], database);
  watch = await watchIndex(database);
  await reachHead();
  await watch.end();
  await expectSurvived(database, config({ startBlock: 5 }), node.url);
});

it('ranges of a worker whose endpoint is on a fork hold up nothing', async () => {
  const fork = createFakeChain();
  const shared = 20;
  fork.restore(chain.blocks.slice(1, shared + 1));
  for (let i = shared; i < chain.head.number; i++) fork.mine([], fork.head.timestamp + 3);
  const liar = await startFakeNode(fork);
  const database = await createDatabase();
  const log = pino({ level: 'silent' });
  const queues = await openQueues({ databaseUrl: database.url });
  const { pool, url: databaseUrl } = database;
  const network = (rpc: string[]) => ({ chains: [config({ rpc })] });
  const worker = await startWorker({ network: network([liar.url, node.url]), pool, queues, log });
  const indexer = await startIndexer({ network: network([node.url]), pool, databaseUrl, queues, log });
  try {
    await until(async () => (await status(pool)).indexed === chain.head.number);
    await expectSurvived(database, config(), node.url);
  } finally {
    await indexer.close();
    await worker.close();
    await queues.close();
    await database.close();
    await liar.close();
  }
});
