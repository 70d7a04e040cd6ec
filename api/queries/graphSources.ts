import { all, Sql, sql } from '../sql';
import { GraphEdgeKind, GraphNodeKind } from '../types/graph';

/**
 * How the edges of one kind at a node of one kind are read: `p` (chain_id, key) is the node. What stands at the other
 * end has a `type` and one of `number`, `bytes` and `placed` as its key.
 */
export interface EdgeSource {
  kind: GraphEdgeKind;
  /** The node is the edge's `to`. */
  up: boolean;
  type: Sql;
  number?: Sql;
  bytes?: Sql;
  placed?: Sql;
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

const NO_REF = Buffer.alloc(32);

const contributed: EdgeSource = {
  kind: GraphEdgeKind.CONTRIBUTED,
  up: true,
  type: sql`'account'`,
  bytes: sql`c.contributor`,
  from: sql`contribution c`,
  where: [sql`c.chain_id = p.chain_id`, sql`c.contribution_id = p.key`],
  pos: sql`c.pos`,
  item: sql`c.item`,
  order: sql`c.pos desc`,
};
const contributions: EdgeSource = {
  kind: GraphEdgeKind.CONTRIBUTED,
  up: false,
  type: sql`'contribution'`,
  number: sql`c.contribution_id`,
  from: sql`contribution c`,
  where: [sql`c.contributor = p.key`, sql`c.chain_id = p.chain_id`],
  pos: sql`c.pos`,
  item: sql`c.item`,
  order: sql`c.pos desc, c.item desc`,
  ofContribution: true,
};

const inDatanet: EdgeSource = {
  kind: GraphEdgeKind.IN_DATANET,
  up: false,
  type: sql`'datanet'`,
  number: sql`d.datanet_id`,
  from: sql`contribution c join datanet d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id`,
  where: [sql`c.chain_id = p.chain_id`, sql`c.contribution_id = p.key`],
  pos: sql`c.pos`,
  item: sql`c.item`,
  order: sql`c.pos desc`,
};
const datanetContributions: EdgeSource = {
  kind: GraphEdgeKind.IN_DATANET,
  up: true,
  type: sql`'contribution'`,
  number: sql`c.contribution_id`,
  from: sql`contribution c`,
  where: [sql`c.chain_id = p.chain_id`, sql`c.datanet_id = p.key`],
  pos: sql`c.pos`,
  item: sql`c.item`,
  order: sql`c.pos desc, c.item desc`,
  ofContribution: true,
};

/** The latest input of a model's runs by datanet. p: the model. */
export const latestInputsOfModel = sql`(
  select distinct on (i.datanet_id) i.datanet_id, i.pos, i.item, i.weight_ppm
  from training_run r
  join training_input i on i.chain_id = r.chain_id and i.pos = r.pos
  join datanet d on d.chain_id = i.chain_id and d.datanet_id = i.datanet_id
  where r.chain_id = p.chain_id and r.model_id = p.key
  order by i.datanet_id, i.pos desc, i.item desc
)`;
/** The latest input of a datanet by model. p: the datanet. */
export const latestInputsOfDatanet = sql`(
  select distinct on (r.model_id) r.model_id, i.pos, i.item, i.weight_ppm
  from training_input i
  join training_run r on r.chain_id = i.chain_id and r.pos = i.pos
  join model m on m.chain_id = r.chain_id and m.model_id = r.model_id
  where i.chain_id = p.chain_id and i.datanet_id = p.key
  order by r.model_id, i.pos desc, i.item desc
)`;
const trainedOn: EdgeSource = {
  kind: GraphEdgeKind.TRAINED_ON,
  up: true,
  type: sql`'datanet'`,
  number: sql`t.datanet_id`,
  from: sql`${latestInputsOfModel} t`,
  where: [],
  pos: sql`t.pos`,
  item: sql`t.item`,
  weight: sql`t.weight_ppm`,
  order: sql`t.weight_ppm desc, t.pos desc, t.item desc`,
};
const trainedModels: EdgeSource = {
  ...trainedOn,
  up: false,
  type: sql`'model'`,
  number: sql`t.model_id`,
  from: sql`${latestInputsOfDatanet} t`,
};

const derivedFrom: EdgeSource = {
  kind: GraphEdgeKind.DERIVED_FROM,
  up: true,
  type: sql`'model'`,
  number: sql`o.model_id`,
  from: sql`model m join model o on o.chain_id = m.chain_id and o.model_id = m.parent_model_id`,
  where: [sql`m.chain_id = p.chain_id`, sql`m.model_id = p.key`, sql`m.parent_model_id <> 0`],
  pos: sql`m.pos`,
  order: sql`m.pos desc`,
};
const children: EdgeSource = {
  ...derivedFrom,
  up: false,
  number: sql`m.model_id`,
  from: sql`model m`,
  where: [sql`m.chain_id = p.chain_id`, sql`m.parent_model_id = p.key`, sql`p.key <> 0`],
};

const adapts: EdgeSource = {
  kind: GraphEdgeKind.ADAPTS,
  up: true,
  type: sql`'model'`,
  number: sql`m.model_id`,
  from: sql`adapter a join model m on m.chain_id = a.chain_id and m.model_id = a.model_id`,
  where: [sql`a.chain_id = p.chain_id`, sql`a.adapter_id = p.key`],
  pos: sql`a.pos`,
  order: sql`a.pos desc`,
};
const adapters: EdgeSource = {
  ...adapts,
  up: false,
  type: sql`'adapter'`,
  number: sql`a.adapter_id`,
  from: sql`adapter a`,
  where: [sql`a.chain_id = p.chain_id`, sql`a.model_id = p.key`],
};

// Of one settlement the receipt's adapters come in its order, after the model.
const servedByModel: EdgeSource = {
  kind: GraphEdgeKind.SERVED,
  up: true,
  type: sql`'model'`,
  number: sql`m.model_id`,
  from: sql`inference i join model m on m.chain_id = i.chain_id and m.model_id = i.model_id`,
  where: [sql`i.chain_id = p.chain_id`, sql`i.inference_id = p.key`],
  pos: sql`i.pos`,
  item: sql`-1`,
  order: sql`i.pos desc`,
};
const servedByAdapters: EdgeSource = {
  kind: GraphEdgeKind.SERVED,
  up: true,
  type: sql`'adapter'`,
  number: sql`a.adapter_id`,
  from: sql`adapter_inference x
    join adapter a on a.chain_id = x.chain_id and a.adapter_id = x.adapter_id
    join inference i on i.chain_id = x.chain_id and i.inference_id = x.inference_id`,
  where: [sql`x.chain_id = p.chain_id`, sql`x.inference_id = p.key`],
  pos: sql`i.pos`,
  item: sql`x.item`,
  order: sql`x.item desc`,
};
const modelInferences: EdgeSource = {
  kind: GraphEdgeKind.SERVED,
  up: false,
  type: sql`'inference'`,
  bytes: sql`i.inference_id`,
  from: sql`inference i`,
  where: [sql`i.chain_id = p.chain_id`, sql`i.model_id = p.key`],
  pos: sql`i.pos`,
  item: sql`-1`,
  order: sql`i.pos desc`,
};
// By the receipts, which have chain order; the adapter's first place in one is its edge.
const adapterInferences: EdgeSource = {
  kind: GraphEdgeKind.SERVED,
  up: false,
  type: sql`'inference'`,
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

const isCurrent = sql`e.pos > coalesce(s.revision_pos, -1)`;
const influencedBy: EdgeSource = {
  kind: GraphEdgeKind.INFLUENCED,
  up: true,
  type: sql`'contribution'`,
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
const influenced: EdgeSource = {
  kind: GraphEdgeKind.INFLUENCED,
  up: false,
  type: sql`'inference'`,
  bytes: sql`s.inference_id`,
  from: sql`influence e
    join inference_state s on s.chain_id = e.chain_id and s.inference_id = e.inference_id`,
  // abs(): by the index that has them by weight (migrations/0010_graph.sql).
  where: [sql`e.chain_id = p.chain_id`, sql`abs(e.contribution_id) = p.key`, isCurrent, sql`e.weight_ppm > 0`],
  pos: sql`e.pos`,
  weight: sql`e.weight_ppm`,
  order: sql`e.weight_ppm desc, e.pos desc`,
};

const paidFor: EdgeSource = {
  kind: GraphEdgeKind.PAID_FOR,
  up: false,
  type: sql`'account'`,
  bytes: sql`i.user_address`,
  from: sql`inference i`,
  where: [sql`i.chain_id = p.chain_id`, sql`i.inference_id = p.key`],
  pos: sql`i.pos`,
  value: sql`i.fee`,
  token: sql`i.fee_token`,
  order: sql`i.pos desc`,
};
const paid: EdgeSource = {
  ...paidFor,
  up: true,
  type: sql`'inference'`,
  bytes: sql`i.inference_id`,
  where: [sql`i.user_address = p.key`, sql`i.chain_id = p.chain_id`],
};

const withPool = sql`reward r left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id`;
const rewarded = {
  kind: GraphEdgeKind.REWARDED,
  pos: sql`r.pos`,
  value: sql`r.amount`,
  token: sql`l.token`,
  order: sql`r.pos desc`,
} as const;
/** What a reward is of: an inference, else a contribution, else its pool's subject, as far as they exist. r, l: its pool. */
export const rewardSource = sql`
  left join inference i on i.chain_id = r.chain_id and i.inference_id = r.ref and r.ref <> ${NO_REF}::bytea
  left join contribution c on c.chain_id = r.chain_id and c.contribution_id = r.contribution_id
    and r.contribution_id <> 0 and i.pos is null
  left join datanet d on d.chain_id = l.chain_id and d.datanet_id = l.subject_id and l.kind = 0
    and i.pos is null and c.pos is null
  left join model m on m.chain_id = l.chain_id and m.model_id = l.subject_id and l.kind = 1
    and i.pos is null and c.pos is null`;
const rewardedBy: EdgeSource = {
  ...rewarded,
  up: true,
  type: sql`case when i.pos is not null then 'inference' when c.pos is not null then 'contribution'
    when d.pos is not null then 'datanet' else 'model' end`,
  number: sql`coalesce(c.contribution_id, d.datanet_id, m.model_id)`,
  bytes: sql`i.inference_id`,
  from: sql`${withPool} ${rewardSource}`,
  where: [sql`r.chain_id = p.chain_id`, sql`r.pos = p.key`, sql`coalesce(i.pos, c.pos, d.pos, m.pos) is not null`],
};
const ofReward = { ...rewarded, up: false, type: sql`'reward'`, placed: sql`r.pos` } as const;
const inferenceRewards: EdgeSource = {
  ...ofReward,
  from: withPool,
  where: [sql`r.chain_id = p.chain_id`, sql`r.ref = p.key`, sql`p.key <> ${NO_REF}::bytea`],
};

/** Of a reward r. */
const withoutInference = sql`not exists (
  select from inference i
  where i.chain_id = r.chain_id and i.inference_id = r.ref and r.ref <> ${NO_REF}::bytea
)`;
const withoutContribution = sql`not exists (
  select from contribution c
  where c.chain_id = r.chain_id and c.contribution_id = r.contribution_id and r.contribution_id <> 0
)`;

/** Conditions on a reward r, in what is joined to the node p (and to l, a pool whose subject it is). */
export interface Rewards {
  join: Sql;
  where: readonly Sql[];
  /** Where how many there are is kept. */
  kept?: { join: Sql; where: readonly Sql[]; total: Sql };
}
// Written out, not a parameter: so the index is recognized.
const refIsZero = sql`r.ref = ${new Sql([`'\\x${'00'.repeat(32)}'::bytea`], [])}`;
const ofPending = sql`reward_pending w join reward r on r.chain_id = w.chain_id and r.pos = w.pos`;

/** The rewards that a contribution itself is the source of: those without an inference. */
export function rewardsOfContribution(past: boolean): readonly Rewards[] {
  const own = [sql`r.chain_id = p.chain_id`, sql`r.contribution_id = p.key`, sql`p.key <> 0`];
  // What is missing today says nothing of a past block, so there every reward of the contribution is looked at.
  if (past) return [{ join: sql`reward r`, where: [...own, withoutInference] }];
  return [
    {
      join: sql`reward r`,
      where: [...own, refIsZero],
      kept: {
        join: sql`contribution_pool t`,
        where: [sql`t.chain_id = p.chain_id`, sql`t.contribution_id = p.key`],
        total: sql`t.own`,
      },
    },
    { join: ofPending, where: [sql`w.chain_id = p.chain_id`, sql`w.source_contribution = p.key`] },
  ];
}

/** The rewards of a pool l that its subject is the source of: those without an inference and a contribution. */
export function rewardsOfSubject(past: boolean): readonly Rewards[] {
  const own = [sql`r.chain_id = l.chain_id`, sql`r.pool_id = l.pool_id`];
  if (past) return [{ join: sql`reward r`, where: [...own, withoutInference, withoutContribution] }];
  return [
    {
      join: sql`reward r`,
      where: [...own, refIsZero, sql`r.contribution_id = 0`],
      kept: {
        join: sql`pool_total t`,
        where: [sql`t.chain_id = l.chain_id`, sql`t.pool_id = l.pool_id`],
        total: sql`t.own`,
      },
    },
    { join: ofPending, where: [sql`w.chain_id = l.chain_id`, sql`w.source_pool = l.pool_id`] },
  ];
}

const contributionRewards = (past: boolean): EdgeSource[] =>
  rewardsOfContribution(past).map((rewards) => ({
    ...ofReward,
    from: sql`${rewards.join} left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id`,
    where: rewards.where,
    order: orderOf(rewards),
  }));
// Of each pool the newest, as many as are wanted of all.
const subjectRewards = (poolKind: 0 | 1, past: boolean): EdgeSource[] =>
  rewardsOfSubject(past).map((rewards) => ({
    ...ofReward,
    from: (limit) => sql`pool l
      cross join lateral (
        select r.pos, r.amount from ${rewards.join} where ${all(rewards.where)} order by ${orderOf(rewards)} ${limit}
      ) r`,
    where: [sql`l.chain_id = p.chain_id`, sql`l.kind = ${poolKind}::smallint`, sql`l.subject_id = p.key`],
  }));

function orderOf({ join }: Rewards): Sql {
  return join === ofPending ? sql`w.pos desc` : sql`r.pos desc`;
}

const received: EdgeSource = {
  ...rewarded,
  kind: GraphEdgeKind.RECEIVED,
  up: false,
  type: sql`'account'`,
  bytes: sql`r.beneficiary`,
  from: withPool,
  where: [sql`r.chain_id = p.chain_id`, sql`r.pos = p.key`],
};
const accountRewards: EdgeSource = {
  ...rewarded,
  kind: GraphEdgeKind.RECEIVED,
  up: true,
  type: sql`'reward'`,
  placed: sql`r.pos`,
  from: withPool,
  where: [sql`r.beneficiary = p.key`, sql`r.chain_id = p.chain_id`],
};

const sources = (past: boolean): Readonly<Record<GraphNodeKind, readonly EdgeSource[]>> => ({
  ACCOUNT: [contributions, paid, accountRewards],
  DATANET: [datanetContributions, trainedModels, ...subjectRewards(0, past)],
  CONTRIBUTION: [contributed, inDatanet, influenced, ...contributionRewards(past)],
  MODEL: [trainedOn, derivedFrom, children, adapters, modelInferences, ...subjectRewards(1, past)],
  ADAPTER: [adapts, adapterInferences],
  INFERENCE: [servedByModel, servedByAdapters, influencedBy, paidFor, inferenceRewards],
  REWARD: [rewardedBy, received],
});
const [now, before] = [sources(false), sources(true)];

/** `past`: of a state that isn't the newest one. */
export function sourcesOf(kind: GraphNodeKind, past: boolean): readonly EdgeSource[] {
  return (past ? before : now)[kind];
}
