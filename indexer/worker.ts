import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Queues } from '../db/queue';
import type { ChainConfig, NetworkFile } from '../schema/networkFile';
import { fetchJob } from './ranges/fetchJob';
import { fetchRange } from './ranges/fetchRange';
import { rangeWorker } from './ranges/rangeQueue';
import { ChainSource, type ChainSourceOptions } from './rpc/chainSource';
import type { BlockRange } from './store/blockRange';
import { readGenesis } from './store/checkpoint';
import { firstGap, writeFetchedSegment } from './store/segments';

export interface WorkerOptions {
  network: NetworkFile;
  pool: Pool;
  queues: Queues;
  log: Logger;
  /** How endpoints are asked. */
  rpc?: ChainSourceOptions;
}

/** Ranges that one process fetches of one chain at a time. */
const CONCURRENCY = 4;
const CLOSE_LIMIT_MS = 3_000;

/** Fetches ranges of history into segments. Any number of these may run, on any number of machines. */
export async function startWorker(options: WorkerOptions): Promise<{ close(): Promise<void> }> {
  const closers = options.network.chains.map((chain) => startChainWorker(chain, options));
  return {
    async close() {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

function startChainWorker(chain: ChainConfig, { pool, queues, log, rpc }: WorkerOptions): () => Promise<void> {
  const source = new ChainSource(chain, rpc);
  const addresses = [...new Set(chain.contracts.map(({ address }) => address))];
  const fetch = async (fromBlock: number, toBlock: number): Promise<BlockRange> => {
    const genesis = await readGenesis(pool, chain.chainId);
    if (genesis) source.expectGenesis(genesis);
    return fetchRange(source, addresses, fromBlock, toBlock);
  };
  const store = async (piece: BlockRange): Promise<boolean> => {
    const client = await pool.connect();
    try {
      // Refused where the chain is indexed for other contracts by now; whoever leads again with ours asks again.
      return await writeFetchedSegment(client, chain.chainId, chain.contracts, piece);
    } finally {
      client.release();
    }
  };
  const nodeAnswers = () =>
    source.tip().then(
      () => true,
      () => false,
    );
  const worker = rangeWorker(
    queues,
    chain,
    async (job) => {
      const gap = () => firstGap(pool, chain.chainId, job.data.fromBlock, job.data.toBlock);
      await fetchJob(job, { gap, fetch, store, nodeAnswers });
    },
    CONCURRENCY,
  );
  worker.on('failed', (job, error) => {
    const { fromBlock, toBlock, failure } = job?.data ?? {};
    const { attempts } = failure ?? {};
    log.warn({ chain: chain.chainId, fromBlock, toBlock, attempts, err: error.message }, 'range failed');
  });
  return async () => {
    const closed = worker.close();
    // A node that hangs must not hold up the rest of the program: its jobs fail now and are done again later.
    await Promise.race([closed, delay(CLOSE_LIMIT_MS, undefined, { ref: false })]);
    await source.close();
    await closed;
  };
}
