import { answeredAsOf } from '../../asOf';
import type { Context } from '../../context';
import { apiError } from '../../errors';
import { loadNode } from '../../nodes';
import { sql } from '../../sql';
import { tokenAmount, tokenId } from '../../tokens';
import type { Block } from '../../types/block';
import type { AttributionGraph, GraphDirection, GraphPath } from '../../types/graph';
import type { TokenAmount } from '../../types/token';
import { readEdges } from './edges';
import { graphEdge, graphId, graphNodes } from './nodes';
import { type FoundPath, nodesOf, weightOf } from './pathSearch';
import { pathsBetween } from './paths';
import { type EdgeTotals, edgesLeftOut } from './totals';
import { type WalkEdge, type WalkNode, walkGraph } from './walk';

const MAX_INT = 2n ** 31n - 1n;

export interface GraphAsked {
  direction: GraphDirection;
  depth: number;
  minWeightPpm: number;
  limit: number;
}

/** null for a root that doesn't exist. */
export async function attributionGraph(
  context: Context,
  rootId: string,
  { direction, depth, minWeightPpm, limit }: GraphAsked,
): Promise<AttributionGraph | null> {
  const { id } = graphId(rootId, 'root');
  const chainIds = await chainsOf(context, [id]);
  const root = loadNode(context, id);
  // The root's own are asked for with it, in one packet; what else hangs on an id that doesn't exist is not of the graph.
  const edgesOf = async (level: readonly WalkNode[], count: number) => {
    const isKnown = level[0]?.id === id || (await root) !== null;
    return isKnown ? readEdges(context, level, { direction, minWeightPpm, chainIds }, count) : new Map();
  };
  const [found, walk] = await Promise.all([root, walkGraph(id, { depth, limit, edgesOf })]);
  if (!found) return null;
  let left: Promise<EdgeTotals> | undefined;
  const omitted = () => {
    // A smallest weight leaves out edges of any node.
    const nodes = minWeightPpm > 0 ? walk.expanded : walk.cutOff;
    left ??= edgesLeftOut(context, nodes, walk.edges, direction, chainIds);
    return left;
  };
  const nodes = graphNodes(context, walk.nodes, walk.edges);
  return {
    root: nodes[0]!,
    nodes,
    edges: walk.edges.map((edge) => graphEdge(context, edge)),
    truncated: async () => (await omitted()).edges > 0n,
    omittedEdges: async () => {
      const { edges } = await omitted();
      return Number(edges > MAX_INT ? MAX_INT : edges);
    },
    omittedWeightPpm: async () => (await omitted()).weightPpm,
    asOf: () => blockOf(context, chainIds),
  };
}

/** null where one of the two doesn't exist. */
export async function attributionPaths(
  context: Context,
  from: string,
  to: string,
  limit: number,
): Promise<GraphPath[] | null> {
  const ids = [graphId(from, 'from').id, graphId(to, 'to').id] as const;
  const nodes = await Promise.all(ids.map((id) => loadNode(context, id)));
  if (nodes.includes(null)) return null;
  const chainIds = await chainsOf(context, ids);
  if (chainIds.length === 0) return [];
  const paths = await pathsBetween(context, ids, chainIds, limit);
  return paths.map((path) => toPath(context, path));
}

function toPath(context: Context, path: FoundPath): GraphPath {
  return {
    nodes: graphNodes(
      context,
      nodesOf(path).map((id, depth) => ({ id, depth })),
      path.edges,
    ),
    edges: path.edges.map((edge) => graphEdge(context, edge)),
    weight: weightOf(path),
    amount: amountsOf(context, path.edges),
  };
}

/** By token, of the REWARDED edges. */
function amountsOf(context: Context, edges: readonly WalkEdge[]): TokenAmount[] {
  const sums = new Map<string, { chainId: number; token: Buffer | null; value: bigint }>();
  for (const { kind, chainId, amount } of edges) {
    if (kind !== 'REWARDED' || !amount) continue;
    const id = tokenId(chainId, amount.token);
    const value = (sums.get(id)?.value ?? 0n) + BigInt(amount.value);
    sums.set(id, { chainId, token: amount.token, value });
  }
  return [...sums.values()].map(({ chainId, token, value }) => tokenAmount(context, chainId, token, value));
}

/** The chains on which there may be something of all the ids: an account's are those that saw it. */
async function chainsOf(context: Context, ids: readonly string[]): Promise<number[]> {
  const own = await Promise.all(
    ids.map(async (id) => {
      const { parsed } = graphId(id, 'id');
      if (parsed.type !== 'account') return [parsed.chainId];
      const rows = await context.snapshot.query<{ chain_id: number }>(
        sql`select chain_id from account where address = ${parsed.address}::bytea order by chain_id`,
      );
      return rows.map(({ chain_id }) => chain_id);
    }),
  );
  const [first = [], ...rest] = own;
  return first.filter((chainId) => rest.every((other) => other.includes(chainId)));
}

/** Of several chains, the newest block by time, then by chain id. */
async function blockOf(context: Context, chainIds: readonly number[]): Promise<Block> {
  const blocks = await Promise.all(chainIds.map((chainId) => answeredAsOf(context, chainId)));
  const newest = blocks.sort((a, b) => Number(b.timestamp) - Number(a.timestamp) || b.chainId - a.chainId)[0];
  if (!newest) throw apiError('UNAVAILABLE', 'The database does not answer. Try again.');
  return newest;
}
