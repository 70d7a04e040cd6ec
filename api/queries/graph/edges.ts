import type { Context } from '../../context';
import { idOfTexts, placedId } from '../../ids';
import { all, join, Slot, Sql, sql, Template } from '../../sql';
import { GraphDirection, type GraphEdgeKind, GraphNodeKind } from '../../types/graph';
import { arraysOf, arrayText, type Place, placesByKind } from './places';
import type { EdgeSource, GraphNodeType } from './source';
import { sourcesOf } from './sources';
import { byRank, edgeKey, goesDown, goesUp, rankOfKind, type WalkEdge, type WalkNode } from './walk';

export interface EdgesAsked {
  direction: GraphDirection;
  minWeightPpm: number;
  /** The chains on which an account's edges are. */
  chainIds: readonly number[];
  /** All if not given. */
  kinds?: ReadonlySet<GraphEdgeKind>;
  /** What contributions have to fulfil, as c, for edges towards them; any if not given. */
  contributions?: Sql;
}

/** As few columns as will do: a picture has hundreds of rows, each of whose fields has its price. */
interface EdgeRow {
  ordinal: number;
  /** The place of its source among those that were asked. */
  source: number;
  /** Of the other end, where the source doesn't say it. */
  type: GraphNodeType | null;
  /** As its id has it; null of a reward, whose place is `pos`. */
  key: string | null;
  pos: bigint;
  item: number;
  weight: bigint | null;
  value: string | null;
  token: Buffer | null;
  timestamp: bigint | null;
}

/**
 * The edges of `nodes` but those that led to them, by rank: a statement for each kind of node that is among them, but for kinds that come after `count`
 * different edges. Of the nodes of a kind together the first `count` different edges are read, in the order of the nodes.
 */
export async function readEdges(
  context: Context,
  nodes: readonly Pick<WalkNode, 'id' | 'by'>[],
  asked: EdgesAsked,
  count: number,
): Promise<Map<string, WalkEdge[]>> {
  const edges = new Map<string, WalkEdge[]>();
  let read = 0;
  for (const [kind, places] of placesByKind(nodes, asked.chainIds)) {
    const [first] = places;
    if (!first || (read >= count && hasBefore(first.node.id, nodes, edges, count))) continue;
    // An edge comes from both its ends where they are of one kind, as of a model and its parent, of which each has one.
    const twice = kind === GraphNodeKind.MODEL ? places.length : 0;
    const { sources, statement } = readingOf(context, kind, asked);
    if (sources.length === 0) continue;
    const rows = await context.snapshot.query<EdgeRow>(
      statement.text,
      statement.valuesWith({
        chainIds: arrayText(places.map(({ chainId }) => chainId)),
        keys: arrayText(places.map(({ key }) => key)),
        kinds: arrayText(places.map(({ node: { by } }) => (by ? String(rankOfKind(by.kind)) : 'null'))),
        positions: arrayText(places.map(({ node: { by } }) => (by ? String(by.pos) : 'null'))),
        items: arrayText(places.map(({ node: { by } }) => (by ? String(by.item) : 'null'))),
        rows: count + twice,
        minWeightPpm: asked.minWeightPpm,
      }),
    );
    read += rows.length;
    for (const row of rows) {
      const place = places[row.ordinal]!;
      const edge = toEdge(row, place, sources[row.source]!);
      const own = edges.get(place.node.id);
      if (own) own.push(edge);
      else edges.set(place.node.id, [edge]);
    }
  }
  // Of one place they come in that order.
  if (asked.chainIds.length > 1) for (const own of edges.values()) own.sort(byRank);
  return edges;
}

/** Whether the nodes before that one have as many different edges. */
function hasBefore(
  node: string,
  nodes: readonly Pick<WalkNode, 'id' | 'by'>[],
  edges: ReadonlyMap<string, readonly WalkEdge[]>,
  count: number,
): boolean {
  const different = new Set<string>();
  for (const { id } of nodes) {
    if (id === node) return false;
    for (const edge of edges.get(id) ?? []) different.add(edgeKey(edge));
    if (different.size >= count) return true;
  }
  return false;
}

/** How the edges of nodes of one kind are read. */
interface Reading {
  /** In the order of the edges' kinds. */
  sources: readonly EdgeSource[];
  statement: Template;
}

const readings = new Map<string, Reading>();

