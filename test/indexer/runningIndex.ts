import pino from 'pino';
import { openQueues, type Queues } from '../../db/queue';
import type { Reach } from '../../indexer/documents/reach';
import { startDocumentWorker } from '../../indexer/documents/worker';
import { startIndexer } from '../../indexer/indexer';
import type { ChainSourceOptions } from '../../indexer/rpc/chainSource';
import { startWorker } from '../../indexer/worker';
import type { ChainConfig } from '../../schema/networkFile';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';

/** Tests reach for nothing outside: documents are those that their URI holds. */
const nowhere: Reach = {
  refusal: () => 'this test stays at home',
  resolve: async () => [],
  permits: () => false,
};

/** An indexer with its fetchers on a database of its own. */
export interface RunningIndex {
  database: TestDatabase;
  /** Waits until the chain is indexed up to this very block, and no index waits for the end of its history. */
  reach(chainId: number, block: { number: number; hash: string }): Promise<void>;
  /** Waits until every document and token that was asked for has its answer. */
  settle(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and drops the database. */
  close(): Promise<void>;
}

/** @param withDocuments whether documents and tokens are fetched, too, which `settle` waits for */
export async function startIndex(
  chains: ChainConfig[],
  database?: TestDatabase,
  rpc?: ChainSourceOptions,
  redisUrl?: string,
  withDocuments = true,
): Promise<RunningIndex> {
  const db = database ?? (await createDatabase());
  const log = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
  let running: { close(): Promise<void> } | undefined;

  const start = async () => {
    const queues: Queues = await openQueues({ databaseUrl: db.url, redisUrl });
    const network = { chains };
    const worker = await startWorker({ network, pool: db.pool, queues, log, rpc });
    const documents = withDocuments
      ? startDocumentWorker({ network, pool: db.pool, queues, log, reach: nowhere })
      : undefined;
    const indexer = await startIndexer({ network, pool: db.pool, databaseUrl: db.url, queues, log, rpc }).catch(
      async (error) => {
        await Promise.all([worker.close(), documents?.close()]);
        await queues.close();
        throw error;
      },
    );
    running = {
      async close() {
        await indexer.close();
        await worker.close();
        await documents?.close();
        await queues.close();
      },
    };
  };
  const stop = async () => {
    await running?.close();
    running = undefined;
  };

  await start();
  return {
    database: db,
    async reach(chainId, { number, hash }) {
      let last: unknown;
      const indexed = async () => {
        const { rows } = await db.pool.query<{
          number: bigint | null;
          hash: string;
          error: string | null;
          waiting: number;
        }>(
          `select indexed_number as number, '0x' || encode(indexed_hash, 'hex') as hash, error,
             (select count(*)::integer from deferred_index) as waiting
           from chain where chain_id = $1`,
          [chainId],
        );
        last = rows[0];
        return Number(rows[0]?.number ?? -1) === number && rows[0]?.hash === hash && rows[0].waiting === 0;
      };
      await until(indexed, { what: `block ${number} ${hash} indexed` }).catch((error: Error) => {
        throw new Error(
          `${error.message}; the chain is at ${String(JSON.stringify(last, (_, v) => (typeof v === 'bigint' ? String(v) : v)))}`,
        );
      });
    },
    async settle() {
      const pending = `select (select count(*) from document where state = 'pending')
        + (select count(*) from token where state = 'pending') as n`;
      await until(async () => (await db.pool.query<{ n: bigint }>(pending)).rows[0]?.n === 0n, {
        what: 'no pending',
      });
    },
    stop,
    start,
    async close() {
      await stop();
      await db.close();
    },
  };
}
