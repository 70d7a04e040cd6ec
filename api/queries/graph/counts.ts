import { all, join, type Sql, sql } from '../../sql';
import { GraphNodeKind } from '../../types/graph';
import { NO_REF } from '../noRef';
import { hasSource, rewardSource } from './moneySources';
import { type Rewards, rewardsOfContribution, rewardsOfSubject } from './ownRewards';

const { CONTRIBUTION, DATANET, MODEL, ADAPTER, INFERENCE } = GraphNodeKind;
const BENEFICIARY = 8;

/** Which of the nodes' edges are counted (totals.ts). */
export interface CountsAsked {
  up: boolean;
  down: boolean;
  unless: Unless;
  /** A state that isn't the newest one. */
  past: boolean;
}

/**
 * From the narrow end: unless the wide one counts it. By a hash of what is among the nodes, whatever the planner thinks of
 * how much that is; of what may not be there, too.
 */
export type Unless = (kind: GraphNodeKind, chainId: Sql, key: Sql) => Sql;

/** Selects of how many edges, and their weight. */
export interface Counts {
  /** What several of them read, as a part of `with`. */
  read?: Sql;
  /** Of all the nodes of a kind, p (chain_id, key): those whose wide end they are, and of which they may have several. */
  ofAll: readonly Sql[];
  /** Of those of them, q, that are to be asked for the one with another end than their account. */
  ofOther?: Sql;
}

const count = sql`select count(*)::numeric, 0::numeric`;
const kept = (total: Sql, weight = sql`0`) =>
  sql`select coalesce(sum(${total}), 0)::numeric, coalesce(sum(${weight}), 0)::numeric`;
const weighed = (weight: Sql) => sql`select count(*)::numeric, coalesce(sum(${weight}), 0)::numeric`;
/** Those of the terms that are asked for. */
const sum = (...terms: readonly (readonly [boolean, Sql])[]) =>
  join([sql`0`, ...terms.flatMap(([isAsked, term]) => (isAsked ? [term] : []))], ' + ');

export function countsOf(kind: GraphNodeKind, asked: CountsAsked): Counts {
  return BY_KIND[kind](asked);
}

const BY_KIND: Readonly<Record<GraphNodeKind, (asked: CountsAsked) => Counts>> = {
  ACCOUNT: ofAccounts,
  DATANET: ofDatanets,
  CONTRIBUTION: ofContributions,
  MODEL: ofModels,
  ADAPTER: ofAdapters,
  INFERENCE: ofInferences,
  REWARD: ofRewards,
};

function ofAccounts({ up, down }: CountsAsked): Counts {
  const counts = sql`${kept(sum([up, sql`n.inferences`], [down, sql`n.contributions`]))} from p
    join account_count n on n.chain_id = p.chain_id and n.address = p.key`;
  const received = sql`${kept(sql`o.n`)} from p
    join account_role o on o.chain_id = p.chain_id and o.address = p.key and o.role = ${BENEFICIARY}::smallint`;
  return { ofAll: [counts, ...(up ? [received] : [])] };
}

function ofDatanets({ up, down, past }: CountsAsked): Counts {
  const counts = sql`
    ${kept(sum([up, sql`n.contributions`], [down, sql`n.models`]), sum([down, sql`n.trained_weight`]))} from p
    join datanet_count n on n.chain_id = p.chain_id and n.datanet_id = p.key`;
  return { ofAll: [counts, ...(down ? rewardsOfPools(0, past) : [])] };
}

function ofContributions({ down, unless, past }: CountsAsked): Counts {
  if (!down) return { ofAll: [] };
  const influenced = sql`${kept(sql`n.edges`, sql`n.weight`)} from p
    join contribution_count n on n.chain_id = p.chain_id and n.contribution_id = p.key`;
  const rewards = rewardsOfContribution(past).map((each) => totalOf(sql`p`, each));
  const inDatanet = sql`${count} from q
    join contribution c on c.chain_id = q.chain_id and c.contribution_id = q.key
    join datanet d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id
    where ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}`;
  return { ofAll: [influenced, ...rewards], ofOther: inDatanet };
}

