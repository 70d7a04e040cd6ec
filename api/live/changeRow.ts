import type { Pool } from 'pg';

export enum RowOp {
  APPLY = 1,
  RETRACT = 2,
  SAFE = 3,
  FINALIZED = 4,
}

/** A row of `change`: a block applied or retracted, or a mark moved. It holds the positions position..position + count. */
export interface ChangeRow {
  position: bigint;
  count: number;
  chain_id: number;
  op: RowOp;
  from_block: bigint;
  block_number: bigint;
  block_hash: Buffer;
  block_timestamp: bigint;
}

/** The row's last position, which stands for "all of it". */
export function endOf(row: ChangeRow): bigint {
  return row.position + BigInt(row.count);
}

/** The rows that hold positions after `position`, in order; the first may have begun before it. */
export async function rowsAfter(pool: Pool, position: bigint, limit: number): Promise<ChangeRow[]> {
  const { rows } = await pool.query<ChangeRow>(
    `select position, count, chain_id, op, from_block, block_number, block_hash, block_timestamp
     from change
     where position >= coalesce((select max(position) from change where position <= $1), 0)
       and position + count > $1
     order by position
     limit $2`,
    [position, limit],
  );
  return rows;
}

/** The last position given out, and the one that the oldest kept row begins after. */
export async function readBounds(pool: Pool): Promise<{ oldest: bigint; head: bigint }> {
  const { rows } = await pool.query<{ oldest: bigint; head: bigint }>(
    `select coalesce((select min(position) from change), next) - 1 as oldest, next - 1 as head from change_position`,
  );
  return rows[0] ?? { oldest: 0n, head: 0n };
}
