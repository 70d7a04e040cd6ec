import type { QueryResultRow } from 'pg';
import { blockOf } from '../schema/position';
import { blockAt } from './blocks';
import { type Connection, type PageArgs, type PageRequest, pageRequest } from './connection';
import type { Context } from './context';
import { type DecodedCursor, decodeCursor, encodeCursor, hashPrefix, type Place } from './cursor';
import { apiError } from './errors';
import { encodeChangeCursor } from './live/changeCursor';
import { all, join, type Sql, sql } from './sql';

export type Direction = 'ASC' | 'DESC';

/** A list as SQL: what it selects, from where, and how its rows stand in the chain. */
export interface List<Row extends QueryResultRow, Node> {
  /** Bound into the cursors: the list and its order, and the parent's id where the list is one parent's. */
  name: string;
  /** After `select`. */
  columns: Sql;
  /** After `from`, joins included. */
  from: Sql;
  where?: readonly Sql[];
  /** Expressions for chain order; item: the place within a log, 0 by default. */
  place: { chainId: Sql; pos: Sql; item?: Sql };
  /** What to sort by before chain order: a numeric expression (or one that casts to it); null sorts as lowest. */
  key?: Sql;
  /** Newest, or greatest, first by default; chain order breaks ties in the same direction. */
  direction?: Direction;
  /** Where `where` names one chain: the order is then by position alone, which an index serves. */
  chainId?: number | null;
  /** The rows of one or several pages, in order. */
  toNodes(rows: Row[]): Node[] | Promise<Node[]>;
}

interface PlaceRow extends QueryResultRow {
  $key: string | null;
  $timestamp: bigint;
  $chain: number;
  $pos: bigint;
  $item: number;
  /** Which parent, from 1; in lists of many parents. */
  $parent?: bigint;
}

interface Prepared {
  request: PageRequest;
  direction: Direction;
  oneChain: boolean;
  after: DecodedCursor | null;
  before: DecodedCursor | null;
}

/**
 * One page of a list.
 * @throws BAD_USER_INPUT for wrong arguments and cursors, CURSOR_STALE for a cursor whose block a reorg removed.
 */
export async function paginate<Row extends QueryResultRow, Node>(
  context: Context,
  args: PageArgs,
  list: List<Row, Node>,
): Promise<Connection<Node>> {
  const prepared = await prepare(context, args, list);
  const rows = await context.snapshot.query<Row & PlaceRow>(pageStatement(list, prepared));
  return (await connections(context, list, prepared, [rows], alone(context, list)))[0]!;
}

/**
 * A page of the list of each of many parents in one statement: the nested connections of one level.
 * @param parents a select of the parents' keys: the list's `from` and `where` name them `parent.<column>`; its
 *   column `ord` numbers them from 1, e.g. sql`select * from unnest(${keys}::numeric[]) with ordinality as p (key, ord)`
 * @returns in the order of the parents
 */
export async function paginateEach<Row extends QueryResultRow, Node>(
  context: Context,
  args: PageArgs,
  parents: { select: Sql; count: number },
  list: List<Row, Node>,
): Promise<Connection<Node>[]> {
  const prepared = await prepare(context, args, list);
  const rows = await context.snapshot.query<Row & PlaceRow>(sql`
    select page.*, parent.ord::bigint as "$parent"
    from (${parents.select}) parent
    cross join lateral (${pageStatement(list, prepared)}) page`);
  const pages = Array.from({ length: parents.count }, () => [] as (Row & PlaceRow)[]);
  for (const row of rows) pages[Number(row.$parent) - 1]!.push(row);
  return connections(context, list, prepared, pages, ofParents(context, parents, list));
}

