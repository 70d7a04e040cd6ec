import { openQueues } from '../../db/queue';
import { RangeQueue, rangeQueueName } from '../../indexer/ranges/rangeQueue';
import type { ChainConfig } from '../../schema/networkFile';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { playSome } from '../chain/playSome';
import { expectSurvived } from '../indexer/survives';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { openIndexerPart, openWorkerPart, rangeAsked } from './rangeParts';

/** Releases whose network files have other contracts run side by side for a while, each with its workers. */
let chain: FakeChain;
let nodes: [FakeNode, FakeNode];
let database: TestDatabase;
let parts: { close(): Promise<void> }[];
let current: ChainConfig;
let other: ChainConfig;

beforeEach(async () => {
  chain = createFakeChain();
  playSome(chain, 'history', 60);
  nodes = [await startFakeNode(chain), await startFakeNode(chain)];
  database = await createDatabase();
  parts = [];
  current = chain.config(nodes[0].url, { maxLogsRange: 5 });
  other = chain.config(nodes[1].url, { maxLogsRange: 5, contracts: current.contracts.slice(1) });
});
afterEach(async () => {
  for (const part of parts.reverse()) await part.close();
  for (const node of nodes) await node.close();
  await database.close();
});

it('a worker does not fetch what it may not store: the ranges of a release are for its own workers', async () => {
  let asked = 0;
  nodes[1].lie = (requests) => {
    if (rangeAsked(requests)) asked++;
    return undefined;
  };
  parts.push(await openWorkerPart(database, [other]));
  parts.push(await openIndexerPart(database, [current]));
  await until(async () => (await database.pool.query('select from bullmq.job')).rowCount !== 0);
  parts.push(await openWorkerPart(database, [current]));
  await until(async () => {
    const { rows } = await database.pool.query<{ hash: string }>(
      "select '0x' || encode(indexed_hash, 'hex') as hash from chain",
    );
    return rows[0]?.hash === chain.head.hash;
  });
  expect(asked).toBe(0);
  await parts[1]?.close();
  await expectSurvived(database, current, nodes[0].url);
});

it('a range that nobody wants any more, since the chain is indexed for other contracts by now, is let go of', async () => {
  parts.push(await openIndexerPart(database, [current]));
  const queues = await openQueues({ databaseUrl: database.url });
  parts.push(queues);
  await until(async () => (await database.pool.query('select from chain')).rowCount === 1);
  await new RangeQueue(queues, other).ensure([{ fromBlock: 0, toBlock: 4 }]);
  parts.push(await openWorkerPart(database, [other]));
  const queue = queues.queue(rangeQueueName(other));
  await until(async () => (await queue.getJobCountByTypes('waiting', 'active', 'delayed')) === 0);
});
