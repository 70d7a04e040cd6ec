import type { Pool } from 'pg';
import { openPool } from '../db/pool';
import { openQueues, type Queues } from '../db/queue';
import { startDocumentWorker } from '../indexer/documents/worker';
import { startIndexer } from '../indexer/indexer';
import { startWorker } from '../indexer/worker';
import { AppError, messageOf } from '../schema/appError';
import type { NetworkFile } from '../schema/networkFile';
import { brokenConnection, type Program } from './lifecycle';

/** What indexing parts share in one process. */
export interface Store {
  databaseUrl: string;
  pool: Pool;
  queues: Queues;
}

/** `prepare` brings the schema to where it must be before anything else touches the database. */
export async function openStore(
  program: Program,
  databaseUrl: string,
  prepare: (pool: Pool) => Promise<unknown>,
): Promise<Store> {
  const { environment } = program;
  const pool = openPool(databaseUrl, {
    applicationName: 'flywheel-indexer',
    max: 16,
    onError: brokenConnection(program),
  });
  program.own('database', { close: () => pool.end() });
  await prepare(pool);
  const queues = await openQueues({
    databaseUrl,
    redisUrl: environment.redisUrl,
    onError: brokenConnection(program),
  }).catch((cause) => {
    throw new AppError('CONFIG', messageOf(cause), { cause });
  });
  return { databaseUrl, pool, queues: program.own('queues', queues) };
}

export async function openIndexer(program: Program, store: Store, network: NetworkFile): Promise<void> {
  const { changesRetentionMs } = program.environment;
  program.own('indexer', await startIndexer({ ...store, network, changesRetentionMs, log: program.log }));
}

/** Fetches ranges, documents and token data: the parts of which any number may run. */
export async function openWorkers(program: Program, { pool, queues }: Store, network: NetworkFile): Promise<void> {
  const { environment, log } = program;
  program.own('range worker', await startWorker({ network, pool, queues, log }));
  const { ipfsGateway } = environment;
  program.own('document worker', startDocumentWorker({ network, pool, queues, ipfsGateway, log }));
}

export function requireNetwork({ environment }: Program): string {
  if (environment.networks) return environment.networks;
  throw new AppError('CONFIG', 'NETWORKS is not set: this part needs the path of a network file.');
}
