import { all, sql } from '../../sql';
import { GraphEdgeKind } from '../../types/graph';
import { NO_REF } from '../noRef';
import { orderOf, rewardsOfContribution, rewardsOfSubject } from './ownRewards';
import type { EdgeSource } from './source';

export const paidFor: EdgeSource = {
  kind: GraphEdgeKind.PAID_FOR,
  up: false,
  type: 'account',
  bytes: sql`i.user_address`,
  from: sql`inference i`,
  where: [sql`i.chain_id = p.chain_id`, sql`i.inference_id = p.key`],
  pos: sql`i.pos`,
  value: sql`i.fee`,
  token: sql`i.fee_token`,
  order: sql`i.pos desc`,
};
export const paid: EdgeSource = {
  ...paidFor,
  up: true,
  type: 'inference',
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
/**
 * What a reward is of: an inference, else a contribution, else its pool's subject, as far as they exist. r, l: its pool.
 * What it isn't of has null as its key, for which no index is read; for a condition beside the key one is, and then it is told.
 * Nothing but the keys is read of them, so that indexes have it all: an account's rewards are of many inferences.
 */
export const rewardSource = sql`
  left join inference i on i.chain_id = r.chain_id and i.inference_id = nullif(r.ref, ${NO_REF}::bytea)
  left join contribution c on c.chain_id = r.chain_id
    and c.contribution_id = case when i.inference_id is null then nullif(r.contribution_id, 0) end
  left join datanet d on d.chain_id = l.chain_id
    and d.datanet_id = case when l.kind = 0 and i.inference_id is null and c.contribution_id is null then l.subject_id end
  left join model m on m.chain_id = l.chain_id
    and m.model_id = case when l.kind = 1 and i.inference_id is null and c.contribution_id is null then l.subject_id end`;
/** That there is one of them. */
export const hasSource = sql`(i.inference_id is not null
  or coalesce(c.contribution_id, d.datanet_id, m.model_id) is not null)`;
export const rewardedBy: EdgeSource = {
  ...rewarded,
  up: true,
  type: sql`case when i.inference_id is not null then 'inference' when c.contribution_id is not null then 'contribution'
    when d.datanet_id is not null then 'datanet' else 'model' end`,
  number: sql`coalesce(c.contribution_id, d.datanet_id, m.model_id)`,
  bytes: sql`i.inference_id`,
  from: sql`${withPool} ${rewardSource}`,
  where: [sql`r.chain_id = p.chain_id`, sql`r.pos = p.key`, hasSource],
};
const ofReward = { ...rewarded, up: false, type: 'reward' } as const;
export const inferenceRewards: EdgeSource = {
  ...ofReward,
  from: withPool,
  where: [sql`r.chain_id = p.chain_id`, sql`r.ref = p.key`, sql`p.key <> ${NO_REF}::bytea`],
};

export const contributionRewards = (past: boolean): EdgeSource[] =>
  rewardsOfContribution(past).map((rewards) => ({
    ...ofReward,
    from: sql`${rewards.join} left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id`,
    where: rewards.where,
    order: orderOf(rewards),
  }));
// Of each pool the newest, as many as are wanted of all.
export const subjectRewards = (poolKind: 0 | 1, past: boolean): EdgeSource[] =>
  rewardsOfSubject(past).map((rewards) => ({
    ...ofReward,
    from: (limit) => sql`pool l
      cross join lateral (
        select r.pos, r.amount from ${rewards.join} where ${all(rewards.where)} order by ${orderOf(rewards)} ${limit}
      ) r`,
    where: [sql`l.chain_id = p.chain_id`, sql`l.kind = ${poolKind}::smallint`, sql`l.subject_id = p.key`],
  }));

export const received: EdgeSource = {
  ...rewarded,
  kind: GraphEdgeKind.RECEIVED,
  up: false,
  type: 'account',
  bytes: sql`r.beneficiary`,
  from: withPool,
  where: [sql`r.chain_id = p.chain_id`, sql`r.pos = p.key`],
};
export const accountRewards: EdgeSource = {
  ...rewarded,
  kind: GraphEdgeKind.RECEIVED,
  up: true,
  type: 'reward',
  from: withPool,
  where: [sql`r.beneficiary = p.key`, sql`r.chain_id = p.chain_id`],
};
