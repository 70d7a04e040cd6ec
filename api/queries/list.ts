import type { QueryResultRow } from 'pg';
import type { Context } from '../context';
import { all, join, Sql, sql } from '../sql';
import type { Beside } from './beside';
import { arrayOf, groupByOrdinal, type Key, type KeyType, textOf } from './keyed';
import { positionAt } from './positionAt';

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

/** The rows of one parent. All parents that an answer asks for at once share one statement. */
export function loadStretch<Row extends QueryResultRow>(
  context: Context,
  listing: Listing,
  parent: ListParent,
  stretch: Stretch,
): Promise<Placed<Row>[]> {
  if (parent.chainIds.length === 0) return Promise.resolve([]);
  // Nobody else's list is to be read with it, and to find that out takes longer than anything else here.
  if (parent.key === null) return readStretch<Row>(context, listing, [parent], stretch).then(([rows]) => rows ?? []);
  return context
    .loader<ListParent, Placed<Row>[]>(
      `stretch ${signature([listing, stretch])}`,
      (parents) => readStretch(context, listing, parents, stretch),
      keyOfParent,
    )
    .load(parent);
}

/** How many rows the list has. */
export function countList(context: Context, listing: Listing, parent: ListParent): Promise<number> {
  if (parent.chainIds.length === 0) return Promise.resolve(0);
  return context
    .loader<ListParent, number>(
      `count ${signature([listing])}`,
      (parents) => readCounts(context, listing, parents),
      keyOfParent,
    )
    .load(parent);
}

