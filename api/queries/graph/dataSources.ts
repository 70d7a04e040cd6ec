import { sql } from '../../sql';
import { GraphEdgeKind } from '../../types/graph';
import type { EdgeSource } from './source';

export const contributed: EdgeSource = {
  kind: GraphEdgeKind.CONTRIBUTED,
  up: true,
  type: 'account',
  bytes: sql`c.contributor`,
  from: sql`contribution c`,
  where: [sql`c.chain_id = p.chain_id`, sql`c.contribution_id = p.key`],
  pos: sql`c.pos`,
  item: sql`c.item`,
  order: sql`c.pos desc`,
};
export const contributions: EdgeSource = {
  kind: GraphEdgeKind.CONTRIBUTED,
  up: false,
  type: 'contribution',
  number: sql`c.contribution_id`,
  from: sql`contribution c`,
  where: [sql`c.contributor = p.key`, sql`c.chain_id = p.chain_id`],
  pos: sql`c.pos`,
  item: sql`c.item`,
  order: sql`c.pos desc, c.item desc`,
  ofContribution: true,
};

export const inDatanet: EdgeSource = {
  kind: GraphEdgeKind.IN_DATANET,
  up: false,
  type: 'datanet',
  number: sql`d.datanet_id`,
  from: sql`contribution c join datanet d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id`,
  where: [sql`c.chain_id = p.chain_id`, sql`c.contribution_id = p.key`],
  pos: sql`c.pos`,
  item: sql`c.item`,
  order: sql`c.pos desc`,
};
export const datanetContributions: EdgeSource = {
  kind: GraphEdgeKind.IN_DATANET,
  up: true,
  type: 'contribution',
  number: sql`c.contribution_id`,
  from: sql`contribution c`,
  where: [sql`c.chain_id = p.chain_id`, sql`c.datanet_id = p.key`],
  pos: sql`c.pos`,
  item: sql`c.item`,
  order: sql`c.pos desc, c.item desc`,
  ofContribution: true,
};

// Of each pair the latest input, which is kept with it.
const trainedOnPairs = {
  kind: GraphEdgeKind.TRAINED_ON,
  pos: sql`t.latest_pos`,
  item: sql`t.latest_item`,
  weight: sql`t.weight_ppm`,
  order: sql`t.weight_ppm desc, t.latest_pos desc, t.latest_item desc`,
} as const;
export const trainedOn: EdgeSource = {
  ...trainedOnPairs,
  up: true,
  type: 'datanet',
  number: sql`t.datanet_id`,
  from: sql`model_datanet t join datanet d on d.chain_id = t.chain_id and d.datanet_id = t.datanet_id`,
  where: [sql`t.chain_id = p.chain_id`, sql`t.model_id = p.key`],
};
export const trainedModels: EdgeSource = {
  ...trainedOnPairs,
  up: false,
  type: 'model',
  number: sql`t.model_id`,
  from: sql`model_datanet t`,
  where: [sql`t.chain_id = p.chain_id`, sql`t.datanet_id = p.key`],
};

const isCurrent = sql`e.pos > coalesce(s.revision_pos, -1)`;
export const influencedBy: EdgeSource = {
  kind: GraphEdgeKind.INFLUENCED,
  up: true,
  type: 'contribution',
  number: sql`c.contribution_id`,
  from: sql`inference_state s
    join influence e on e.chain_id = s.chain_id and e.inference_id = s.inference_id
    join contribution c on c.chain_id = e.chain_id and c.contribution_id = e.contribution_id`,
  where: [sql`s.chain_id = p.chain_id`, sql`s.inference_id = p.key`, isCurrent, sql`e.weight_ppm > 0`],
  pos: sql`e.pos`,
  weight: sql`e.weight_ppm`,
  order: sql`e.weight_ppm desc, e.pos desc`,
  ofContribution: true,
};
export const influenced: EdgeSource = {
  kind: GraphEdgeKind.INFLUENCED,
  up: false,
  type: 'inference',
  bytes: sql`s.inference_id`,
  from: sql`influence e
    join inference_state s on s.chain_id = e.chain_id and s.inference_id = e.inference_id`,
  // abs(): by the index that has them by weight (migrations/0010_graph.sql).
  where: [sql`e.chain_id = p.chain_id`, sql`abs(e.contribution_id) = p.key`, isCurrent, sql`e.weight_ppm > 0`],
  pos: sql`e.pos`,
  weight: sql`e.weight_ppm`,
  order: sql`e.weight_ppm desc, e.pos desc`,
};
