import { all, join, Slot, type Sql, sql, Template } from '../../sql';
import { GraphDirection, GraphNodeKind } from '../../types/graph';
import { NO_REF } from '../noRef';
import { hasSource, rewardSource } from './moneySources';
import { type Rewards, rewardsOfContribution, rewardsOfSubject } from './ownRewards';
import { arraysOf } from './places';
import { goesDown, goesUp } from './walk';

const { CONTRIBUTION, DATANET, MODEL, ADAPTER, INFERENCE } = GraphNodeKind;
const BENEFICIARY = 8;

/** The nodes whose edges are counted. asks_other: whether its one edge with another end than its account is counted. */
const RELATIONS: Readonly<Record<GraphNodeKind, Sql>> = {
  ACCOUNT: sql`accounts`,
  DATANET: sql`datanets`,
  CONTRIBUTION: sql`contributions`,
  MODEL: sql`models`,
  ADAPTER: sql`adapters`,
  INFERENCE: sql`inferences`,
  REWARD: sql`rewards`,
};

/** What a relation is given, each as an array's text. */
type Column = 'chainIds' | 'keys' | 'asksOther';
export const slotName = (kind: GraphNodeKind, column: Column) => `${kind} ${column}`;
const slot = (kind: GraphNodeKind, column: Column) => new Slot(slotName(kind, column));

interface CountsAsked {
  up: boolean;
  down: boolean;
  /**
   * From the narrow end: unless the wide one counts it. By a hash of what is among the nodes, whatever the planner thinks
   * of how much that is; of what may not be there, too.
   */
  unless(kind: GraphNodeKind, chainId: Sql, key: Sql): Sql;
  /** A state that isn't the newest one. */
  past: boolean;
}

const count = sql`select count(*)::numeric, 0::numeric`;
const kept = (total: Sql, weight = sql`0`) =>
  sql`select coalesce(sum(${total}), 0)::numeric, coalesce(sum(${weight}), 0)::numeric`;
const weighed = (weight: Sql) => sql`select count(*)::numeric, coalesce(sum(${weight}), 0)::numeric`;
/** Those of the terms that are asked for. */
const sum = (...terms: readonly (readonly [boolean, Sql])[]) =>
  join([sql`0`, ...terms.flatMap(([isAsked, term]) => (isAsked ? [term] : []))], ' + ');

const KINDS = Object.values(GraphNodeKind);
const statements = new Map<string, Template>();
/** A connection keeps a plan of half a megabyte for each, and there are hundreds of sets of kinds. */
const MOST_STATEMENTS = 40;

/**
 * How many edges nodes of those kinds have, and their weight, each as text: those counted by their wide ends, and those asked
 * for. A kind more takes Postgres as long as twenty nodes, so that others are left away in the first sets that are met; in
 * further ones they are given no nodes.
 */
export function countsOf(
  kinds: Pick<ReadonlySet<GraphNodeKind>, 'has'>,
  direction: GraphDirection,
  past: boolean,
): Template {
  const nameOf = (counted: readonly GraphNodeKind[]) => `${counted.join()} ${direction} ${past}`;
  const own = KINDS.filter((kind) => kinds.has(kind));
  const counted = statements.has(nameOf(own)) || statements.size < MOST_STATEMENTS ? own : KINDS;
  const name = nameOf(counted);
  const known = statements.get(name) ?? new Template(writeCounts(counted, direction, past));
  statements.set(name, known);
  return known;
}

function writeCounts(kinds: readonly GraphNodeKind[], direction: GraphDirection, past: boolean): Sql {
  const asked: CountsAsked = {
    up: goesUp(direction),
    down: goesDown(direction),
    unless: (kind, chainId, key) =>
      direction === GraphDirection.BOTH && kinds.includes(kind)
        ? sql`((${chainId}, ${key}) in (select w.chain_id, w.key from ${RELATIONS[kind]} w)) is not true`
        : sql`true`,
    past,
  };
  const relations = kinds.map((kind) => {
    const arrays = sql`${arraysOf(kind, slot(kind, 'chainIds'), slot(kind, 'keys'))}, ${slot(kind, 'asksOther')}::boolean[]`;
    return sql`${RELATIONS[kind]} (chain_id, key, asks_other) as materialized (select * from unnest(${arrays}))`;
  });
  const states = kinds.includes(INFERENCE) ? [sql`states as materialized (${inferenceStates})`] : [];
  const none = sql`select 0, 0`;
  const pieces = kinds.flatMap((kind) => BY_KIND[kind](asked));
  return sql`
    with ${join([...relations, ...states], ', ')}
    select sum(n)::text as edges, sum(weight)::text as weight
    from (${join(
      [none, ...pieces].map((piece) => sql`(${piece})`),
      ' union all ',
    )}) e (n, weight)`;
}

const BY_KIND: Readonly<Record<GraphNodeKind, (asked: CountsAsked) => Sql[]>> = {
  ACCOUNT: ofAccounts,
  DATANET: ofDatanets,
  CONTRIBUTION: ofContributions,
  MODEL: ofModels,
  ADAPTER: ofAdapters,
  INFERENCE: ofInferences,
  REWARD: ofRewards,
};

function ofAccounts({ up, down }: CountsAsked): Sql[] {
  const counts = sql`${kept(sum([up, sql`n.inferences`], [down, sql`n.contributions`]))} from accounts p
    join account_count n on n.chain_id = p.chain_id and n.address = p.key`;
  const received = sql`${kept(sql`o.n`)} from accounts p
    join account_role o on o.chain_id = p.chain_id and o.address = p.key and o.role = ${BENEFICIARY}::smallint`;
  return [counts, ...(up ? [received] : [])];
}

