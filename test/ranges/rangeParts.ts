import pino from 'pino';
import { openQueues, type Queues } from '../../db/queue';
import { startIndexer } from '../../indexer/indexer';
import { startWorker } from '../../indexer/worker';
import type { ChainConfig } from '../../schema/networkFile';
import type { RpcRequest } from '../chain/nodeProxy';
import type { TestDatabase } from '../run/database';

const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });

interface Part {
  close(): Promise<void>;
}

async function withQueues(
  database: TestDatabase,
  redisUrl: string | undefined,
  open: (queues: Queues) => Promise<Part>,
) {
  const queues = await openQueues({ databaseUrl: database.url, redisUrl });
  const part = await open(queues);
  return {
    async close() {
      await part.close();
      await queues.close();
    },
  };
}

/** An indexer as a process of its own would be: with its own queues, and without a worker. */
export function openIndexerPart(database: TestDatabase, chains: ChainConfig[], redisUrl?: string): Promise<Part> {
  return withQueues(database, redisUrl, (queues) =>
    startIndexer({ network: { chains }, pool: database.pool, databaseUrl: database.url, queues, log }),
  );
}

/** A worker as a process of its own would be. */
export function openWorkerPart(database: TestDatabase, chains: ChainConfig[], redisUrl?: string): Promise<Part> {
  return withQueues(database, redisUrl, (queues) =>
    startWorker({ network: { chains }, pool: database.pool, queues, log }),
  );
}

/** The blocks that a request asks the logs of by range; undefined for any other request. */
export function rangeAsked(requests: readonly RpcRequest[]): { fromBlock: number; toBlock: number } | undefined {
  const [filter] = (requests.find(({ method }) => method === 'eth_getLogs')?.params ?? []) as Record<string, string>[];
  if (!filter?.['fromBlock']) return undefined;
  return { fromBlock: Number(filter['fromBlock']), toBlock: Number(filter['toBlock']) };
}
