import type { Context } from '../../context';
import { sql } from '../../sql';

const MAX_POS = 2n ** 63n - 1n;

/** The first position of the first block at or after that time; the highest position if there is none yet. */
export function positionAt(context: Context, chainId: number, timestamp: bigint): Promise<bigint> {
  return context
    .loader<{ chainId: number; timestamp: bigint }, bigint>(
      'position at a time',
      async (keys) => {
        const rows = await context.snapshot.query<{ pos: bigint | null }>(sql`
          select (
            select position_of(b.number, 0) from block b
            where b.chain_id = k.chain_id and b.timestamp >= k.timestamp
            order by b.timestamp, b.number
            limit 1
          ) as pos
          from unnest(
            ${keys.map((key) => key.chainId)}::integer[],
            ${keys.map((key) => key.timestamp)}::bigint[]
          ) with ordinality as k (chain_id, timestamp, ordinal)
          order by k.ordinal`);
        return rows.map(({ pos }) => pos ?? MAX_POS);
      },
      (key) => `${key.chainId}:${key.timestamp}`,
    )
    .load({ chainId, timestamp });
}
