import { toAddress } from '../../bytes';
import type { Context } from '../../context';
import { badUserInput } from '../../errors';
import { type ParsedId, type ParsedIdOf, parseId, textsIn } from '../../ids';
import { loadNode } from '../../nodes';
import { provenanceAt } from '../../provenance';
import { tokenAmount } from '../../tokens';
import { accountOf } from '../../types/account';
import { type GraphEdge, type GraphEdgeKind, type GraphNode, GraphNodeKind } from '../../types/graph';
import type { NodeObject } from '../../types/node';
import type { Provenance } from '../../types/provenance';
import type { TokenAmount } from '../../types/token';
import { nameOfDatanet, nameOfModel } from '../documents';
import { edgeId, kindOfNode, type WalkEdge, type WalkNode } from './walk';

type NodeId = ParsedIdOf<'account' | 'datanet' | 'contribution' | 'model' | 'adapter' | 'inference' | 'reward'>;
const KINDS = new Set<string>(Object.values(GraphNodeKind));

/**
 * The id of what may be a node of the graph, as the graph spells it: hex may be given in any case.
 * @throws BAD_USER_INPUT for anything else
 */
export function graphId(id: string, argument: string): { id: string; parsed: NodeId } {
  const parsed = parseId(id);
  if (!parsed) throw badUserInput(argument, 'expected an id like "datanet:1612:7"');
  if (!isNode(parsed)) {
    throw badUserInput(
      argument,
      `a ${parsed.type} is no node of the graph; its nodes are accounts, datanets, contributions, models, adapters, inferences and rewards`,
    );
  }
  return { id: id.toLowerCase(), parsed };
}

function isNode(id: ParsedId): id is NodeId {
  return KINDS.has(id.type.toUpperCase());
}

/** `edges` of the picture: an account is shown by what names it, as the zero address is seen nowhere else. */
export function graphNodes(context: Context, nodes: readonly WalkNode[], edges: readonly WalkEdge[]): GraphNode[] {
  let named: ReadonlyMap<string, WalkEdge> | undefined;
  const namedAt = (id: string) => {
    named ??= new Map(edges.flatMap((edge) => [[edge.to, edge] as const, [edge.from, edge] as const]));
    return named.get(id);
  };
  return nodes.map((node) => new ShownNode(context, node, namedAt));
}

/** Classes, since a picture has hundreds of each: functions of its own would be most of what one takes. */
class ShownNode implements GraphNode {
  readonly id: string;
  readonly depth: number;
  readonly kind: GraphNodeKind;

  constructor(
    private readonly context: Context,
    { id, depth }: WalkNode,
    private readonly namedAt: (id: string) => WalkEdge | undefined,
  ) {
    this.id = id;
    this.depth = depth;
    this.kind = kindOfNode(id);
  }

  label(): Promise<string> | string {
    return labelOf(this.context, this);
  }

  entity(): Promise<NodeObject> {
    return entityOf(this.context, this.id, this.namedAt);
  }
}

async function entityOf(context: Context, id: string, namedAt: (id: string) => WalkEdge | undefined) {
  const parsed = parseId(id);
  if (parsed?.type === 'account') {
    const edge = namedAt(id);
    return accountOf(parsed.address, edge ? { chainId: edge.chainId, pos: edge.pos } : null);
  }
  const node = await loadNode(context, id);
  if (!node) throw new Error(`an edge leads to ${id}, which doesn't exist`);
  return node;
}

const NAMES: Readonly<Record<GraphNodeKind, string>> = {
  ACCOUNT: 'Account',
  DATANET: 'Datanet',
  CONTRIBUTION: 'Contribution',
  MODEL: 'Model',
  ADAPTER: 'Adapter',
  INFERENCE: 'Inference',
  REWARD: 'Reward',
};

/** A name where there is one, else the type and a short key. At once where nothing has a name: most nodes of most graphs. */
function labelOf(context: Context, { id, kind }: GraphNode): Promise<string> | string {
  const { chainId, key } = textsIn(id);
  if (chainId === null) return short(toAddress(key));
  const plain = `${NAMES[kind]} ${short(key)}`;
  const nameOf = NAMED_BY[kind];
  return nameOf ? nameOf(context, Number(chainId), key).then((row) => row?.name || plain) : plain;
}

const NAMED_BY: Partial<Record<GraphNodeKind, typeof nameOfModel>> = { DATANET: nameOfDatanet, MODEL: nameOfModel };

function short(key: string): string {
  return key.length <= 20 ? key : `${key.slice(0, 6)}…${key.slice(-4)}`;
}

export function graphEdge(context: Context, edge: WalkEdge): GraphEdge {
  return new ShownEdge(context, edge);
}

class ShownEdge implements GraphEdge {
  readonly kind: GraphEdgeKind;
  readonly from: string;
  readonly to: string;
  readonly weightPpm: bigint | null;
  readonly amount: TokenAmount | null;

  constructor(
    private readonly context: Context,
    private readonly edge: WalkEdge,
  ) {
    const { amount, chainId } = edge;
    this.kind = edge.kind;
    this.from = edge.from;
    this.to = edge.to;
    this.weightPpm = edge.weightPpm;
    this.amount = amount && tokenAmount(context, chainId, amount.token, amount.value);
  }

  /** Text of four parts, for those who ask for it. */
  get id(): string {
    return edgeId(this.edge);
  }

  at(): Promise<Provenance> {
    return provenanceAt(this.context, this.edge.chainId, this.edge.pos);
  }
}
