import type { ClientBase } from 'pg';
import { bytesOf } from './segments';
import type { Together } from './together';

/** Codes of change.op. */
export const changeOps = { apply: 1, retract: 2, safe: 3, finalized: 4 } as const;

/** A row of the log of changes before it has its position. */
export interface Change {
  op: keyof typeof changeOps;
  /** Decoded events that it brings, takes away or makes safe or final; null: those from fromBlock to the block. */
  count: number | null;
  fromBlock: number;
  block: { number: number; hash: string; timestamp: number };
}

/**
 * Appends changes and wakes the readers. The row of change_position is the lock that makes commit order position order
 * over all chains, so this must be the last statement before commit.
 */
export function appendChanges(together: Together, chainId: number, changes: readonly Change[]): void {
  if (changes.length === 0) return;
  together.add(
    `with added as (
       select c.n, c.op, c.from_block, c.block_number, c.block_hash, c.block_timestamp,
         coalesce(c.count, (
           select coalesce(sum(b.events), 0)::integer from block b
           where b.chain_id = $1 and b.number between c.from_block and c.block_number
         )) as count
       from unnest($2::integer[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bigint[])
         with ordinality as c (count, op, from_block, block_number, block_hash, block_timestamp, n)
     ), placed as (
       select *, sum(count + 1) over (order by n) - count - 1 as distance, sum(count + 1) over () as total from added
     ), taken as (
       update change_position set next = next + (select total from placed limit 1)
       returning next - (select total from placed limit 1) as first
     ), written as (
       insert into change (position, count, chain_id, op, from_block, block_number, block_hash, block_timestamp)
       select taken.first + distance, count, $1, op, from_block, block_number, block_hash, block_timestamp
       from placed cross join taken
     )
     select pg_notify('flywheel_change', first::text) from taken`,
    [
      chainId,
      changes.map(({ count }) => count),
      changes.map(({ op }) => changeOps[op]),
      changes.map(({ fromBlock }) => fromBlock),
      changes.map(({ block }) => block.number),
      changes.map(({ block }) => bytesOf(block.hash)),
      changes.map(({ block }) => block.timestamp),
    ],
  );
}

/** Forgets what is older than the retention, and the retracted content that no kept change speaks of. */
export async function pruneChanges(client: ClientBase, retentionMs: number): Promise<void> {
  await client.query(
    `delete from change
     where created_at < now() - $1 * interval '1 millisecond'
       and position < (select max(position) from change)`,
    [retentionMs],
  );
  for (const table of ['retracted_event', 'retracted_item']) {
    await client.query(
      `delete from ${table} r
       where not exists (select from change c where c.chain_id = r.chain_id and c.block_hash = r.block_hash)`,
    );
  }
}