function ofModels({ up, down, unless, past }: CountsAsked): Counts {
  const trainedOn = sql`${weighed(sql`t.weight_ppm`)} from p
    join model_datanet t on t.chain_id = p.chain_id and t.model_id = p.key
    join datanet d on d.chain_id = t.chain_id and d.datanet_id = t.datanet_id
    where ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}`;
  const derivedFrom = sql`${count} from q
    join model m on m.chain_id = q.chain_id and m.model_id = q.key
    join model o on o.chain_id = m.chain_id and o.model_id = m.parent_model_id
    where m.parent_model_id <> 0 and ${unless(MODEL, sql`o.chain_id`, sql`o.model_id`)}`;
  const counts = sql`${kept(sql`n.children + n.adapters + n.inferences`)} from p
    join model_count n on n.chain_id = p.chain_id and n.model_id = p.key`;
  return {
    ofAll: [...(up ? [trainedOn] : []), ...(down ? [counts, ...rewardsOfPools(1, past)] : [])],
    ofOther: derivedFrom,
  };
}

function ofAdapters({ down, unless }: CountsAsked): Counts {
  const served = sql`${kept(sql`n.inferences`)} from p
    join adapter_count n on n.chain_id = p.chain_id and n.adapter_id = p.key`;
  const adapts = sql`${count} from q
    join adapter a on a.chain_id = q.chain_id and a.adapter_id = q.key
    join model m on m.chain_id = a.chain_id and m.model_id = a.model_id
    where ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  return { ofAll: down ? [served] : [], ofOther: adapts };
}

/** That a contribution which current influences name was submitted: today nearly all were, and the others are kept. */
function isSubmitted(past: boolean, chainId: Sql, contributionId: Sql): Sql {
  return past
    ? sql`coalesce((
        select true from contribution c where c.chain_id = ${chainId} and c.contribution_id = ${contributionId}
      ), false)`
    : sql`(not (select exists (select from contribution_unknown)) or coalesce((
        select false from contribution_unknown c
        where c.chain_id = ${chainId} and c.contribution_id = ${contributionId}
      ), true))`;
}

/** An inference's state has what current influences name, each once with their number and weight. */
function ofInferences({ up, down, unless, past }: CountsAsked): Counts {
  const influencedBy = sql`${kept(sql`e.edges`, sql`e.weight`)}
    from (
      select s.chain_id, unnest(s.contribution_ids) as contribution_id, unnest(s.contribution_edges) as edges,
        unnest(s.contribution_weights) as weight
      from s
    ) e
    where ${unless(CONTRIBUTION, sql`e.chain_id`, sql`e.contribution_id`)}
      and ${isSubmitted(past, sql`e.chain_id`, sql`e.contribution_id`)}`;
  const adapters = sql`${count} from p
    join adapter_inference x on x.chain_id = p.chain_id and x.inference_id = p.key
    join adapter a on a.chain_id = x.chain_id and a.adapter_id = x.adapter_id
    where ${unless(ADAPTER, sql`a.chain_id`, sql`a.adapter_id`)}`;
  const rewarded = sql`${count} from p
    join reward r on r.chain_id = p.chain_id and r.ref = p.key
    where p.key <> ${NO_REF}::bytea`;
  const model = sql`${count} from s
    join model m on m.chain_id = s.chain_id and m.model_id = s.model_id
    where ((s.chain_id, s.inference_id) in (select q.chain_id, q.key from q)) is true
      and ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  return {
    read: sql`s as materialized (
      select s.chain_id, s.inference_id, s.model_id, s.contribution_ids, s.contribution_edges, s.contribution_weights
      from p join inference_state s on s.chain_id = p.chain_id and s.inference_id = p.key
    )`,
    ofAll: [...(up ? [influencedBy, adapters] : []), ...(down ? [rewarded] : [])],
    ofOther: model,
  };
}

function ofRewards({ unless }: CountsAsked): Counts {
  const rewarded = sql`${count} from q
    join reward r on r.chain_id = q.chain_id and r.pos = q.key
    left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id
    ${rewardSource}
    where ${hasSource}
      and ${unless(INFERENCE, sql`i.chain_id`, sql`i.inference_id`)}
      and ${unless(CONTRIBUTION, sql`c.chain_id`, sql`c.contribution_id`)}
      and ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}
      and ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  return { ofAll: [], ofOther: rewarded };
}

function rewardsOfPools(poolKind: 0 | 1, past: boolean): Sql[] {
  return rewardsOfSubject(past).map((rewards) =>
    totalOf(
      sql`p join pool l on l.chain_id = p.chain_id and l.kind = ${poolKind}::smallint and l.subject_id = p.key`,
      rewards,
    ),
  );
}

function totalOf(from: Sql, { join: rewards, where, kept: total }: Rewards): Sql {
  return total
    ? sql`${kept(total.total)} from ${from} cross join ${total.join} where ${all(total.where)}`
    : sql`${count} from ${from} cross join ${rewards} where ${all(where)}`;
}
