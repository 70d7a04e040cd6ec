import { place, textsIn } from '../../ids';
import { type Slot, type Sql, sql } from '../../sql';
import { GraphNodeKind } from '../../types/graph';
import { kindOfNode, type WalkNode } from './walk';

/** One node on one chain: an account has edges on several. Keys are as an array's text has them. */
export interface Place {
  node: WalkedNode;
  chainId: string;
  key: string;
}

type WalkedNode = Pick<WalkNode, 'id' | 'by'>;

/**
 * As the walk needs them, places by node kind, the kind first that is met first; of an account root a place for each of its
 * chains.
 */
export function placesByKind(
  nodes: readonly WalkedNode[],
  chainIds: readonly number[],
): ReadonlyMap<GraphNodeKind, Place[]> {
  const places = new Map<GraphNodeKind, Place[]>();
  for (const node of nodes) {
    const { id } = node;
    const kind = kindOfNode(id);
    let own = places.get(kind);
    if (!own) {
      own = [];
      places.set(kind, own);
    }
    const { chainId, key } = textsIn(id);
    if (chainId === null) for (const each of chainIds) own.push({ node, chainId: String(each), key: keyOf(kind, key) });
    else own.push({ node, chainId, key: keyOf(kind, key) });
  }
  return places;
}

function keyOf(kind: GraphNodeKind, key: string): string {
  if (kind === GraphNodeKind.INFERENCE || kind === GraphNodeKind.ACCOUNT) return `\\\\x${key.slice(2)}`;
  return kind === GraphNodeKind.REWARD ? String(place(key)) : key;
}

const KEY_TYPES: Readonly<Record<GraphNodeKind, Sql>> = {
  ACCOUNT: sql`bytea[]`,
  DATANET: sql`numeric[]`,
  CONTRIBUTION: sql`numeric[]`,
  MODEL: sql`numeric[]`,
  ADAPTER: sql`numeric[]`,
  INFERENCE: sql`bytea[]`,
  REWARD: sql`bigint[]`,
};

/** Two of unnest()'s arrays: of chain ids, and of keys of that kind. */
export function arraysOf(kind: GraphNodeKind, chainIds: Slot | string, keys: Slot | string): Sql {
  return sql`${chainIds}::integer[], ${keys}::${KEY_TYPES[kind]}`;
}

/** An array's text. Written by us: pg takes each element apart. */
export function arrayText(elements: readonly string[]): string {
  return `{${elements.join()}}`;
}
