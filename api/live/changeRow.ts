import type { Pool } from 'pg';
import { LAST_STAMP, type LogPosition, STAMP } from '../logPosition';

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
  stamp: bigint;
}

/** The row's last position, which stands for "all of it". */
export function endOf(row: ChangeRow): bigint {
  return row.position + BigInt(row.count);
}

/** Where something goes on: after `position`, and what says that the log is the one that it was in. */
export interface After {
  position: bigint;
  /** This position or the next one. */
  madeAt: LogPosition;
}

/** Whether the row that held a position is the one that holds it now; undefined: these rows don't know. */
export function isSame(rows: readonly ChangeRow[], { position, stamp }: LogPosition): boolean | undefined {
  if (stamp === null) return true;
  const holder = rows.findLast((row) => row.position <= position);
  return holder && position <= endOf(holder) ? holder.stamp === stamp : undefined;
}

/** In order: the row that holds `position` or is the last before it, and those after. */
export async function rowsFrom(pool: Pool, position: bigint, limit: number): Promise<ChangeRow[]> {
  const { rows } = await pool.query<ChangeRow>(
    `select position, count, chain_id, op, from_block, block_number, block_hash, block_timestamp, ${STAMP} as stamp
     from change
     where position >= coalesce((select max(position) from change where position <= $1), 0)
     order by position
     limit $2`,
    [position, limit],
  );
  return rows;
}

/**
 * The rows that hold positions after `position`, in order; the first may have begun before it.
 * @returns 'gone' where the log is another, or doesn't hold all that comes after it any more
 */
export async function rowsAfter(pool: Pool, { position, madeAt }: After, limit: number): Promise<ChangeRow[] | 'gone'> {
  const rows = await rowsFrom(pool, position, limit + 1);
  if (isSame(rows, madeAt) !== true || (rows[0] && rows[0].position > position + 1n)) return 'gone';
  return rows.filter((row) => endOf(row) > position).slice(0, limit);
}

/** The last position given out, and the one that the oldest kept row begins after. */
export async function readBounds(pool: Pool): Promise<{ oldest: bigint; head: LogPosition }> {
  const { rows } = await pool.query<{ oldest: bigint; head: bigint; stamp: bigint | null }>(
    `select coalesce((select min(position) from change), next) - 1 as oldest, next - 1 as head, ${LAST_STAMP} as stamp
     from change_position`,
  );
  const { oldest = 0n, head = 0n, stamp = null } = rows[0] ?? {};
  return { oldest, head: { position: head, stamp } };
}
