import type { Pool } from 'pg';
import type { EventRow } from '../eventContent';
import { type ChangeRow, RowOp } from './changeRow';

/** One event of a row of the log of changes. */
export interface LoggedEvent extends EventRow {
  /** Its own position in the log of changes. */
  position: bigint;
  block_number: bigint;
  block_hash: Buffer;
  block_timestamp: bigint;
  /** A reward as the filters of a subscription judge it (the view reward_judged); null for other events. */
  reward: JudgedReward | null;
}

/** reward_judged as JSON: bytes are "\x…", ids and amounts text. */
export interface JudgedReward {
  pool_id: string;
  beneficiary: string;
  ref: string;
  role: number;
  contribution_id: string;
  amount: string;
  fee: boolean;
  emission: boolean;
  grant: boolean;
  slash: boolean;
  unknown: boolean;
  token: string | null;
  datanets: string[];
  models: string[];
}

/** A row's events in the order of their positions: of a retraction the newest first. */
export type BlockContent = readonly LoggedEvent[];

/** The content of a block applied or retracted, from where it is now: in the chain, or among what reorgs removed. */
export async function readContent(pool: Pool, row: ChangeRow): Promise<BlockContent> {
  // One statement is one snapshot: a reorg can't fall between its halves.
  const { rows } = await pool.query<Omit<LoggedEvent, 'position'>>(
    `with present as (
       select from block where chain_id = $1 and number = $2 and hash = $3
     ), content as (
       select e.chain_id, e.pos, e.tx_hash, e.contract, e.event_type, e.topics, e.data, to_jsonb(j) as reward
       from event e
       left join reward_judged j on j.chain_id = e.chain_id and j.pos = e.pos
       where e.chain_id = $1 and e.pos >= position_of($2::bigint, 0) and e.pos < position_of($2::bigint + 1, 0)
         and exists (select from present)
       union all
       select e.chain_id, e.pos, e.tx_hash, e.contract, e.event_type, e.topics, e.data, r.judged
       from retracted_event e
       left join retracted_reward r on r.chain_id = e.chain_id and r.block_hash = e.block_hash and r.pos = e.pos
       where e.chain_id = $1 and e.block_hash = $3 and not exists (select from present)
     )
     select c.chain_id, c.pos, c.tx_hash, c.contract, t.fragment, c.topics, c.data, c.reward,
       $2::bigint as block_number, $3::bytea as block_hash, $4::bigint as block_timestamp
     from content c
     join event_type t on t.id = c.event_type
     order by c.pos`,
    [row.chain_id, row.block_number, row.block_hash, row.block_timestamp],
  );
  if (rows.length !== row.count) {
    throw new Error(
      `block ${row.block_number} of chain ${row.chain_id} should hold ${row.count} events for the log of changes at ${row.position}, it holds ${rows.length}`,
    );
  }
  if (row.op === RowOp.RETRACT) rows.reverse();
  return rows.map((event, index) => ({ ...event, position: row.position + BigInt(index) }));
}

/** Where to go on in the content of a move: behind an event, or after the first `skip`. */
export interface MovePlace {
  skip: number;
  afterPos: bigint | null;
}

/**
 * Part of the content of a move of safe or finalized, which may be all of history. It holds the blocks that were in the
 * chain at that position of the log: what a block's first change since then undoes or, without one, what is now. (Below
 * finalized nothing changes; below safe a sequencer's mistake might.)
 */
export async function readMoveContent(
  pool: Pool,
  row: ChangeRow,
  { skip, afterPos }: MovePlace,
  limit: number,
): Promise<BlockContent> {
  const { rows } = await pool.query<Omit<LoggedEvent, 'position'>>(
    `with candidate as (
       select number, hash, timestamp, true as present from block
       where chain_id = $1 and number between greatest($2, block_of($4)) and $3
       union all
       select distinct c.block_number, c.block_hash, c.block_timestamp, false from change c
       where c.chain_id = $1 and c.op = 2 and c.position > $5
         and c.block_number between greatest($2, block_of($4)) and $3
         and not exists (
           select from block b
           where b.chain_id = $1 and b.number = c.block_number and b.hash = c.block_hash
         )
     ), moved as (
       select c.* from candidate c
       where coalesce((
         select x.op = 2 from change x
         where x.chain_id = $1 and x.block_number = c.number and x.block_hash = c.hash and x.op in (1, 2)
           and x.position > $5
         order by x.position
         limit 1
       ), c.present)
     ), content as (
       select e.chain_id, e.pos, e.tx_hash, e.contract, e.event_type, e.topics, e.data, to_jsonb(j) as reward, m.number,
         m.hash, m.timestamp
       from moved m
       join event e on e.chain_id = $1 and e.pos >= position_of(m.number, 0) and e.pos < position_of(m.number + 1, 0)
       left join reward_judged j on j.chain_id = e.chain_id and j.pos = e.pos
       where m.present and e.pos > $4
       union all
       select e.chain_id, e.pos, e.tx_hash, e.contract, e.event_type, e.topics, e.data, r.judged, m.number, m.hash,
         m.timestamp
       from moved m
       join retracted_event e on e.chain_id = $1 and e.block_hash = m.hash
       left join retracted_reward r on r.chain_id = e.chain_id and r.block_hash = e.block_hash and r.pos = e.pos
       where not m.present and e.pos > $4
     )
     select c.chain_id, c.pos, c.tx_hash, c.contract, t.fragment, c.topics, c.data, c.reward,
       c.number as block_number, c.hash as block_hash, c.timestamp as block_timestamp
     from content c
     join event_type t on t.id = c.event_type
     order by c.pos
     offset $6
     limit $7`,
    [
      row.chain_id,
      row.from_block,
      row.block_number,
      afterPos ?? -1n,
      row.position,
      afterPos === null ? skip : 0,
      limit,
    ],
  );
  return rows.map((event, index) => ({ ...event, position: row.position + BigInt(skip + index) }));
}

/** Whether a block that is retracted by `row` had been made safe since it was last applied. */
export async function wasSafe(pool: Pool, row: ChangeRow): Promise<boolean> {
  const { rows } = await pool.query<{ safe: boolean }>(
    `select exists (
       select from change s
       where s.chain_id = $1 and s.op = 3 and s.position < $3 and s.from_block <= $2 and s.block_number >= $2
         and s.position > coalesce((
           select max(a.position) from change a
           where a.chain_id = $1 and a.block_number = $2 and a.block_hash = $4 and a.op = 1 and a.position < $3
         ), 0)
     ) as safe`,
    [row.chain_id, row.block_number, row.position, row.block_hash],
  );
  return rows[0]?.safe ?? false;
}
