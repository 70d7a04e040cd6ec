import type { Context } from '../../context';
import { all, type Sql, sql } from '../../sql';
import type { Span } from './listing';

/** A test of an event: that it has one of the keys (schema/posting.ts). */
export interface KeyFilter {
  keys: readonly Buffer[];
  /** The same of the row e of event. */
  test: Sql;
}

/** Of a key's rows of posting no more are counted, and of several keys' no more are read at once. */
const MANY_ROWS = 500;

/** What finds a list's events: the filter that leads, by a relation s (chain_id, pos) of positions that may fit. */
export interface Lead {
  filter: KeyFilter;
  from: (span: Span) => Sql;
  /** Goes before s.pos in the order that the relation has. */
  prefix?: Sql;
}

/**
 * The filter that leaves the fewest events. Undefined where reading the events themselves is as good: there is none, or
 * each has several keys with many events.
 */
export async function leadOf(
  context: Context,
  chainIds: readonly number[],
  filters: readonly KeyFilter[],
): Promise<Lead | undefined> {
  const [only] = filters;
  if (!only) return undefined;
  if (filters.length === 1 && only.keys.length === 1) return ordered(only, only.keys[0] as Buffer);
  const sizes = await rowsOf(
    context,
    chainIds,
    filters.flatMap(({ keys }) => keys),
  );
  const known = filters.map((filter) => {
    const rows = sizes.splice(0, filter.keys.length);
    return { filter, keys: filter.keys.filter((_, i) => rows[i] !== 0), rows: rows.reduce((sum, n) => sum + n, 0) };
  });
  const { filter, keys, rows } = known.reduce((least, each) => (each.rows < least.rows ? each : least));
  const [key] = keys;
  if (key && keys.length === 1) return ordered(filter, key);
  return rows < MANY_ROWS ? gathered(filter, keys) : undefined;
}

/** That e has a posting of one of the keys: of each one row can hold its position. */
export function isPostedAs(keys: readonly Buffer[]): Sql {
  return sql`exists (
    select from unnest(${keys}::bytea[]) k (subject)
    where e.pos = any((
      select s.positions from posting s
      where s.subject = k.subject and s.chain_id = e.chain_id and s.pos >= e.pos
      order by s.pos
      limit 1
    )::bigint[])
  )`;
}

/** How many rows each key has on these chains. */
async function rowsOf(context: Context, chainIds: readonly number[], keys: readonly Buffer[]): Promise<number[]> {
  const rows = await context.snapshot.query<{ n: number }>(sql`
    select c.n
    from unnest(${keys}::bytea[]) with ordinality k (subject, ordinal)
    cross join lateral (
      select count(*)::integer as n
      from (
        select from posting s
        where s.subject = k.subject and s.chain_id = any(${chainIds}::integer[])
        limit ${MANY_ROWS}
      ) x
    ) c
    order by k.ordinal`);
  return rows.map(({ n }) => n);
}

/**
 * One key's positions in their order, read row by row: rows follow each other, so a page takes a few however many there
 * are. The row order is that of a subquery, for Postgres then sorts inside each row only (Incremental Sort).
 */
function ordered(filter: KeyFilter, key: Buffer): Lead {
  return {
    filter,
    from: ({ way, ...bounds }) => sql`(
      select r.chain_id, r.pos as row_pos, u.pos
      from (
        select s.chain_id, s.pos, s.positions from posting s
        where s.subject = ${key}::bytea and s.chain_id = p.chain_id and ${rowsWithin(sql`${key}::bytea`, bounds)}
        ${way ? sql`order by s.pos ${way}` : sql``}
      ) r
      cross join lateral unnest(r.positions) u (pos)
      ${way ? sql`order by r.pos ${way}, u.pos ${way}` : sql``}
    ) s`,
    prefix: sql`s.row_pos`,
  };
}

/** Few positions of several keys: all of them, each once. */
function gathered(filter: KeyFilter, keys: readonly Buffer[]): Lead {
  return {
    filter,
    from: (bounds) => sql`(
      select distinct s.chain_id, u.pos
      from unnest(${keys}::bytea[]) k (subject)
      join posting s on s.subject = k.subject and s.chain_id = p.chain_id and ${rowsWithin(sql`k.subject`, bounds)}
      cross join lateral unnest(s.positions) u (pos)
    ) s`,
  };
}

/** The rows of a key that can hold positions above some and below others: a row's pos is its last position. */
function rowsWithin(key: Sql, { above, below }: Omit<Span, 'way'>): Sql {
  return all([
    ...above.map((bound) => sql`s.pos > ${bound}`),
    ...below.map(
      (bound) => sql`s.pos <= coalesce((
        select min(x.pos) from posting x where x.subject = ${key} and x.chain_id = p.chain_id and x.pos >= ${bound}
      ), ${2n ** 63n - 1n}::bigint)`,
    ),
  ]);
}
