import type { Sql } from '../../sql';
import type { Beside } from '../beside';
import type { Key, KeyType } from '../keyed';

export type Direction = 'ASC' | 'DESC';

/**
 * One list of the contract as SQL. Its pieces may read p, a row of the list's partitions: p.chain_id and p.key, the
 * parent's id. Where several chains are listed, each is a partition of its own, read by the index that one chain has,
 * and the first rows of each are merged: by block timestamp, then chain, then position.
 */
export interface Listing {
  /** Names the list and its order: cursors of another list are refused. */
  name: string;
  /** Of the parent's key; none for a list of the root. */
  keyType?: KeyType;
  /** What a row selects; chain_id is among it. */
  columns: Sql;
  /** `from` without the keyword. What finds positions otherwise than by an index over them is told which are wanted. */
  from: Sql | ((span: Span) => Sql);
  /** As many rows, for `where` to hold of as many: where the list can be counted by less than what its rows show. */
  countFrom?: (span: Span) => Sql;
  where: readonly Sql[];
  pos: Sql;
  /** What its rows lead to, read with them: by a list of one parent on one chain alone. */
  beside?: readonly Beside<unknown>[];
  /** Of `columns`, as those of y, what is left to read of a row next to that; all by default. */
  shown?: Sql | undefined;
  /** Only where several rows stand at one position. */
  item?: Sql;
  /** In front of pos in the index that should be read: constant under `where`, or of the same order. */
  prefix?: Sql;
  /** Goes before chain order: a number. */
  value?: Sql;
  /** Rows without a value are lowest, or come last in either direction. */
  missing?: 'lowest' | 'last';
  direction: Direction;
  /** The arguments that shape the list, as the client wrote them: what a timeout names. */
  given?: readonly string[];
  /** Positions from..to (exclusive) by chain, for filters by time or block. */
  range?: ReadonlyMap<number, PositionRange>;
}

/** What a statement wants of positions: those above each of some and below each of others, one `way` or no matter how. */
export interface Span {
  above: readonly Sql[];
  below: readonly Sql[];
  way: Sql | null;
}

export interface PositionRange {
  from: bigint;
  to: bigint;
}

export const wholeRange: PositionRange = { from: 0n, to: 2n ** 63n - 1n };

export interface ListParent {
  chainIds: readonly number[];
  key: Key | null;
}

/** A row's place in its list. */
export interface Place {
  chainId: number;
  pos: bigint;
  item: number;
  /** Of `value`; null where the row has none. */
  value: string | null;
  blockHash: Buffer;
  timestamp: bigint;
}

/** A row that may know its place: where nobody can ask for cursors of the list, it doesn't. */
export type Placed<Row> = Row & Partial<PlaceColumns>;

/** The rows after one place and before another; `inclusive`: and those at it. Backward: from the end, last row first. */
export interface Stretch {
  limit: number;
  backward: boolean;
  after?: Omit<Place, 'blockHash'> | null;
  before?: Omit<Place, 'blockHash'> | null;
  inclusive?: boolean;
}

export interface PlaceColumns {
  chain_id: number;
  list_pos: bigint;
  list_item: number;
  list_value: string | null;
  list_hash: Buffer;
  list_timestamp: bigint;
}

/** @throws Error for a row that doesn't know it */
export function placeOf(row: Placed<object>): Place {
  const { chain_id, list_pos, list_item = 0, list_value = null, list_hash, list_timestamp } = row;
  if (chain_id === undefined || list_pos === undefined || !list_hash || list_timestamp === undefined) {
    throw new Error('a cursor is asked for in a list that was read without its places');
  }
  return {
    chainId: chain_id,
    pos: list_pos,
    item: list_item,
    value: list_value?.endsWith('Infinity') ? null : list_value,
    blockHash: list_hash,
    timestamp: list_timestamp,
  };
}
