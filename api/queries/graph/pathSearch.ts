import { edgeId, isAccount, type WalkEdge } from './walk';

export const MOST_EDGES_OF_PATH = 6;
/** Edges gone over while paths are followed: a few thousand edges can make millions of paths. */
const MOST_STEPS = 200_000;
const PPM = 1_000_000n;

export interface FoundPath {
  /** From the data side to the money side. */
  edges: WalkEdge[];
  /** Product of the weights, times 10^36: six edges of 10^6 ppm. */
  weight: bigint;
}

/**
 * The best paths without repeated nodes from `from` to `to` along `edges`, accounts only at the ends: the heaviest first,
 * then the shorter, then by node ids (and by edge ids, where the nodes are the same).
 * @returns null where there are too many ways to go over them all
 */
export function bestPaths(edges: readonly WalkEdge[], from: string, to: string, limit: number): FoundPath[] | null {
  const outgoing = groupBy(edges, (edge) => edge.from);
  const distances = distancesTo(edges, to);
  const best: FoundPath[] = [];
  const path: WalkEdge[] = [];
  const on = new Set([from]);
  let steps = 0;
  const follow = (node: string, weight: bigint): boolean => {
    for (const edge of outgoing.get(node) ?? []) {
      if (++steps > MOST_STEPS) return false;
      const left = MOST_EDGES_OF_PATH - path.length - 1;
      if (on.has(edge.to) || (distances.get(edge.to) ?? Number.POSITIVE_INFINITY) > left) continue;
      path.push(edge);
      const product = weight * (edge.weightPpm ?? PPM);
      if (edge.to === to) {
        keep(best, { edges: [...path], weight: product * PPM ** BigInt(left) }, limit);
      } else if (!isAccount(edge.to)) {
        on.add(edge.to);
        if (!follow(edge.to, product)) return false;
        on.delete(edge.to);
      }
      path.pop();
    }
    return true;
  };
  if (from === to || limit === 0) return [];
  return follow(from, 1n) ? best : null;
}

/** Edges from each node to `to`, at least. */
function distancesTo(edges: readonly WalkEdge[], to: string): Map<string, number> {
  const incoming = groupBy(edges, (edge) => edge.to);
  const distances = new Map([[to, 0]]);
  for (const [node, distance] of distances) {
    if (distance === MOST_EDGES_OF_PATH) continue;
    for (const { from } of incoming.get(node) ?? []) if (!distances.has(from)) distances.set(from, distance + 1);
  }
  return distances;
}

function groupBy(edges: readonly WalkEdge[], keyOf: (edge: WalkEdge) => string): Map<string, WalkEdge[]> {
  const groups = new Map<string, WalkEdge[]>();
  for (const edge of edges) {
    const group = groups.get(keyOf(edge));
    if (group) group.push(edge);
    else groups.set(keyOf(edge), [edge]);
  }
  return groups;
}

function keep(best: FoundPath[], path: FoundPath, limit: number): void {
  const last = best[best.length - 1];
  if (best.length === limit && last && comparePaths(path, last) > 0) return;
  let at = best.length;
  while (at > 0 && comparePaths(path, best[at - 1]!) < 0) at--;
  best.splice(at, 0, path);
  if (best.length > limit) best.pop();
}

/** The order of paths; those of both ways between two nodes are put together by it. */
export function comparePaths(a: FoundPath, b: FoundPath): number {
  if (a.weight !== b.weight) return a.weight > b.weight ? -1 : 1;
  if (a.edges.length !== b.edges.length) return a.edges.length - b.edges.length;
  return compareLists(nodesOf(a), nodesOf(b)) || compareLists(a.edges.map(edgeId), b.edges.map(edgeId));
}

export function nodesOf({ edges }: FoundPath): string[] {
  return [edges[0]!.from, ...edges.map((edge) => edge.to)];
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [i, text] of a.entries()) if (text !== b[i]) return text < b[i]! ? -1 : 1;
  return 0;
}

/** The path's weight as a number: the nearest one to the exact product. */
export function weightOf({ weight }: FoundPath): number {
  let [above, zeros] = [weight, 6 * MOST_EDGES_OF_PATH];
  while (zeros > 0 && above % 10n === 0n) {
    above /= 10n;
    zeros--;
  }
  return Number(`${above}e-${zeros}`);
}
