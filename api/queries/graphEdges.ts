import type { Context } from '../context';
import { accountId, adapterId, contributionId, datanetId, inferenceId, modelId, parseId, placedId } from '../ids';
import { all, join, Sql, sql } from '../sql';
import { GraphDirection, GraphEdgeKind, GraphNodeKind } from '../types/graph';
import type { EdgeSource } from './graphSource';
import { sourcesOf } from './graphSources';
import { byRank, edgeId, goesDown, goesUp, kindOfNode, rankOfKind, type WalkEdge, type WalkNode } from './graphWalk';
import { arrayOf, type Key, type KeyType } from './keyed';

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

/** One node on one chain: an account has edges on several. */
interface Place {
  node: string;
  chainId: number;
  key: Key;
}

interface EdgeRow {
  ordinal: number;
  kind: number;
  up: boolean;
  type: string;
  number: string | null;
  bytes: Buffer | null;
  placed: bigint | null;
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
  for (const [kind, places] of placesByKind(nodes, asked.chainIds)) {
    const [first] = places;
    if (!first || hasBefore(first.node, nodes, edges, count)) continue;
    // An edge comes from both its ends where they are of one kind, as of a model and its parent, of which each has one.
    const twice = kind === GraphNodeKind.MODEL ? places.length : 0;
    for (const row of await readKind(context, kind, places, asked, count + twice)) {
      const place = places[row.ordinal]!;
      const own = edges.get(place.node);
      if (own) own.push(toEdge(row, place));
      else edges.set(place.node, [toEdge(row, place)]);
    }
  }
  for (const own of edges.values()) own.sort(byRank);
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
    for (const edge of edges.get(id) ?? []) different.add(edgeId(edge));
    if (different.size >= count) return true;
  }
  return false;
}

function placesOf(node: string, chainIds: readonly number[]): Place[] {
  const id = parseId(node);
  switch (id?.type) {
    case 'account':
      return chainIds.map((chainId) => ({ node, chainId, key: id.address }));
    case 'datanet':
    case 'contribution':
    case 'model':
    case 'adapter':
    case 'inference':
      return [{ node, chainId: id.chainId, key: id.key }];
    case 'reward':
      return [{ node, chainId: id.chainId, key: id.pos }];
    default:
      throw new Error(`no node of the graph: ${node}`);
  }
}

const KEY_TYPES: Readonly<Record<GraphNodeKind, KeyType>> = {
  ACCOUNT: 'bytea',
  DATANET: 'numeric',
  CONTRIBUTION: 'numeric',
  MODEL: 'numeric',
  ADAPTER: 'numeric',
  INFERENCE: 'bytea',
  REWARD: 'bigint',
};

/** unnest() of the places, as a relation of ordinal, chain_id and key. */
export function relationOf(kind: GraphNodeKind, places: readonly { chainId: number; key: Key }[]): Sql {
  const keys = arrayOf(
    KEY_TYPES[kind],
    places.map(({ key }) => key),
  );
  return sql`select * from unnest(
    ${places.map((_, ordinal) => ordinal)}::integer[], ${places.map(({ chainId }) => chainId)}::integer[], ${keys}
  ) as k (ordinal, chain_id, key)`;
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
    if (own) own.push(...placesOf(id, chainIds));
    else places.set(kind, placesOf(id, chainIds));
  }
  return places;
}

// The order within a node is byRank's, so that what a limit cuts off is the end. Reading stops with the node in which `rows`
// is reached: by the places alone, for a sort by more would read the next one to find a node's end. They come in order, and
// so does what is looked up for each: no plan has a sort above. Of a `with`, Postgres before 17 wouldn't see the order.
async function readKind(
  context: Context,
  kind: GraphNodeKind,
  places: readonly Place[],
  asked: EdgesAsked,
  rows: number,
): Promise<EdgeRow[]> {
  const sources = sourcesOf(kind, context.at !== null).filter(
    (source) =>
      (source.up ? goesUp(asked.direction) : goesDown(asked.direction)) && (asked.kinds?.has(source.kind) ?? true),
  );
  if (sources.length === 0) return [];
  const limit = sql`limit ${rows}::bigint`;
  const pieces = sources.map((source) => sql`(${pieceOf(source, asked, limit)} ${limit})`);
  // Time matters only where edges of several chains meet, which none but an account has. Looked up for each, since a join
  // may read every block.
  const time =
    kind === GraphNodeKind.ACCOUNT && asked.chainIds.length > 1
      ? sql`(select b.timestamp from block b where b.chain_id = p.chain_id and b.number = block_of(x.pos))`
      : sql`null::bigint`;
  // An account's places are its chains, each of which is read; of other nodes those up to the last that is needed.
  const most = kind === GraphNodeKind.ACCOUNT ? sql`` : limit;
  return context.snapshot.query<EdgeRow>(sql`
    select p.ordinal, x.*, ${time} as timestamp
    from (${relationOf(kind, places)} order by 1) p
    cross join lateral (
      select *
      from (${join(pieces, ' union all ')}) e
      order by e.weight desc nulls last, e.pos desc, e.item desc, e.kind
      ${limit}
    ) x
    order by p.ordinal
    ${most}`);
}

function pieceOf(source: EdgeSource, { minWeightPpm, contributions }: EdgesAsked, limit: Sql): Sql {
  const { type, number, bytes, placed, weight, value, token } = source;
  const where = [
    ...source.where,
    ...(weight && minWeightPpm > 0 ? [sql`${weight} >= ${minWeightPpm}::bigint`] : []),
    ...(contributions && source.ofContribution ? [contributions] : []),
  ];
  return sql`
    select ${rankOfKind(source.kind)}::smallint as kind, ${source.up}::boolean as up, ${type} as type,
      ${number ?? sql`null::numeric`} as number, ${bytes ?? sql`null::bytea`} as bytes,
      ${placed ?? sql`null::bigint`} as placed, ${source.pos} as pos, ${source.item ?? sql`0`} as item,
      ${weight ?? sql`null::bigint`} as weight, ${value ?? sql`null::numeric`} as value,
      ${token ?? sql`null::bytea`} as token
    from ${source.from instanceof Sql ? source.from : source.from(limit)}
    where ${all(where)}
    order by ${source.order}`;
}

const EDGE_KINDS = Object.values(GraphEdgeKind);

function toEdge(row: EdgeRow, { node, chainId }: Place): WalkEdge {
  const other = otherId(row, chainId);
  return {
    kind: EDGE_KINDS[row.kind]!,
    from: row.up ? other : node,
    to: row.up ? node : other,
    chainId,
    timestamp: row.timestamp ?? 0n,
    pos: row.pos,
    item: row.item,
    weightPpm: row.weight,
    amount: row.value === null ? null : { value: row.value, token: row.token },
  };
}

function otherId({ type, number, bytes, placed }: EdgeRow, chainId: number): string {
  switch (type) {
    case 'account':
      return accountId(bytes!);
    case 'datanet':
      return datanetId(chainId, number!);
    case 'contribution':
      return contributionId(chainId, number!);
    case 'model':
      return modelId(chainId, number!);
    case 'adapter':
      return adapterId(chainId, number!);
    case 'inference':
      return inferenceId(chainId, bytes!);
    default:
      return placedId('reward', chainId, placed!);
  }
}
