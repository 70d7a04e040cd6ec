import type { Pool } from 'pg';
import { openPool } from '../db/pool';
import { openQueues, type Queues } from '../db/queue';
import { AppError, messageOf } from '../schema/appError';
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