async function prepare<Row extends QueryResultRow, Node>(
  context: Context,
  args: PageArgs,
  list: List<Row, Node>,
): Promise<Prepared> {
  const request = pageRequest(args);
  const oneChain = (list.chainId ?? null) !== null || (await context.chains()).length <= 1;
  const decode = async (cursor: string | null, argument: string): Promise<DecodedCursor | null> => {
    if (cursor === null) return null;
    const decoded = decodeCursor(list.name, cursor, argument);
    const block = await blockAt(context, decoded.chainId, BigInt(blockOf(decoded.pos)));
    if (!block || hashPrefix(block.hash) !== decoded.blockHash) {
      throw apiError('CURSOR_STALE', `${argument}: a reorg removed the block of this cursor. Begin the list again.`);
    }
    // The order of one chain leaves the timestamp out of its cursors; a second chain may have come since.
    return { ...decoded, timestamp: block.timestamp };
  };
  return {
    request,
    oneChain,
    direction: list.direction ?? 'DESC',
    after: await decode(request.after, 'after'),
    before: await decode(request.before, 'before'),
  };
}

function item(list: { place: { item?: Sql } }): Sql {
  return list.place.item ?? sql`0`;
}

function source<Row extends QueryResultRow, Node>(list: List<Row, Node>, oneChain: boolean): Sql {
  if (oneChain) return list.from;
  const { chainId, pos } = list.place;
  return sql`${list.from} join block place_block on place_block.chain_id = ${chainId}
    and place_block.number = block_of(${pos})`;
}

function pageStatement<Row extends QueryResultRow, Node>(list: List<Row, Node>, prepared: Prepared): Sql {
  const { request, oneChain, after, before } = prepared;
  const ascending = (prepared.direction === 'ASC') !== request.backward;
  const way = ascending ? sql`asc` : sql`desc`;
  const { chainId, pos } = list.place;
  const order = [
    ...(list.key ? [ascending ? sql`${list.key} asc nulls first` : sql`${list.key} desc nulls last`] : []),
    ...(oneChain ? [] : [sql`place_block.timestamp ${way}`, sql`${chainId} ${way}`]),
    sql`${pos} ${way}`,
    ...(list.place.item ? [sql`${list.place.item} ${way}`] : []),
  ];
  const where = [
    ...(list.where ?? []),
    ...(after ? [beyond(list, prepared, after, prepared.direction)] : []),
    ...(before ? [beyond(list, prepared, before, prepared.direction === 'ASC' ? 'DESC' : 'ASC')] : []),
  ];
  return sql`
    select ${list.columns}, ${list.key ? sql`(${list.key})::text` : sql`null::text`} as "$key",
      ${oneChain ? sql`0::bigint` : sql`place_block.timestamp`} as "$timestamp",
      ${chainId} as "$chain", ${pos} as "$pos", ${item(list)} as "$item"
    from ${source(list, oneChain)}
    where ${all(where)}
    order by ${join(order, ', ')}
    limit ${request.size + 1}`;
}

/** The rows that come after `place` in that direction; never null. */
function beyond<Row extends QueryResultRow, Node>(
  list: List<Row, Node>,
  { oneChain }: Prepared,
  place: Place,
  direction: Direction,
): Sql {
  const compare = direction === 'ASC' ? sql`>` : sql`<`;
  const columns = [
    ...(oneChain ? [] : [sql`place_block.timestamp`, list.place.chainId]),
    list.place.pos,
    ...(list.place.item ? [list.place.item] : []),
  ];
  const values = [
    ...(oneChain ? [] : [sql`${place.timestamp}::bigint`, sql`${place.chainId}::integer`]),
    sql`${place.pos}::bigint`,
    ...(list.place.item ? [sql`${place.item}::integer`] : []),
  ];
  const later = sql`(${join(columns, ', ')}) ${compare} (${join(values, ', ')})`;
  if (!list.key) return later;
  if (place.key === null) {
    const tie = sql`(${list.key} is null and ${later})`;
    return direction === 'ASC' ? sql`(${list.key} is not null or ${tie})` : tie;
  }
  const key = sql`${place.key}::numeric`;
  const beyondKey = sql`coalesce(${list.key} ${compare} ${key} or (${list.key} = ${key} and ${later}), false)`;
  return direction === 'ASC' ? beyondKey : sql`(${list.key} is null or ${beyondKey})`;
}

