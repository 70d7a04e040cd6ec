import type { Context } from '../../context';
import { idOfTexts, place, placedId, textsIn } from '../../ids';
import { all, join, Sql, sql } from '../../sql';
import { GraphDirection, type GraphEdgeKind, GraphNodeKind } from '../../types/graph';
import type { EdgeSource, GraphNodeType } from './source';
import { sourcesOf } from './sources';
import { byRank, edgeKey, goesDown, goesUp, kindOfNode, rankOfKind, type WalkEdge, type WalkNode } from './walk';

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

/** One node on one chain: an account has edges on several. Keys are as an array's text has them. */
export interface Place {
  node: string;
  chainId: string;
  key: string;
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
 * The edges of `nodes` by rank, a statement for each kind of node that is among them, but for kinds that come after `count`
 * different edges. Of the nodes of a kind together the first `count` different edges are read, in the order of the nodes.
 */
export async function readEdges(
  context: Context,
  nodes: readonly Pick<WalkNode, 'id'>[],
  asked: EdgesAsked,
  count: number,
): Promise<Map<string, WalkEdge[]>> {
  const edges = new Map<string, WalkEdge[]>();
  let read = 0;
  for (const [kind, places] of placesByKind(nodes, asked.chainIds)) {
    const [first] = places;
    if (!first || (read >= count && hasBefore(first.node, nodes, edges, count))) continue;
    // An edge comes from both its ends where they are of one kind, as of a model and its parent, of which each has one.
    const twice = kind === GraphNodeKind.MODEL ? places.length : 0;
    const sources = sourcesFor(context, kind, asked);
    const rows = await readRows(context, kind, sources, places, asked, count + twice);
    read += rows.length;
    for (const row of rows) {
      const place = places[row.ordinal]!;
      const edge = toEdge(row, place, sources[row.source]!);
      const own = edges.get(place.node);
      if (own) own.push(edge);
      else edges.set(place.node, [edge]);
    }
  }
  // Of one place they come in that order.
  if (asked.chainIds.length > 1) for (const own of edges.values()) own.sort(byRank);
  return edges;
}

/** Whether the nodes before that one have as many different edges. */
function hasBefore(
  node: string,
  nodes: readonly Pick<WalkNode, 'id'>[],
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

function placesOf(node: string, kind: GraphNodeKind, chainIds: readonly number[]): Place[] {
  const { chainId, key } = textsIn(node);
  if (chainId === null) return chainIds.map((each) => ({ node, chainId: String(each), key: bytesKey(key) }));
  if (kind === GraphNodeKind.INFERENCE) return [{ node, chainId, key: bytesKey(key) }];
  if (kind === GraphNodeKind.REWARD) return [{ node, chainId, key: String(place(key)) }];
  return [{ node, chainId, key }];
}

/** Of hex as ids have it. */
const bytesKey = (hex: string) => `\\\\x${hex.slice(2)}`;

const KEY_TYPES: Readonly<Record<GraphNodeKind, Sql>> = {
  ACCOUNT: sql`bytea[]`,
  DATANET: sql`numeric[]`,
  CONTRIBUTION: sql`numeric[]`,
  MODEL: sql`numeric[]`,
  ADAPTER: sql`numeric[]`,
  INFERENCE: sql`bytea[]`,
  REWARD: sql`bigint[]`,
};

/** unnest() of the places, as a relation of chain_id, key and ordinal, from 1. Written by us: pg takes each element apart. */
export function relationOf(kind: GraphNodeKind, places: readonly Place[]): Sql {
  const chainIds = `{${places.map(({ chainId }) => chainId).join()}}`;
  const keys = `{${places.map(({ key }) => key).join()}}`;
  return sql`unnest(${chainIds}::integer[], ${keys}::${KEY_TYPES[kind]}) with ordinality`;
}

/**
 * As the walk needs them, places by node kind, the kind first that is met first; of an account root a place for each of its
 * chains.
 */
export function placesByKind(
  nodes: readonly Pick<WalkNode, 'id'>[],
  chainIds: readonly number[],
): ReadonlyMap<GraphNodeKind, Place[]> {
  const places = new Map<GraphNodeKind, Place[]>();
  for (const { id } of nodes) {
    const kind = kindOfNode(id);
    const own = places.get(kind);
    if (own) own.push(...placesOf(id, kind, chainIds));
    else places.set(kind, placesOf(id, kind, chainIds));
  }
  return places;
}

/** In the order of the edges' kinds. */
function sourcesFor(context: Context, kind: GraphNodeKind, { direction, kinds }: EdgesAsked): EdgeSource[] {
  return sourcesOf(kind, context.at !== null)
    .filter((source) => (source.up ? goesUp(direction) : goesDown(direction)) && (kinds?.has(source.kind) ?? true))
    .sort((a, b) => rankOfKind(a.kind) - rankOfKind(b.kind));
}

// The order within a node is byRank's, so that what a limit cuts off is the end. Reading stops with the node in which `rows`
// is reached: by the places alone, for a sort by more would read the next one to find a node's end. They come in order, and
// so does what is looked up for each: no plan has a sort above. Of a `with`, Postgres before 17 wouldn't see the order.
async function readRows(
  context: Context,
  kind: GraphNodeKind,
  sources: readonly EdgeSource[],
  places: readonly Place[],
  asked: EdgesAsked,
  rows: number,
): Promise<EdgeRow[]> {
  if (sources.length === 0) return [];
  const limit = sql`limit ${rows}::bigint`;
  const pieces = sources.map((source, at) => sql`(${pieceOf(source, at, asked, limit)} ${limit})`);
  // Time matters only where edges of several chains meet, which none but an account has. Looked up for each, since a join
  // may read every block.
  const time =
    kind === GraphNodeKind.ACCOUNT && asked.chainIds.length > 1
      ? sql`(select b.timestamp from block b where b.chain_id = p.chain_id and b.number = block_of(x.pos))`
      : sql`null::bigint`;
  // An account's places are its chains, each of which is read; of other nodes those up to the last that is needed.
  const most = kind === GraphNodeKind.ACCOUNT ? sql`` : limit;
  return context.snapshot.query<EdgeRow>(sql`
    select (p.ordinal - 1)::integer as ordinal, x.source, x.type,
      coalesce(x.number::text, '0x' || encode(x.bytes, 'hex')) as key, x.pos, x.item, x.weight, x.value, x.token,
      ${time} as timestamp
    from ${relationOf(kind, places)} as p (chain_id, key, ordinal)
    cross join lateral (
      select *
      from (${join(pieces, ' union all ')}) e
      order by e.weight desc nulls last, e.pos desc, e.item desc, e.source
      ${limit}
    ) x
    order by p.ordinal
    ${most}`);
}

function pieceOf(source: EdgeSource, at: number, { minWeightPpm, contributions }: EdgesAsked, limit: Sql): Sql {
  const { type, number, bytes, weight, value, token } = source;
  const where = [
    ...source.where,
    ...(weight && minWeightPpm > 0 ? [sql`${weight} >= ${minWeightPpm}::bigint`] : []),
    ...(contributions && source.ofContribution ? [contributions] : []),
  ];
  return sql`
    select ${at}::smallint as source, ${type instanceof Sql ? type : sql`null`} as type,
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
    from: up ? other : node,
    to: up ? node : other,
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
