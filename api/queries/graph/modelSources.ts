import { sql } from '../../sql';
import { GraphEdgeKind } from '../../types/graph';
import type { EdgeSource } from './source';

export const derivedFrom: EdgeSource = {
  kind: GraphEdgeKind.DERIVED_FROM,
  up: true,
  type: 'model',
  number: sql`o.model_id`,
  from: sql`model m join model o on o.chain_id = m.chain_id and o.model_id = m.parent_model_id`,
  where: [sql`m.chain_id = p.chain_id`, sql`m.model_id = p.key`, sql`m.parent_model_id <> 0`],
  pos: sql`m.pos`,
  order: sql`m.pos desc`,
};
export const children: EdgeSource = {
  ...derivedFrom,
  up: false,
  number: sql`m.model_id`,
  from: sql`model m`,
  where: [sql`m.chain_id = p.chain_id`, sql`m.parent_model_id = p.key`, sql`p.key <> 0`],
};

export const adapts: EdgeSource = {
  kind: GraphEdgeKind.ADAPTS,
  up: true,
  type: 'model',
  number: sql`m.model_id`,
  from: sql`adapter a join model m on m.chain_id = a.chain_id and m.model_id = a.model_id`,
  where: [sql`a.chain_id = p.chain_id`, sql`a.adapter_id = p.key`],
  pos: sql`a.pos`,
  order: sql`a.pos desc`,
};
export const adapters: EdgeSource = {
  ...adapts,
  up: false,
  type: 'adapter',
  number: sql`a.adapter_id`,
  from: sql`adapter a`,
  where: [sql`a.chain_id = p.chain_id`, sql`a.model_id = p.key`],
};

// Of one settlement the receipt's adapters come in its order, after the model.
export const servedByModel: EdgeSource = {
  kind: GraphEdgeKind.SERVED,
  up: true,
  type: 'model',
  number: sql`m.model_id`,
  from: sql`inference i join model m on m.chain_id = i.chain_id and m.model_id = i.model_id`,
  where: [sql`i.chain_id = p.chain_id`, sql`i.inference_id = p.key`],
  pos: sql`i.pos`,
  item: sql`-1`,
  order: sql`i.pos desc`,
};
export const servedByAdapters: EdgeSource = {
  kind: GraphEdgeKind.SERVED,
  up: true,
  type: 'adapter',
  number: sql`a.adapter_id`,
  from: sql`adapter_inference x
    join adapter a on a.chain_id = x.chain_id and a.adapter_id = x.adapter_id
    join inference i on i.chain_id = x.chain_id and i.inference_id = x.inference_id`,
  where: [sql`x.chain_id = p.chain_id`, sql`x.inference_id = p.key`],
  pos: sql`i.pos`,
  item: sql`x.item`,
  order: sql`x.item desc`,
};
export const modelInferences: EdgeSource = {
  kind: GraphEdgeKind.SERVED,
  up: false,
  type: 'inference',
  bytes: sql`i.inference_id`,
  from: sql`inference i`,
  where: [sql`i.chain_id = p.chain_id`, sql`i.model_id = p.key`],
  pos: sql`i.pos`,
  item: sql`-1`,
  order: sql`i.pos desc`,
};
// By the receipts, which have chain order; the adapter's first place in one is its edge.
export const adapterInferences: EdgeSource = {
  kind: GraphEdgeKind.SERVED,
  up: false,
  type: 'inference',
  bytes: sql`i.inference_id`,
  from: sql`inference_adapter l
    join inference i on i.chain_id = l.chain_id and i.pos = l.pos
    join adapter_inference x on x.chain_id = i.chain_id and x.adapter_id = l.adapter_id
      and x.inference_id = i.inference_id and x.item = l.item`,
  where: [sql`l.chain_id = p.chain_id`, sql`l.adapter_id = p.key`],
  pos: sql`l.pos`,
  item: sql`l.item`,
  order: sql`l.pos desc`,
};
