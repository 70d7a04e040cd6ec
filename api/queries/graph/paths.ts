import type { Context } from '../../context';
import { apiError } from '../../errors';
import { parseId } from '../../ids';
import { any, type Sql, sql } from '../../sql';
import { GraphDirection, GraphEdgeKind, GraphNodeKind } from '../../types/graph';
import { type EdgesAsked, readEdges } from './edges';
import { bestPaths, comparePaths, type FoundPath, MOST_EDGES_OF_PATH } from './pathSearch';
import { isAccount, kindOfNode, type WalkEdge } from './walk';

const MOST_EDGES = 10_000;

/**
 * The best paths between two nodes, whichever is nearer to the data.
 * @throws QUERY_TOO_COMPLEX where more than 10,000 edges would have to be looked at
 */
export async function pathsBetween(
  context: Context,
  [a, b]: readonly [string, string],
  chainIds: readonly number[],
  limit: number,
): Promise<FoundPath[]> {
  const reader = new Reader(context, chainIds);
  const paths: FoundPath[] = [];
  for (const [from, to] of a === b ? [] : [[a, b] as const, [b, a] as const]) {
    const found = bestPaths(await reader.edgesBetween(from, to), from, to, limit);
    if (!found) throw tooComplex();
    paths.push(...found);
  }
  return paths.sort(comparePaths).slice(0, limit);
}

function tooComplex() {
  return apiError(
    'QUERY_TOO_COMPLEX',
    'There are more than 10,000 edges between these two. Ask for a node nearer to one of them.',
  );
}

const only = (...kinds: GraphEdgeKind[]): ReadonlySet<GraphEdgeKind> => new Set(kinds);
const { ACCOUNT, DATANET, CONTRIBUTION, MODEL, ADAPTER, INFERENCE, REWARD } = GraphNodeKind;
const { CONTRIBUTED, IN_DATANET, TRAINED_ON, DERIVED_FROM, ADAPTS, SERVED, INFLUENCED, PAID_FOR, REWARDED, RECEIVED } =
  GraphEdgeKind;
const forMoney = [SERVED, PAID_FOR, REWARDED, RECEIVED];
const forModels = [DERIVED_FROM, ADAPTS, ...forMoney];
const forData = [TRAINED_ON, INFLUENCED, ...forModels];

/** What a path from a node of that kind may go along, and be found by from its other end. */
const backwards: Readonly<Record<GraphNodeKind, ReadonlySet<GraphEdgeKind>>> = {
  [ACCOUNT]: only(...forData),
  [CONTRIBUTION]: only(...forData),
  [DATANET]: only(TRAINED_ON, ...forModels),
  [MODEL]: only(...forModels),
  [ADAPTER]: only(...forMoney),
  [INFERENCE]: only(),
  [REWARD]: only(),
};

class Reader {
  private left = MOST_EDGES;

  constructor(
    private readonly context: Context,
    private readonly chainIds: readonly number[],
  ) {}

  /**
   * Every edge of every path from `from` to `to`, and some more. Inferences and rewards have few edges towards the money;
   * from anything else it goes backwards, where all but accounts have few: a datanet's contributions, of which there may
   * be a million, are asked for from the other end, and of an inference's those alone that a path may come by.
   */
  async edgesBetween(from: string, to: string): Promise<WalkEdge[]> {
    const kind = kindOfNode(from);
    if (kind === INFERENCE || kind === REWARD) return this.spread(from, { direction: GraphDirection.DOWNSTREAM });
    const edges = await this.spread(to, {
      direction: GraphDirection.UPSTREAM,
      kinds: backwards[kind],
      contributions: ofStart(from),
    });
    if (kind === ACCOUNT || kind === CONTRIBUTION) edges.push(...(await this.beginning(from, to, edges)));
    return edges;
  }

  private async spread(start: string, asked: Omit<EdgesAsked, 'minWeightPpm' | 'chainIds'>): Promise<WalkEdge[]> {
    const edges: WalkEdge[] = [];
    const seen = new Set([start]);
    for (let level = [start], depth = 0; level.length > 0 && depth < MOST_EDGES_OF_PATH; depth++) {
      const found = await this.read(level, asked);
      edges.push(...found);
      const ends = new Set(found.map((edge) => (asked.direction === GraphDirection.UPSTREAM ? edge.from : edge.to)));
      level = [...ends].filter((end) => !seen.has(end) && !isAccount(end));
      for (const end of level) seen.add(end);
    }
    return edges;
  }

  /** The edges at a contribution, or at an account's contributions, that lead to what was reached from the other end. */
  private async beginning(from: string, to: string, reached: readonly WalkEdge[]): Promise<WalkEdge[]> {
    const nodes = new Set([to, ...reached.map((edge) => edge.from)]);
    const ofKind = (kind: GraphNodeKind) => [...nodes].filter((id) => kindOfNode(id) === kind);
    const down = GraphDirection.DOWNSTREAM;
    if (kindOfNode(from) === CONTRIBUTION) return this.read([from], { direction: down, kinds: only(IN_DATANET) });
    const known = await this.read(ofKind(CONTRIBUTION), {
      direction: GraphDirection.UPSTREAM,
      kinds: only(CONTRIBUTED),
    });
    const datanets = ofKind(DATANET);
    if (datanets.length === 0) return known;
    const submitted = await this.read([from], {
      direction: down,
      kinds: only(CONTRIBUTED),
      contributions: inDatanets(datanets),
    });
    const places = await this.read(
      submitted.map((edge) => edge.to),
      { direction: down, kinds: only(IN_DATANET) },
    );
    return [...distinct([...known, ...submitted]), ...places];
  }

  private async read(
    nodes: readonly string[],
    asked: Omit<EdgesAsked, 'minWeightPpm' | 'chainIds'>,
  ): Promise<WalkEdge[]> {
    if (nodes.length === 0) return [];
    const ids = nodes.map((id) => ({ id }));
    const rest = { minWeightPpm: 0, chainIds: this.chainIds };
    const found = [...(await readEdges(this.context, ids, { ...asked, ...rest }, this.left + 1)).values()].flat();
    this.left -= found.length;
    if (this.left < 0) throw tooComplex();
    return found;
  }
}

function distinct(edges: readonly WalkEdge[]): WalkEdge[] {
  return [...new Map(edges.map((edge) => [edge.to, edge])).values()];
}

/** The contributions that a path from `from` may begin with; none of the paths of other kinds come by one. */
function ofStart(from: string): Sql {
  const id = parseId(from);
  if (id?.type === 'account') return sql`c.contributor = ${id.address}::bytea`;
  return id?.type === 'contribution' ? sql`c.contribution_id = ${id.key}::numeric` : sql`false`;
}

// A condition of its own for each chain: by a join with the datanets, all of an account's contributions would be read.
function inDatanets(datanets: readonly string[]): Sql {
  const byChain = new Map<number, bigint[]>();
  for (const id of datanets.map(parseId)) {
    if (id?.type === 'datanet') byChain.set(id.chainId, [...(byChain.get(id.chainId) ?? []), id.key]);
  }
  return any(
    [...byChain].map(
      ([chainId, keys]) => sql`(c.chain_id = ${chainId}::integer and c.datanet_id = any(${keys}::numeric[]))`,
    ),
  );
}
