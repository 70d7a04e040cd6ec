import { join, type Sql, sql } from '../../sql';
import type { Listing, Place, Span, Stretch } from './listing';

export function spanOf(
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

export function countedOf(listing: Listing, span: Span): Sql {
  return listing.countFrom?.(span) ?? tablesOf(listing, span);
}

export function fromOf(listing: Listing, span: Span): Sql {
  const tables = tablesOf(listing, span);
  if (!listing.value) return tables;
  return sql`${tables}
    cross join lateral (select coalesce((${listing.value})::numeric, ${missingValue(listing)}::numeric) as value) k`;
}

function missingValue({ missing, direction }: Listing): string {
  return missing === 'last' && direction === 'ASC' ? 'Infinity' : '-Infinity';
}

export function conditionsOf(listing: Listing): Sql[] {
  if (!listing.range) return [...listing.where];
  return [...listing.where, sql`${listing.pos} >= p.from_pos`, sql`${listing.pos} < p.to_pos`];
}

/** Beyond a place in one direction; the partition's bound says where that is in chain order. */
export function beyond(listing: Listing, place: Omit<Place, 'blockHash'>, descending: boolean, bound: [Sql, Sql]): Sql {
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
