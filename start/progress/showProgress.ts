import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { messageOf } from '../../schema/appError';
import type { Closable, Program } from '../lifecycle';
import { ProgressReader } from './progressReader';
import { type ChainProgress, isDone } from './progressText';

const LOOK_MS = 150;
const CLOSE_LIMIT_MS = 1_000;

/**
 * Says how far history is until `isOver`. A database that doesn't answer for a while is no reason to end: what is said
 * then is old, as it is for everybody.
 */
export async function showProgressUntil(
  program: Program,
  pool: Pool,
  isOver: (chains: readonly ChainProgress[]) => Promise<boolean> | boolean,
): Promise<void> {
  const reader = new ProgressReader(pool);
  while (!program.ending) {
    try {
      const chains = await reader.read();
      if (await isOver(chains)) break;
      program.progress.show(chains);
    } catch (error) {
      program.log.debug({ err: messageOf(error) }, 'progress is not known');
    }
    await delay(LOOK_MS);
  }
  program.progress.end();
}

/** For a process that indexes beside others: shows history until every chain is at its head, once. */
export function showHistory(program: Program, pool: Pool): Closable {
  const shown = showProgressUntil(program, pool, (chains) => chains.length > 0 && chains.every(isDone));
  const said = shown.then(() => {
    if (!program.ending) program.log.info('History is indexed');
  });
  // A database that is gone must not hold up the end.
  return { close: () => Promise.race([said, delay(CLOSE_LIMIT_MS, undefined, { ref: false })]) };
}