interface PlaceColumns {
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

async function readStretch<Row extends QueryResultRow>(
  context: Context,
  listing: Listing,
  parents: readonly ListParent[],
  { limit, backward, after, before, inclusive = false }: Stretch,
): Promise<Placed<Row>[][]> {
  const forward = listing.direction === 'DESC';
  const partitions = partitionsOf(parents);
  const bounds: [Bound[], Bound[]] = [
    after ? await boundsOf(context, listing, partitions, after, forward, inclusive) : [],
    before ? await boundsOf(context, listing, partitions, before, !forward, inclusive) : [],
  ];
  const conditions = [
    ...conditionsOf(listing),
    ...(after ? [beyond(listing, after, forward, [sql`p.after_pos`, sql`p.after_item`])] : []),
    ...(before ? [beyond(listing, before, !forward, [sql`p.before_pos`, sql`p.before_item`])] : []),
  ];
  const way = forward !== backward ? sql`desc` : sql`asc`;
  const keys = [
    ...(listing.value ? [sql`k.value`] : []),
    ...(listing.prefix ? [listing.prefix] : []),
    listing.pos,
    ...(listing.item ? [listing.item] : []),
  ];
  const selected = [
    listing.columns,
    sql`${listing.pos} as list_pos`,
    ...(listing.item ? [sql`${listing.item} as list_item`] : []),
    ...(listing.value ? [sql`k.value as list_value`] : []),
  ];
  const first = sql`
    select ${join(selected, ', ')}
    from ${fromOf(listing, spanOf(listing, { after, before }, forward, way))}
    where ${all(conditions)}
    order by ${inOrder(keys, way)}
    limit ${limit}`;
  const [only] = partitions;
  if (only && partitions.length === 1) {
    const rows = await context.snapshot.query<Placed<Row>>(
      ofOne(context, listing, onePartition(listing, only, ...bounds), first, way),
    );
    return [rows];
  }
  const rows = await context.snapshot.query<Row & PlaceColumns & { ordinal: number }>(sql`
    with p (ordinal, chain_id, key, from_pos, to_pos, after_pos, after_item, before_pos, before_item) as (
      ${partitionRows(listing, partitions, ...bounds)}
    )
    select x.*, b.hash as list_hash, b.timestamp as list_timestamp
    from (
      select p.ordinal, y.*
      from p
      cross join lateral (${first}) y
    ) x
    join block b on b.chain_id = x.chain_id and b.number = block_of(x.list_pos)
    order by ${inOrder(
      [
        sql`x.ordinal`,
        ...(listing.value ? [sql`x.list_value`] : []),
        sql`b.timestamp`,
        sql`x.chain_id`,
        sql`x.list_pos`,
        ...(listing.item ? [sql`x.list_item`] : []),
      ],
      way,
      1,
    )}`);
  return groupByOrdinal(rows, parents.length).map((group) => group.slice(0, limit));
}

/**
 * Of one list on one chain: nothing to merge, so the rows come in the order of the index that they are read by. Every row
 * has its block: where nothing is read of it, Postgres leaves it out of a `left join`.
 */
function ofOne(context: Context, listing: Listing, partition: Sql, first: Sql, way: Sql): Sql {
  const order = inOrder(
    [...(listing.value ? [sql`y.list_value`] : []), sql`y.list_pos`, ...(listing.item ? [sql`y.list_item`] : [])],
    way,
  );
  const asksPlace = PLACE_FIELDS.some((field) => context.asks(field));
  const besides = listing.beside ?? [];
  const joins = besides.map((each) => each.join);
  const selected = [
    listing.shown && !asksPlace ? listing.shown : sql`y.*`,
    ...besides.map((each) => each.columns),
    ...(asksPlace ? [sql`b.hash as list_hash, b.timestamp as list_timestamp`] : []),
  ];
  return sql`
    select ${join(selected, ', ')}
    from (select ${partition}) p
    cross join lateral (${first}) y
    left join block b on b.chain_id = y.chain_id and b.number = block_of(y.list_pos)
    ${join(joins, ' ')}
    order by ${order}`;
}

/** What shows, or begins at, the place of a row. */
const PLACE_FIELDS = ['cursor', 'startCursor', 'endCursor'];

/** @param ascending so many of the first */
function inOrder(keys: readonly Sql[], way: Sql, ascending = 0): Sql {
  return join(
    keys.map((key, i) => (i < ascending ? key : sql`${key} ${way}`)),
    ', ',
  );
}

async function readCounts(context: Context, listing: Listing, parents: readonly ListParent[]): Promise<number[]> {
  const rows = await context.snapshot.query<{ ordinal: number; n: number }>(sql`
    with p (ordinal, chain_id, key, from_pos, to_pos) as (${partitionRows(listing, partitionsOf(parents))})
    select p.ordinal, sum(y.n)::integer as n
    from p
    cross join lateral (
      select count(*) as n from ${countedOf(listing, spanOf(listing, {}, true, null))} where ${all(conditionsOf(listing))}
    ) y
    group by p.ordinal`);
  const counts = parents.map(() => 0);
  for (const row of rows) counts[row.ordinal] = row.n;
  return counts;
}

interface Partition {
  ordinal: number;
  chainId: number;
  key: Key | null;
}

function partitionsOf(parents: readonly ListParent[]): Partition[] {
  return parents.flatMap(({ chainIds, key }, ordinal) => chainIds.map((chainId) => ({ ordinal, chainId, key })));
}

function partitionRows(listing: Listing, partitions: Partition[], ...bounds: (readonly Bound[])[]): Sql {
  const ranges = partitions.map(({ chainId }) => listing.range?.get(chainId) ?? wholeRange);
  const columns = [
    sql`${partitions.map(({ ordinal }) => ordinal)}::integer[]`,
    sql`${partitions.map(({ chainId }) => chainId)}::integer[]`,
    arrayOf(
      listing.keyType ?? 'numeric',
      partitions.map(({ key }) => key),
    ),
    sql`${ranges.map(({ from }) => from)}::bigint[]`,
    sql`${ranges.map(({ to }) => to)}::bigint[]`,
    ...bounds.flatMap((each) => [
      sql`${partitions.map((_, index) => each[index]?.pos ?? null)}::bigint[]`,
      sql`${partitions.map((_, index) => each[index]?.item ?? null)}::integer[]`,
    ]),
  ];
  return sql`select * from unnest(${join(columns, ', ')})`;
}

/** One row of the columns that are looked at, as `partitionRows` has them. */
function onePartition(
  listing: Listing,
  { chainId, key }: Partition,
  after: readonly Bound[],
  before: readonly Bound[],
): Sql {
  const { from, to } = listing.range?.get(chainId) ?? wholeRange;
  const columns = [sql`${chainId}::integer as chain_id`];
  if (key !== null) columns.push(sql`${key}::${new Sql([listing.keyType ?? 'numeric'], [])} as key`);
  if (listing.range) columns.push(sql`${from}::bigint as from_pos`, sql`${to}::bigint as to_pos`);
  for (const [name, [bound]] of [
    ['after', after],
    ['before', before],
  ] as const) {
    if (!bound) continue;
    columns.push(sql`${bound.pos}::bigint as ${new Sql([`${name}_pos`], [])}`);
    columns.push(sql`${bound.item}::integer as ${new Sql([`${name}_item`], [])}`);
  }
  return join(columns, ', ');
}

function spanOf(
  { range }: Listing,
  { after, before }: Pick<Stretch, 'after' | 'before'>,
  forward: boolean,
  way: Sql | null,
): Span {
  const [above, below] = range ? [[sql`p.from_pos - 1`], [sql`p.to_pos`]] : [[], []];
  if (after) (forward ? below : above).push(sql`p.after_pos`);
  if (before) (forward ? above : below).push(sql`p.before_pos`);
  return { above, below, way };
}

function tablesOf({ from }: Listing, span: Span): Sql {
  return from instanceof Function ? from(span) : from;
}

function countedOf(listing: Listing, span: Span): Sql {
  return listing.countFrom?.(span) ?? tablesOf(listing, span);
}

function fromOf(listing: Listing, span: Span): Sql {
  const tables = tablesOf(listing, span);
  if (!listing.value) return tables;
  return sql`${tables}
    cross join lateral (select coalesce((${listing.value})::numeric, ${missingValue(listing)}::numeric) as value) k`;
}

function missingValue({ missing, direction }: Listing): string {
  return missing === 'last' && direction === 'ASC' ? 'Infinity' : '-Infinity';
}

function conditionsOf(listing: Listing): Sql[] {
  if (!listing.range) return [...listing.where];
  return [...listing.where, sql`${listing.pos} >= p.from_pos`, sql`${listing.pos} < p.to_pos`];
}

/** Beyond a place in one direction; the partition's bound says where that is in chain order. */
function beyond(listing: Listing, place: Omit<Place, 'blockHash'>, descending: boolean, bound: [Sql, Sql]): Sql {
  // A row comparison is one condition of an index scan; `or` is not.
  const [left, right] = listing.item
    ? [sql`(${listing.pos}, ${listing.item})`, sql`(${join(bound, ', ')})`]
    : [listing.pos, bound[0]];
  const order = descending ? sql`${left} < ${right}` : sql`${left} > ${right}`;
  if (!listing.value) return order;
  const value = sql`${place.value ?? missingValue(listing)}::numeric`;
  return descending
    ? sql`(k.value < ${value} or (k.value = ${value} and ${order}))`
    : sql`(k.value > ${value} or (k.value = ${value} and ${order}))`;
}

/** Exclusive, in the direction that is read. */
interface Bound {
  pos: bigint;
  item: number;
}
const MAX_ITEM = 2 ** 31 - 1;

async function boundsOf(
  context: Context,
  listing: Listing,
  partitions: Partition[],
  place: Omit<Place, 'blockHash'>,
  descending: boolean,
  inclusive: boolean,
): Promise<Bound[]> {
  return Promise.all(
    partitions.map(async ({ chainId }): Promise<Bound> => {
      if (chainId === place.chainId) return inclusive ? onePast(listing, place, descending) : place;
      // At one timestamp the lower chain id comes first.
      const time = chainId < place.chainId ? place.timestamp + 1n : place.timestamp;
      const first = await positionAt(context, chainId, time);
      return descending ? { pos: first, item: -1 } : { pos: first - 1n, item: MAX_ITEM };
    }),
  );
}

function onePast(listing: Listing, { pos, item }: Bound, descending: boolean): Bound {
  const step = descending ? 1 : -1;
  return listing.item ? { pos, item: item + step } : { pos: pos + BigInt(step), item };
}

function keyOfParent({ chainIds, key }: ListParent): string {
  return `${chainIds.join()}:${key === null ? '' : textOf(key)}`;
}

/** Two requests with the same signature are the same statement over other parents. */
function signature(parts: readonly unknown[]): string {
  return JSON.stringify(parts, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Function) return value({ above: [], below: [], way: null });
    return value instanceof Map ? [...value] : value;
  });
}
