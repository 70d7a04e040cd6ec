import type { Context } from '../../context';
import { join, type Sql, sql } from '../../sql';
import { GraphDirection, GraphEdgeKind, GraphNodeKind } from '../../types/graph';
import { countsOf, type Unless } from './counts';
import { placesByKind, relationOf } from './edges';
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
/** An edge of which its narrow end has no other of the kind: an inference has one model, but as many adapters as served. */
const isOnly = ({ kind, from }: WalkEdge) =>
  kind !== GraphEdgeKind.INFLUENCED &&
  kind !== GraphEdgeKind.TRAINED_ON &&
  !(kind === GraphEdgeKind.SERVED && kindOfNode(from) === GraphNodeKind.ADAPTER);
const onlyKey = (kind: GraphEdgeKind, narrow: string) => `${kind} ${narrow}`;
/** Which of them each node of a kind has for certain: that with its account. They are all that an account has, without weight. */
const WITH_ACCOUNT: Partial<Record<GraphNodeKind, GraphEdgeKind>> = {
  CONTRIBUTION: GraphEdgeKind.CONTRIBUTED,
  INFERENCE: GraphEdgeKind.PAID_FOR,
  REWARD: GraphEdgeKind.RECEIVED,
};
/** And which it may have. */
const WITH_OTHER: Partial<Record<GraphNodeKind, GraphEdgeKind>> = {
  CONTRIBUTION: GraphEdgeKind.IN_DATANET,
  MODEL: GraphEdgeKind.DERIVED_FROM,
  ADAPTER: GraphEdgeKind.ADAPTS,
  INFERENCE: GraphEdgeKind.SERVED,
  REWARD: GraphEdgeKind.REWARDED,
};

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
  const onlyTaken = new Set<string>();
  const left: EdgeTotals = { edges: 0n, weightPpm: 0n };
  for (const edge of taken) {
    const narrowEnd = NARROW_END[edge.kind];
    const wideEnd = narrowEnd === 'from' ? 'to' : 'from';
    const isOnlyOne = isOnly(edge);
    if (isOnlyOne) onlyTaken.add(onlyKey(edge.kind, edge[narrowEnd]));
    const isCounted =
      (isAsked[wideEnd] && ids.has(edge[wideEnd])) || (!isOnlyOne && isAsked[narrowEnd] && ids.has(edge[narrowEnd]));
    if (!isCounted) continue;
    left.edges -= 1n;
    left.weightPpm -= edge.weightPpm ?? 0n;
  }
  const mayHave = (of: Partial<Record<GraphNodeKind, GraphEdgeKind>>) =>
    nodes.filter(({ id }) => {
      const kind = of[kindOfNode(id)];
      return kind && isAsked[NARROW_END[kind]] && !onlyTaken.has(onlyKey(kind, id));
    });
  left.edges += BigInt(mayHave(WITH_ACCOUNT).length);

  const withOther = mayHave(WITH_OTHER);
  const all = relationsOf(nodes, chainIds);
  const others = relationsOf(withOther, chainIds);
  const unless: Unless = (kind, chainId, key) =>
    direction === GraphDirection.BOTH
      ? sql`((${chainId}, ${key}) in (
          select w.chain_id, w.key from ${all[kind]} as w (chain_id, key, ordinal)
        )) is not true`
      : sql`true`;
  const asked = { up: isAsked.to, down: isAsked.from, unless, past: context.at !== null };
  const askedForOther = kindsOf(withOther);
  const totals = [...kindsOf(nodes)].map((kind) => {
    const { read, ofAll, ofOther } = countsOf(kind, asked);
    const pieces = askedForOther.has(kind) && ofOther ? [...ofAll, ofOther] : ofAll;
    return totalOf(context, pieces, { p: all[kind], q: others[kind], read });
  });
  for (const { edges, weightPpm } of await Promise.all(totals)) {
    left.edges += edges;
    left.weightPpm += weightPpm;
  }
  return left;
}

function kindsOf(nodes: readonly WalkNode[]): ReadonlySet<GraphNodeKind> {
  return new Set(nodes.map(({ id }) => kindOfNode(id)));
}

/** Of each kind, those of the nodes that are of it. */
function relationsOf(nodes: readonly WalkNode[], chainIds: readonly number[]): Readonly<Record<GraphNodeKind, Sql>> {
  const places = placesByKind(nodes, chainIds);
  const relation = (kind: GraphNodeKind) => relationOf(kind, places.get(kind) ?? []);
  return {
    ACCOUNT: relation(GraphNodeKind.ACCOUNT),
    DATANET: relation(GraphNodeKind.DATANET),
    CONTRIBUTION: relation(GraphNodeKind.CONTRIBUTION),
    MODEL: relation(GraphNodeKind.MODEL),
    ADAPTER: relation(GraphNodeKind.ADAPTER),
    INFERENCE: relation(GraphNodeKind.INFERENCE),
    REWARD: relation(GraphNodeKind.REWARD),
  };
}

/** Of pieces that read p, q and what `read` adds to them (counts.ts). */
async function totalOf(
  context: Context,
  pieces: readonly Sql[],
  { p, q, read }: { p: Sql; q: Sql; read: Sql | undefined },
): Promise<EdgeTotals> {
  if (pieces.length === 0) return { edges: 0n, weightPpm: 0n };
  const [row] = await context.snapshot.query<{ edges: string; weight: string }>(sql`
    with p (chain_id, key) as materialized (select chain_id, key from ${p} as k (chain_id, key, ordinal)),
      q (chain_id, key) as materialized (select chain_id, key from ${q} as k (chain_id, key, ordinal))
      ${read ? sql`, ${read}` : sql``}
    select sum(n)::text as edges, sum(weight)::text as weight
    from (${join(
      pieces.map((piece) => sql`(${piece})`),
      ' union all ',
    )}) e (n, weight)`);
  return { edges: BigInt(row?.edges ?? 0), weightPpm: BigInt(row?.weight ?? 0) };
}
