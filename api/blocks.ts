import type { Context } from './context';
import { sql } from './sql';

export interface BlockRow {
  chain_id: number;
  number: bigint;
  hash: Buffer;
  /** Seconds. */
  timestamp: bigint;
}

/** A block that holds logs of ours; null where there is none. */
export function blockAt(context: Context, chainId: number, number: bigint): Promise<BlockRow | null> {
  return context
    .loader<{ chainId: number; number: bigint }, BlockRow | null>(
      'block',
      async (keys) => {
        const rows = await context.snapshot.query<BlockRow>(sql`
          select b.chain_id, b.number, b.hash, b.timestamp
          from unnest(${keys.map((key) => key.chainId)}::integer[], ${keys.map((key) => key.number)}::bigint[])
            as k (chain_id, number)
          join block b on b.chain_id = k.chain_id and b.number = k.number`);
        const found = new Map(rows.map((row) => [`${row.chain_id}:${row.number}`, row]));
        return keys.map((key) => found.get(`${key.chainId}:${key.number}`) ?? null);
      },
      (key) => `${key.chainId}:${key.number}`,
    )
    .load({ chainId, number });
}