/** What a page may ask beyond its rows; `index` is that of the parent. */
interface Questions {
  count(index: number): Promise<number>;
  exists(index: number, from: Sql, where: Sql): Promise<boolean>;
}

function alone<Row extends QueryResultRow, Node>(context: Context, list: List<Row, Node>): Questions {
  return {
    async count() {
      const [row] = await context.snapshot.query<{ n: number }>(
        sql`select count(*)::integer as n from ${list.from} where ${all(list.where ?? [])}`,
      );
      return row?.n ?? 0;
    },
    async exists(_, from, where) {
      return (await context.snapshot.query(sql`select 1 from ${from} where ${where} limit 1`)).length > 0;
    },
  };
}

function ofParents<Row extends QueryResultRow, Node>(
  context: Context,
  parents: { select: Sql },
  list: List<Row, Node>,
): Questions {
  let counts: Promise<Map<number, number>> | undefined;
  return {
    async count(index) {
      counts ??= context.snapshot
        .query<{ ord: bigint; n: number }>(sql`
          select parent.ord::bigint as ord,
            (select count(*)::integer from ${list.from} where ${all(list.where ?? [])}) as n
          from (${parents.select}) parent`)
        .then((rows) => new Map(rows.map((row) => [Number(row.ord) - 1, row.n])));
      return (await counts).get(index) ?? 0;
    },
    async exists(index, from, where) {
      const rows = await context.snapshot.query(sql`
        select 1 from (${parents.select}) parent
        where parent.ord = ${index + 1}::bigint and exists (select 1 from ${from} where ${where})`);
      return rows.length > 0;
    },
  };
}

async function connections<Row extends QueryResultRow, Node>(
  context: Context,
  list: List<Row, Node>,
  prepared: Prepared,
  pages: (Row & PlaceRow)[][],
  ask: Questions,
): Promise<Connection<Node>[]> {
  const { request, after, before, direction } = prepared;
  const kept = pages.map((rows) => {
    const page = rows.slice(0, request.size);
    return request.backward ? page.reverse() : page;
  });
  const nodes = await list.toNodes(kept.flat());
  let start = 0;
  return kept.map((rows, index) => {
    const pageNodes = nodes.slice(start, start + rows.length);
    start += rows.length;
    const more = pages[index]!.length > request.size;
    const cursorOf = (row: PlaceRow | undefined) => (row ? cursor(context, list.name, row) : Promise.resolve(null));
    // Whether anything stands on the far side of a cursor that was given, the cursor's own row included.
    const farSide = (place: DecodedCursor, way: Direction) => {
      const where = all([...(list.where ?? []), sql`not ${beyond(list, prepared, place, way)}`]);
      return ask.exists(index, source(list, prepared.oneChain), where);
    };
    const opposite: Direction = direction === 'ASC' ? 'DESC' : 'ASC';
    return {
      nodes: pageNodes,
      edges: rows.map((row, position) => ({
        cursor: () => cursor(context, list.name, row),
        node: pageNodes[position] as Node,
      })),
      pageInfo: {
        startCursor: () => cursorOf(rows[0]),
        endCursor: () => cursorOf(rows[rows.length - 1]),
        hasNextPage: () => (!request.backward && more) || (before ? farSide(before, opposite) : false),
        hasPreviousPage: () => (request.backward && more) || (after ? farSide(after, direction) : false),
        changeCursor: async () => encodeChangeCursor(await context.snapshot.changePosition()),
      },
      totalCount: () => ask.count(index),
    };
  });
}

async function cursor(context: Context, list: string, row: PlaceRow): Promise<string> {
  const block = await blockAt(context, row.$chain, BigInt(blockOf(row.$pos)));
  if (!block) throw new Error(`no block for position ${row.$pos} of chain ${row.$chain}`);
  const place = { key: row.$key, timestamp: row.$timestamp, chainId: row.$chain, pos: row.$pos, item: row.$item };
  return encodeCursor(list, place, block.hash);
}
