import type { Pool } from 'pg';
import { openPool } from '../db/pool';
import type { Queues } from '../db/queue';
import { AppError, messageOf } from '../schema/appError';
import { brokenConnection, type Program } from './lifecycle';

/** What indexing parts share in one process. */
export interface Store {
  databaseUrl: string;
  pool: Pool;
  queues: Queues;
}

/**
 * @param prepare begins to bring the schema to where it must be before anything else touches the database; `done` when it
 * is there
 */
export async function openStore(
  program: Program,
  databaseUrl: string,
  prepare: (pool: Pool) => Promise<{ done: Promise<unknown> }>,
): Promise<Store> {
  const pool = openPool(databaseUrl, {
    applicationName: 'flywheel-indexer',
    max: 16,
    onError: brokenConnection(program),
  });
  program.own('database', { close: () => pool.end() });
  const { done } = await prepare(pool);
  // Queues have a schema of their own, so neither has to wait for the other.
  const opening = openOwnQueues(program, databaseUrl);
  program.own('queues', {
    close: () =>
      opening.then(
        (queues) => queues.close(),
        () => undefined,
      ),
  });
  const [queues] = await Promise.all([opening, done]);
  return { databaseUrl, pool, queues };
}

async function openOwnQueues(program: Program, databaseUrl: string): Promise<Queues> {
  // Loaded here, while the schema is prepared.
  const { openQueues } = await import('../db/queue.js');
  return openQueues({
    databaseUrl,
    redisUrl: program.environment.redisUrl,
    onError: brokenConnection(program),
  }).catch((cause) => {
    throw new AppError('CONFIG', messageOf(cause), { cause });
  });
}