function readingOf(context: Context, kind: GraphNodeKind, asked: EdgesAsked): Reading {
  const { direction, minWeightPpm, chainIds, kinds, contributions } = asked;
  const past = context.at !== null;
  const name = [kind, direction, past, minWeightPpm > 0, chainIds.length > 1, ...(kinds ?? [])].join();
  const known = contributions ? undefined : readings.get(name);
  if (known) return known;
  const sources = sourcesOf(kind, past)
    .filter((source) => (source.up ? goesUp(direction) : goesDown(direction)) && (kinds?.has(source.kind) ?? true))
    .sort((a, b) => rankOfKind(a.kind) - rankOfKind(b.kind));
  const reading = { sources, statement: new Template(writeReading(kind, sources, asked)) };
  if (!contributions) readings.set(name, reading);
  return reading;
}

// The order within a node is byRank's, so that what a limit cuts off is the end. Reading stops with the node in which `rows`
// is reached: by the places alone, for a sort by more would read the next one to find a node's end. They come in order, and
// so does what is looked up for each: no plan has a sort above. Of a `with`, Postgres before 17 wouldn't see the order.
function writeReading(kind: GraphNodeKind, sources: readonly EdgeSource[], asked: EdgesAsked): Sql {
  const limit = sql`limit ${new Slot('rows')}::bigint`;
  // One of them may be the edge that led to the node.
  const most = sql`limit ${new Slot('rows')}::bigint + 1`;
  const pieces = sources.map((source, at) => sql`(${pieceOf(source, at, asked, most)} ${most})`);
  // Time matters only where edges of several chains meet, which none but an account has. Looked up for each, since a join
  // may read every block.
  const time =
    kind === GraphNodeKind.ACCOUNT && asked.chainIds.length > 1
      ? sql`(select b.timestamp from block b where b.chain_id = p.chain_id and b.number = block_of(x.pos))`
      : sql`null::bigint`;
  // An account's places are its chains, each of which is read; of other nodes those up to the last that is needed.
  const together = kind === GraphNodeKind.ACCOUNT ? sql`` : limit;
  const places = arraysOf(kind, new Slot('chainIds'), new Slot('keys'));
  const ledBy = sql`${new Slot('kinds')}::smallint[], ${new Slot('positions')}::bigint[], ${new Slot('items')}::integer[]`;
  return sql`
    select (p.ordinal - 1)::integer as ordinal, x.source, x.type,
      coalesce(x.number::text, '0x' || encode(x.bytes, 'hex')) as key, x.pos, x.item, x.weight, x.value, x.token,
      ${time} as timestamp
    from unnest(${places}, ${ledBy}) with ordinality as p (chain_id, key, kind, pos, item, ordinal)
    cross join lateral (
      select *
      from (${join(pieces, ' union all ')}) e
      where (e.kind, e.pos, e.item) is distinct from (p.kind, p.pos, p.item)
      order by e.weight desc nulls last, e.pos desc, e.item desc, e.source
      ${limit}
    ) x
    order by p.ordinal
    ${together}`;
}

function pieceOf(source: EdgeSource, at: number, { minWeightPpm, contributions }: EdgesAsked, limit: Sql): Sql {
  const { type, number, bytes, weight, value, token } = source;
  const where = [
    ...source.where,
    ...(weight && minWeightPpm > 0 ? [sql`${weight} >= ${new Slot('minWeightPpm')}::bigint`] : []),
    ...(contributions && source.ofContribution ? [contributions] : []),
  ];
  return sql`
    select ${at}::smallint as source, ${rankOfKind(source.kind)}::smallint as kind, ${type instanceof Sql ? type : sql`null`} as type,
      ${number ?? sql`null::numeric`} as number, ${bytes ?? sql`null::bytea`} as bytes, ${source.pos} as pos,
      ${source.item ?? sql`0`} as item, ${weight ?? sql`null::bigint`} as weight, ${value ?? sql`null::numeric`} as value,
      ${token ?? sql`null::bytea`} as token
    from ${source.from instanceof Sql ? source.from : source.from(limit)}
    where ${all(where)}
    order by ${source.order}`;
}

function toEdge(row: EdgeRow, { node, chainId }: Place, { kind, up, type }: EdgeSource): WalkEdge {
  const other = otherId(row, chainId, row.type ?? (type as GraphNodeType));
  return {
    kind,
    from: up ? other : node.id,
    to: up ? node.id : other,
    chainId: Number(chainId),
    timestamp: row.timestamp ?? 0n,
    pos: row.pos,
    item: row.item,
    weightPpm: row.weight,
    amount: row.value === null ? null : { value: row.value, token: row.token },
  };
}

function otherId({ key, pos }: EdgeRow, chainId: string, type: GraphNodeType): string {
  if (key === null) return placedId('reward', Number(chainId), pos);
  return idOfTexts(type, chainId, key);
}
