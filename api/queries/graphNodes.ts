import { toAddress } from '../bytes';
import type { Context } from '../context';
import { badUserInput } from '../errors';
import { type ParsedId, type ParsedIdOf, parseId } from '../ids';
import { loadNode } from '../nodes';
import { provenanceAt } from '../provenance';
import { tokenAmount } from '../tokens';
import { accountOf } from '../types/account';
import type { Datanet } from '../types/datanet';
import { type GraphEdge, type GraphNode, GraphNodeKind } from '../types/graph';
import type { Model } from '../types/model';
import type { NodeObject } from '../types/node';
import { documentOf } from './documents';
import { edgeId, kindOfNode, type WalkEdge, type WalkNode } from './graphWalk';

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

/** `namedAt`: of an account, the event of an edge that leads to it. */
export function graphNode(context: Context, { id, depth }: WalkNode, namedAt?: WalkEdge): GraphNode {
  const entity = () => entityOf(context, id, namedAt);
  return { id, kind: kindOfNode(id), depth, label: () => labelOf(context, id, entity), entity };
}

async function entityOf(context: Context, id: string, namedAt: WalkEdge | undefined): Promise<NodeObject> {
  const parsed = parseId(id);
  if (parsed?.type === 'account') {
    return accountOf(parsed.address, namedAt ? { chainId: namedAt.chainId, pos: namedAt.pos } : null);
  }
  const node = await loadNode(context, id);
  if (!node) throw new Error(`an edge leads to ${id}, which doesn't exist`);
  return node;
}

/** A name where there is one, else the type and a short key. At once where nothing has a name: most nodes of most graphs. */
function labelOf(context: Context, id: string, entity: () => Promise<NodeObject>): Promise<string> | string {
  const kind = kindOfNode(id);
  const key = id.slice(id.lastIndexOf(':') + 1);
  if (kind === GraphNodeKind.ACCOUNT) return short(toAddress(key));
  const plain = `${kind.charAt(0)}${kind.slice(1).toLowerCase()} ${short(key)}`;
  if (kind !== GraphNodeKind.DATANET && kind !== GraphNodeKind.MODEL) return plain;
  return nameOf(context, entity).then((name) => name || plain);
}

async function nameOf(context: Context, entity: () => Promise<NodeObject>): Promise<string | null | undefined> {
  const { metadataHash } = (await entity()) as Datanet | Model;
  return (await documentOf(context, metadataHash))?.name;
}

function short(key: string): string {
  return key.length <= 20 ? key : `${key.slice(0, 6)}…${key.slice(-4)}`;
}

export function graphEdge(context: Context, edge: WalkEdge): GraphEdge {
  const { kind, from, to, chainId, pos, weightPpm, amount } = edge;
  return {
    // Text of four parts, for those who ask for it.
    get id() {
      return edgeId(edge);
    },
    kind,
    from,
    to,
    weightPpm,
    amount: amount && tokenAmount(context, chainId, amount.token, amount.value),
    at: () => provenanceAt(context, chainId, pos),
  };
}
