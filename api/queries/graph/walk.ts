import { blockOf, logIndexOf } from '../../../schema/position';
import { GraphDirection, GraphEdgeKind, GraphNodeKind } from '../../types/graph';

/** An edge as it is read: of whatever node it was asked for. */
export interface WalkEdge {
  kind: GraphEdgeKind;
  from: string;
  to: string;
  chainId: number;
  /** Seconds, of the edges of an account on several chains; else 0, one chain's order being enough. */
  timestamp: bigint;
  /** The event that made it, and the edge's place among what that event made. */
  pos: bigint;
  item: number;
  weightPpm: bigint | null;
  /** What flowed along it; token: null where no event names it. */
  amount: { value: string; token: Buffer | null } | null;
}

export interface WalkNode {
  id: string;
  depth: number;
  /** The edge that led to it; none to the root. */
  by?: WalkEdge;
}

export interface WalkOptions {
  depth: number;
  limit: number;
  /**
   * The edges of a level's nodes but those that led to them, for each in its order (`byRank`) and nothing of it left out but
   * a tail: of all nodes together, in their order, at least `count` different edges have to come before one may be missing.
   */
  edgesOf(level: readonly WalkNode[], count: number): Promise<ReadonlyMap<string, readonly WalkEdge[]>>;
}

export interface Walk {
  /** In the order found, the root first. */
  nodes: WalkNode[];
  /** In the order taken. */
  edges: WalkEdge[];
  /** The nodes above `depth`, ends left out. */
  expanded: WalkNode[];
  /** Those of them of which edges may have been left out because of the limit. */
  cutOff: WalkNode[];
}

/** Breadth first from `root`, as the contract's AttributionGraph says. */
export async function walkGraph(root: string, { depth, limit, edgesOf }: WalkOptions): Promise<Walk> {
  const nodes: WalkNode[] = [{ id: root, depth: 0 }];
  const known = new Set([root]);
  const taken: WalkEdge[] = [];
  // Of those taken that led to no new node: alone they may be met again, at their other end.
  const met = new Set<string>();
  const expanded: WalkNode[] = [];
  const cutOff: WalkNode[] = [];
  // How many of them were taken on the last level.
  let further = 0;
  for (let level = nodes.slice(), at = 0; at < depth && level.length > 0; at++) {
    const found: WalkNode[] = [];
    const open = level.filter(({ id }) => id === root || !isAccount(id));
    expanded.push(...open);
    // Whoever has gone through as many different edges has taken those that were not taken on the last level.
    const count = limit - taken.length + further;
    const edges = taken.length < limit && open.length > 0 ? await edgesOf(open, count) : new Map();
    further = 0;
    for (const node of open) {
      for (const edge of (edges.get(node.id) ?? []) as readonly WalkEdge[]) {
        if (taken.length === limit) break;
        const other = edge.from === node.id ? edge.to : edge.from;
        if (known.has(other)) {
          const key = edgeKey(edge);
          if (met.has(key)) continue;
          met.add(key);
          further++;
        } else {
          known.add(other);
          found.push({ id: other, depth: at + 1, by: edge });
        }
        taken.push(edge);
      }
      if (taken.length === limit) cutOff.push(node);
    }
    nodes.push(...found);
    level = found;
  }
  return { nodes, edges: taken, expanded, cutOff };
}

export function isAccount(id: string): boolean {
  return id.startsWith('account:');
}

const KINDS_BY_TYPE = new Map(Object.values(GraphNodeKind).map((kind) => [kind.toLowerCase(), kind]));

/** The type in an id is the kind of its node. */
export function kindOfNode(id: string): GraphNodeKind {
  return KINDS_BY_TYPE.get(id.slice(0, id.indexOf(':')))!;
}

/** The same for an edge from both its ends: of a kind, an event makes one edge for each item. */
export function edgeKey({ kind, chainId, pos, item }: WalkEdge): string {
  return `${kind} ${chainId} ${pos} ${item}`;
}

export function edgeId({ kind, from, to, pos }: WalkEdge): string {
  return `${kind}:${from}>${to}:${blockOf(pos)}-${logIndexOf(pos)}`;
}

const KINDS = Object.values(GraphEdgeKind);

export function rankOfKind(kind: GraphEdgeKind): number {
  return KINDS.indexOf(kind);
}

/** The order of a node's edges: by weight, none last, then chain order, newest first, then kind. */
export function byRank(a: WalkEdge, b: WalkEdge): number {
  return (
    descending(a.weightPpm ?? -1n, b.weightPpm ?? -1n) ||
    descending(a.timestamp, b.timestamp) ||
    b.chainId - a.chainId ||
    descending(a.pos, b.pos) ||
    b.item - a.item ||
    rankOfKind(a.kind) - rankOfKind(b.kind)
  );
}

function descending(a: bigint, b: bigint): number {
  return a === b ? 0 : a > b ? -1 : 1;
}

export const goesUp = (direction: GraphDirection) => direction !== GraphDirection.DOWNSTREAM;
export const goesDown = (direction: GraphDirection) => direction !== GraphDirection.UPSTREAM;
