import type { Context } from '../../context';
import { type GraphDirection, GraphEdgeKind, GraphNodeKind } from '../../types/graph';
import { countsOf, slotName } from './counts';
import { arrayText, placesByKind } from './places';
import { goesDown, goesUp, kindOfNode, type WalkEdge, type WalkNode } from './walk';

export interface EdgeTotals {
  edges: bigint;
  weightPpm: bigint;
}

/**
 * An edge has a narrow end, where there are few of its kind (a contribution has one datanet), and a wide one, where there
 * may be millions (a datanet's contributions) and where a total is kept.
 */
const NARROW_END: Readonly<Record<GraphEdgeKind, 'from' | 'to'>> = {
  CONTRIBUTED: 'to',
  IN_DATANET: 'from',
  TRAINED_ON: 'to',
  DERIVED_FROM: 'to',
  ADAPTS: 'to',
  SERVED: 'to',
  INFLUENCED: 'to',
  PAID_FOR: 'from',
  REWARDED: 'to',
  RECEIVED: 'from',
};
/** The edges of which their narrow end has no other of the kind: that with its account, which each has for certain. */
const WITH_ACCOUNT: Partial<Record<GraphNodeKind, GraphEdgeKind>> = {
  CONTRIBUTION: GraphEdgeKind.CONTRIBUTED,
  INFERENCE: GraphEdgeKind.PAID_FOR,
  REWARD: GraphEdgeKind.RECEIVED,
};
/** And one which it may have: of those that served an inference the model. */
const WITH_OTHER: Partial<Record<GraphNodeKind, GraphEdgeKind>> = {
  CONTRIBUTION: GraphEdgeKind.IN_DATANET,
  MODEL: GraphEdgeKind.DERIVED_FROM,
  ADAPTER: GraphEdgeKind.ADAPTS,
  INFERENCE: GraphEdgeKind.SERVED,
  REWARD: GraphEdgeKind.REWARDED,
};
const accountKinds = new Set(Object.values(WITH_ACCOUNT));
const otherKinds = new Set(Object.values(WITH_OTHER));

/**
 * How many edges `nodes` have in that direction that the walk did not take, each counted once, and their weight.
 *
 * Seen from both ends, an edge is counted in the wide one's total, if that is among the nodes, else from the narrow one: no
 * edge of a wide end has to be read. Nor is a node asked for an edge that the walk took if it has only one of the kind, or
 * for the one with its account, which is not among the nodes then: the one account that is expanded is the root, and all
 * that the root has is found by those edges, before anything else.
 * @param nodes expanded ones: of the others, all that they have was taken
 * @param taken all that were
 */
export async function edgesLeftOut(
  context: Context,
  nodes: readonly WalkNode[],
  taken: readonly WalkEdge[],
  direction: GraphDirection,
  chainIds: readonly number[],
): Promise<EdgeTotals> {
  const isAsked = { from: goesDown(direction), to: goesUp(direction) };
  const ids = new Set(nodes.map(({ id }) => id));
  const hasAccount = new Set<string>();
  const hasOther = new Set<string>();
  const left: EdgeTotals = { edges: 0n, weightPpm: 0n };
  for (const edge of taken) {
    const { kind, weightPpm } = edge;
    const narrowEnd = NARROW_END[kind];
    const [narrow, wide] = narrowEnd === 'from' ? [edge.from, edge.to] : [edge.to, edge.from];
    let isOnly = true;
    if (accountKinds.has(kind)) hasAccount.add(narrow);
    else if (otherKinds.has(kind) && kindOfNode(wide) !== GraphNodeKind.ADAPTER) hasOther.add(narrow);
    else isOnly = false;
    const isCounted =
      (isAsked[narrowEnd === 'from' ? 'to' : 'from'] && ids.has(wide)) ||
      (!isOnly && isAsked[narrowEnd] && ids.has(narrow));
    if (!isCounted) continue;
    left.edges -= 1n;
    if (weightPpm) left.weightPpm -= weightPpm;
  }

  const counted = placesByKind(nodes, chainIds);
  if (counted.size === 0) return left;
  const given: Record<string, string> = {};
  for (const [kind, places] of counted) {
    const [withAccount, withOther] = [WITH_ACCOUNT[kind], WITH_OTHER[kind]];
    if (withAccount && isAsked[NARROW_END[withAccount]]) {
      left.edges += BigInt(places.filter(({ node }) => !hasAccount.has(node.id)).length);
    }
    given[slotName(kind, 'chainIds')] = arrayText(places.map(({ chainId }) => chainId));
    given[slotName(kind, 'keys')] = arrayText(places.map(({ key }) => key));
    given[slotName(kind, 'asksOther')] = arrayText(
      places.map(({ node }) => (withOther && !hasOther.has(node.id) ? 't' : 'f')),
    );
  }
  const statement = countsOf(counted, direction, context.at !== null);
  const values = statement.valuesWith(given);
  const [row] = await context.snapshot.query<{ edges: string; weight: string }>(statement.text, values);
  left.edges += BigInt(row!.edges);
  left.weightPpm += BigInt(row!.weight);
  return left;
}
