import type { Sql } from '../../sql';
import type { GraphEdgeKind, GraphNodeKind } from '../../types/graph';

/** As ids begin. */
export type GraphNodeType = Lowercase<GraphNodeKind>;

/**
 * How the edges of one kind at a node of one kind are read: `p` (chain_id, key) is the node. What stands at the other
 * end has a `type` and one of `number` and `bytes` as its key; a reward has `pos`.
 */
export interface EdgeSource {
  kind: GraphEdgeKind;
  /** The node is the edge's `to`. */
  up: boolean;
  type: GraphNodeType | Sql;
  number?: Sql;
  bytes?: Sql;
  /** Given the limit, where it has to be known within. */
  from: Sql | ((limit: Sql) => Sql);
  where: readonly Sql[];
  pos: Sql;
  item?: Sql;
  weight?: Sql;
  value?: Sql;
  token?: Sql;
  /** By rank: an index gives it wherever a node may have many. */
  order: Sql;
  /** The other end is a contribution, which the piece knows as c. */
  ofContribution?: true;
}
