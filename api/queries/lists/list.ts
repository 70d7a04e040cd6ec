import type { QueryResultRow } from 'pg';
import type { Context } from '../../context';
import { all, join, type Sql, sql } from '../../sql';
import { groupByOrdinal, textOf } from '../keyed';
import { beyond, conditionsOf, countedOf, fromOf, spanOf } from './clauses';
import type { Listing, ListParent, PlaceColumns, Placed, Stretch } from './listing';
import { type Bound, boundsOf, onePartition, partitionRows, partitionsOf } from './partitions';

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