function ofDatanets({ up, down, past }: CountsAsked): Sql[] {
  const counts = sql`
    ${kept(sum([up, sql`n.contributions`], [down, sql`n.models`]), sum([down, sql`n.trained_weight`]))} from datanets p
    join datanet_count n on n.chain_id = p.chain_id and n.datanet_id = p.key`;
  return [counts, ...(down ? rewardsOfPools(sql`datanets`, 0, past) : [])];
}

function ofContributions({ down, unless, past }: CountsAsked): Sql[] {
  if (!down) return [];
  const influenced = sql`${kept(sql`n.edges`, sql`n.weight`)} from contributions p
    join contribution_count n on n.chain_id = p.chain_id and n.contribution_id = p.key`;
  const rewards = rewardsOfContribution(past).map((each) => totalOf(sql`contributions p`, each));
  const inDatanet = sql`${count} from contributions p
    join contribution c on c.chain_id = p.chain_id and c.contribution_id = p.key
    join datanet d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id
    where p.asks_other and ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}`;
  return [influenced, ...rewards, inDatanet];
}

function ofModels({ up, down, unless, past }: CountsAsked): Sql[] {
  const trainedOn = sql`${weighed(sql`t.weight_ppm`)} from models p
    join model_datanet t on t.chain_id = p.chain_id and t.model_id = p.key
    join datanet d on d.chain_id = t.chain_id and d.datanet_id = t.datanet_id
    where ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}`;
  const derivedFrom = sql`${count} from models p
    join model m on m.chain_id = p.chain_id and m.model_id = p.key
    join model o on o.chain_id = m.chain_id and o.model_id = m.parent_model_id
    where p.asks_other and m.parent_model_id <> 0 and ${unless(MODEL, sql`o.chain_id`, sql`o.model_id`)}`;
  const counts = sql`${kept(sql`n.children + n.adapters + n.inferences`)} from models p
    join model_count n on n.chain_id = p.chain_id and n.model_id = p.key`;
  return [...(up ? [trainedOn, derivedFrom] : []), ...(down ? [counts, ...rewardsOfPools(sql`models`, 1, past)] : [])];
}

function ofAdapters({ up, down, unless }: CountsAsked): Sql[] {
  const served = sql`${kept(sql`n.inferences`)} from adapters p
    join adapter_count n on n.chain_id = p.chain_id and n.adapter_id = p.key`;
  const adapts = sql`${count} from adapters p
    join adapter a on a.chain_id = p.chain_id and a.adapter_id = p.key
    join model m on m.chain_id = a.chain_id and m.model_id = a.model_id
    where p.asks_other and ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  return [...(up ? [adapts] : []), ...(down ? [served] : [])];
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

/** They have what current influences name, each once with their number and weight. */
const inferenceStates = sql`
  select p.asks_other, s.chain_id, s.model_id, s.contribution_ids, s.contribution_edges, s.contribution_weights
  from inferences p
  join inference_state s on s.chain_id = p.chain_id and s.inference_id = p.key`;

function ofInferences({ up, down, unless, past }: CountsAsked): Sql[] {
  const influencedBy = sql`${kept(sql`e.edges`, sql`e.weight`)}
    from (
      select s.chain_id, unnest(s.contribution_ids) as contribution_id, unnest(s.contribution_edges) as edges,
        unnest(s.contribution_weights) as weight
      from states s
    ) e
    where ${unless(CONTRIBUTION, sql`e.chain_id`, sql`e.contribution_id`)}
      and ${isSubmitted(past, sql`e.chain_id`, sql`e.contribution_id`)}`;
  const adapters = sql`${count} from inferences p
    join adapter_inference x on x.chain_id = p.chain_id and x.inference_id = p.key
    join adapter a on a.chain_id = x.chain_id and a.adapter_id = x.adapter_id
    where ${unless(ADAPTER, sql`a.chain_id`, sql`a.adapter_id`)}`;
  const model = sql`${count} from states s
    join model m on m.chain_id = s.chain_id and m.model_id = s.model_id
    where s.asks_other and ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  const rewarded = sql`${count} from inferences p
    join reward r on r.chain_id = p.chain_id and r.ref = p.key
    where p.key <> ${NO_REF}::bytea`;
  return [...(up ? [influencedBy, adapters, model] : []), ...(down ? [rewarded] : [])];
}

function ofRewards({ up, unless }: CountsAsked): Sql[] {
  if (!up) return [];
  const rewarded = sql`${count} from rewards p
    join reward r on r.chain_id = p.chain_id and r.pos = p.key
    left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id
    ${rewardSource}
    where p.asks_other and ${hasSource}
      and ${unless(INFERENCE, sql`i.chain_id`, sql`i.inference_id`)}
      and ${unless(CONTRIBUTION, sql`c.chain_id`, sql`c.contribution_id`)}
      and ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}
      and ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  return [rewarded];
}

function rewardsOfPools(nodes: Sql, poolKind: 0 | 1, past: boolean): Sql[] {
  return rewardsOfSubject(past).map((rewards) =>
    totalOf(
      sql`${nodes} p join pool l on l.chain_id = p.chain_id and l.kind = ${poolKind}::smallint and l.subject_id = p.key`,
      rewards,
    ),
  );
}

function totalOf(from: Sql, { join: rewards, where, kept: total }: Rewards): Sql {
  return total
    ? sql`${kept(total.total)} from ${from} cross join ${total.join} where ${all(total.where)}`
    : sql`${count} from ${from} cross join ${rewards} where ${all(where)}`;
}
