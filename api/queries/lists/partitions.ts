import type { Context } from '../../context';
import { join, Sql, sql } from '../../sql';
import { arrayOf, type Key } from '../keyed';
import { type Listing, type ListParent, type Place, wholeRange } from './listing';
import { positionAt } from './positionAt';

/** Exclusive, in the direction that is read. */
export interface Bound {
  pos: bigint;
  item: number;
}
const MAX_ITEM = 2 ** 31 - 1;

/** One chain's part of one parent's list. */
export interface Partition {
  ordinal: number;
  chainId: number;
  key: Key | null;
}

export function partitionsOf(parents: readonly ListParent[]): Partition[] {
  return parents.flatMap(({ chainIds, key }, ordinal) => chainIds.map((chainId) => ({ ordinal, chainId, key })));
}

/** A row for each, as `p` of Listing, with where it begins and ends. */
export function partitionRows(listing: Listing, partitions: Partition[], ...bounds: (readonly Bound[])[]): Sql {
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
export function onePartition(
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

/** Where a place of the list is in each partition: rows of one timestamp are in the order of their chains. */
export async function boundsOf(
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
