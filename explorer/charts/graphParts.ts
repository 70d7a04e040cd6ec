import type { GraphData } from '../documents';

export type Graph = NonNullable<GraphData['attributionGraph']>;
export type GraphNode = Graph['nodes'][number];
export type GraphEdge = Graph['edges'][number];

/** Two walks from the same root as one graph. */
export function joined(up: Graph | null | undefined, down: Graph | null | undefined): Graph | null {
  if (!up || !down) return null;
  const unique = <Each extends { id: string }>(all: readonly Each[]) => [
    ...new Map(all.map((each) => [each.id, each])).values(),
  ];
  return {
    ...up,
    nodes: unique([...up.nodes, ...down.nodes]),
    edges: unique([...up.edges, ...down.edges]),
    omittedEdges: up.omittedEdges + down.omittedEdges,
    omittedWeightPpm: String(BigInt(up.omittedWeightPpm) + BigInt(down.omittedWeightPpm)),
  };
}

/** Where nothing was weighed there is a line all the same. */
const UNWEIGHED = 0.1;

/**
 * How wide each edge is: weights as they are, 0..1; money as a share of the fee of its inference, or of all money on edges
 * of its kind and token where there is no fee.
 */
export function widthsOf(edges: readonly GraphEdge[]): Map<string, number> {
  const fees = new Map<string, number>();
  const rewardOf = new Map<string, GraphEdge>();
  const sums = new Map<string, number>();
  for (const edge of edges) {
    const amount = Number(edge.amount?.amount ?? 0);
    if (edge.kind === 'PAID_FOR') fees.set(edge.from, amount);
    if (edge.kind === 'REWARDED') rewardOf.set(edge.to, edge);
    const group = groupOf(edge);
    sums.set(group, (sums.get(group) ?? 0) + amount);
  }
  const share = (edge: GraphEdge): number => {
    if (edge.weightPpm !== null) return Number(edge.weightPpm) / 1_000_000;
    if (!edge.amount) return UNWEIGHED;
    // What was received is as wide as the reward it comes from.
    const source = edge.kind === 'RECEIVED' ? rewardOf.get(edge.from) : edge;
    const whole = (source && fees.get(source.from)) || sums.get(groupOf(edge)) || 1;
    return Math.max(0.01, Number(edge.amount.amount) / whole);
  };
  return new Map(edges.map((edge) => [edge.id, share(edge)]));
}

const groupOf = ({ kind, amount }: GraphEdge) => `${kind} ${amount?.token.id}`;

/** What a node is called where labels are short. */
export function labelOf({ label, kind, id }: GraphNode): string {
  const text = label || id;
  const short = text.replace(/0x[0-9a-fA-F]{10,}/, (hex) => `${hex.slice(0, 6)}…${hex.slice(-4)}`);
  const named = kind === 'INFERENCE' && short.startsWith('0x') ? `answer ${short}` : short;
  return named.length > 26 ? `${named.slice(0, 25)}…` : named;
}

/** Under the mouse or with the focus, a node and what it is connected with light up wherever they appear. */
export const lights = (id: string, onLight: (id: string | null) => void) => ({
  onMouseEnter: () => onLight(id),
  onMouseLeave: () => onLight(null),
});
