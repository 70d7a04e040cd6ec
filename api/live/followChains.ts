import type { Pool } from 'pg';
import { type ChainRow, readChains } from '../context';
import { databaseError } from '../snapshot';
import type { ChangeLog } from './changeLog';

/**
 * The state of each chain now, then again whenever its newest block or a mark of finality moved, or it stands still or
 * goes on. Blocks of one commit are one message.
 */
export async function* followChains(
  { pool, changes }: { pool: Pool; changes: ChangeLog },
  chainId: number | null,
  signal: AbortSignal,
): AsyncGenerator<ChainRow> {
  const seen = new Map<number, string>();
  try {
    while (!signal.aborted) {
      const waited = changes.wake(signal);
      for (const chain of await readChains((statement) => pool.query<ChainRow>(statement).then(({ rows }) => rows))) {
        if (chainId !== null && chain.chain_id !== chainId) continue;
        const state = stateOf(chain);
        if (seen.get(chain.chain_id) === state) continue;
        seen.set(chain.chain_id, state);
        yield chain;
      }
      await waited;
    }
  } catch (error) {
    throw databaseError(error);
  }
}

function stateOf({ indexed_hash, safe_hash, finalized_hash, error }: ChainRow): string {
  return [indexed_hash, safe_hash, finalized_hash].map((hash) => hash?.toString('hex')).join() + (error ?? '');
}
