import type { Pool } from 'pg';
import type { LogPosition } from '../logPosition';
import { Finality } from '../types/block';
import { type ChangeRow, endOf, RowOp } from './changeRow';

/** A block as a stream holds it: its events have the positions position .. position + count - 1. */
export interface PlacedBlock {
  position: bigint;
  count: number;
  op: 'APPLY' | 'RETRACT';
  chainId: number;
  number: bigint;
  hash: Buffer;
  /** Seconds. */
  timestamp: bigint;
  /** The row of the log of changes that speaks of it: whether it has left the chain since is asked from there on. */
  asOf: bigint;
  /** Of that row. */
  stamp: bigint;
}

/** What a stream holds after one position, up to and with `end`. */
export interface Stretch {
  blocks: PlacedBlock[];
  end: LogPosition;
}

/** Where a move was read up to: its blocks from `number` on have positions from `base` on. */
interface MovePlace {
  number: bigint;
  base: bigint;
}

const BLOCKS_AT_ONCE = 100;
const KEPT_PLACES = 1000;
const keptPlaces = new Map<string, MovePlace>();

/**
 * The blocks that rows of the log mean to a stream of that finality, for about so many events; rows hold what comes right
 * after `position`, at least one.
 */
export async function stretchOf(
  pool: Pool,
  rows: readonly ChangeRow[],
  position: bigint,
  finality: Finality,
  eventsAtMost: number,
): Promise<Stretch> {
  const blocks: PlacedBlock[] = [];
  let events = 0;
  let end: LogPosition = { position, stamp: null };
  for (const row of rows) {
    const isMove = row.op === RowOp.SAFE || row.op === RowOp.FINALIZED;
    if (row.count > 0 && isMove && row.op === MARKS[finality]) {
      const moved = await movedBlocks(pool, row, end.position);
      blocks.push(...moved.blocks);
      return { blocks, end: moved.end };
    }
    if (row.count > 0 && !isMove && (await isToldOf(pool, row, finality))) {
      if (events > 0 && events + row.count > eventsAtMost) break;
      blocks.push(blockOf(row));
      events += row.count;
    }
    end = { position: endOf(row), stamp: row.stamp };
  }
  return { blocks, end };
}

const MARKS: Partial<Record<Finality, RowOp>> = { [Finality.SAFE]: RowOp.SAFE, [Finality.FINALIZED]: RowOp.FINALIZED };

function blockOf(row: ChangeRow): PlacedBlock {
  return {
    position: row.position,
    count: row.count,
    op: row.op === RowOp.RETRACT ? 'RETRACT' : 'APPLY',
    chainId: row.chain_id,
    number: row.block_number,
    hash: row.block_hash,
    timestamp: row.block_timestamp,
    asOf: row.position,
    stamp: row.stamp,
  };
}

/**
 * Who sees blocks when they reach a finality has one taken back only if it had come so far: below safe by a sequencer's
 * mistake, below finalized only where we had stored something else than what the chain holds.
 */
async function isToldOf(pool: Pool, row: ChangeRow, finality: Finality): Promise<boolean> {
  const mark = MARKS[finality];
  if (mark === undefined) return true;
  return row.op === RowOp.RETRACT && hadReached(pool, row, mark);
}

async function hadReached(pool: Pool, row: ChangeRow, mark: RowOp): Promise<boolean> {
  const { rows } = await pool.query<{ reached: boolean }>(
    `select exists (
       select from change s
       where s.chain_id = $1 and s.op = $5 and s.position < $3 and s.from_block <= $2 and s.block_number >= $2
         and s.position > coalesce((
           select max(a.position) from change a
           where a.chain_id = $1 and a.block_number = $2 and a.block_hash = $4 and a.op = 1 and a.position < $3
         ), 0)
     ) as reached`,
    [row.chain_id, row.block_number, row.position, row.block_hash, mark],
  );
  return rows[0]?.reached ?? false;
}

/** The next blocks of a move of safe or finalized, which may be all of history, after a position in it or before it. */
async function movedBlocks(pool: Pool, row: ChangeRow, position: bigint): Promise<Stretch> {
  let place = keptPlaces.get(`${row.position} ${row.stamp}:${position}`) ?? {
    number: row.from_block,
    base: row.position,
  };
  for (;;) {
    const { blocks, next } = await readMoved(pool, row, place);
    const left = blocks.filter((block) => block.position + BigInt(block.count) - 1n > position);
    if (next === null) return { blocks: left, end: { position: endOf(row), stamp: row.stamp } };
    place = next;
    if (left.length === 0) continue;
    const end = next.base - 1n;
    if (keptPlaces.size >= KEPT_PLACES) keptPlaces.delete(keptPlaces.keys().next().value as string);
    keptPlaces.set(`${row.position} ${row.stamp}:${end}`, next);
    return { blocks: left, end: { position: end, stamp: row.stamp } };
  }
}

/**
 * A move holds the blocks that were in the chain at that position of the log: what a block's first change since then undoes
 * or, without one, what is now. (Below finalized nothing changes; below safe a sequencer's mistake might.)
 */
async function readMoved(
  pool: Pool,
  row: ChangeRow,
  { number, base }: MovePlace,
): Promise<{ blocks: PlacedBlock[]; next: MovePlace | null }> {
  const { rows } = await pool.query<{
    to_number: bigint;
    number: bigint | null;
    hash: Buffer;
    timestamp: bigint;
    events: number;
  }>(
    `with bound as (
       select coalesce((
         select number from block where chain_id = $1 and number between $2 and $3 order by number offset $5 limit 1
       ), $3) as to_number
     ), candidate as (
       select b.number, b.hash, b.timestamp, b.events, true as present
       from bound join block b on b.chain_id = $1 and b.number between $2 and to_number
       union all
       select distinct c.block_number, c.block_hash, c.block_timestamp, c.count, false
       from bound join change c on c.chain_id = $1 and c.block_number between $2 and to_number
       where c.op = 2 and c.position > $4 and not exists (
         select from block b where b.chain_id = $1 and b.number = c.block_number and b.hash = c.block_hash
       )
     ), moved as (
       select c.number, c.hash, c.timestamp, coalesce(f.count, c.events) as events
       from candidate c
       left join lateral (
         select x.op, x.count from change x
         where x.chain_id = $1 and x.block_number = c.number and x.block_hash = c.hash and x.op in (1, 2)
           and x.position > $4
         order by x.position
         limit 1
       ) f on true
       where coalesce(f.op = 2, c.present)
     )
     select to_number, m.number, m.hash, m.timestamp, m.events
     from bound
     left join moved m on m.events > 0
     order by m.number`,
    [row.chain_id, number, row.block_number, row.position, BLOCKS_AT_ONCE - 1],
  );
  const blocks: PlacedBlock[] = [];
  let position = base;
  for (const each of rows) {
    if (each.number === null) continue;
    blocks.push({
      position,
      count: each.events,
      op: 'APPLY',
      chainId: row.chain_id,
      number: each.number,
      hash: each.hash,
      timestamp: each.timestamp,
      asOf: row.position,
      stamp: row.stamp,
    });
    position += BigInt(each.events);
  }
  const toNumber = rows[0]?.to_number ?? row.block_number;
  return { blocks, next: toNumber >= row.block_number ? null : { number: toNumber + 1n, base: position } };
}
