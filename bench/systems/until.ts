import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { LastRow } from '../chain/benchChain';
import type { Child } from '../child';
import { loopTables } from '../loopTables/tables';
import { RUN_LIMIT_MS } from './system';

/** A look takes half a millisecond of two processes, which is time that what is measured doesn't have: 2 % of a core. */
const POLL_MS = 25;

/**
 * Polls until it is true, whatever system it is, so that none is seen to end sooner than another.
 * @throws Error if a process ends before, or the time is over
 */
export async function until(
  isDone: () => Promise<boolean>,
  children: readonly Child[],
  limitMs = RUN_LIMIT_MS,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isDone())) {
    for (const child of children) if (child.ended) throw new Error(`${child.name} ended before the chain was indexed`);
    if (performance.now() > end) throw new Error('the chain was not indexed when the time was over');
    await delay(POLL_MS);
  }
}

const INDEXES = loopTables.reduce((sum, { indexed }) => sum + indexed.length, 0);
const NO_SUCH_TABLE = '42P01';

/**
 * Whether the last event's row is committed and every secondary index of the loop's tables is there.
 * @param hasKey a condition on its key, of its block number $1, where the place alone is no key: looking through a whole
 *   table would hold up the system that writes it
 */
export async function holdsTheLastRow(
  client: Client,
  schema: string,
  last: LastRow,
  hasKey = 'true',
): Promise<boolean> {
  try {
    const { rows } = await client.query<{ there: boolean }>({
      name: 'last-row',
      text: `select exists (
          select from "${schema}"."${last.table}" where block_number = $1::integer and log_index = $2 and ${hasKey}
        ) as there`,
      values: [last.blockNumber, last.logIndex],
    });
    if (!rows[0]?.there) return false;
  } catch (error) {
    if ((error as { code?: string }).code === NO_SUCH_TABLE) return false;
    throw error;
  }
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::integer as n from pg_index i
     join pg_class t on t.oid = i.indrelid
     join pg_namespace s on s.oid = t.relnamespace
     where s.nspname = $1 and t.relname = any($2) and i.indisvalid and not i.indisprimary`,
    [schema, loopTables.map(({ name }) => name)],
  );
  return rows[0]!.n >= INDEXES;
}
