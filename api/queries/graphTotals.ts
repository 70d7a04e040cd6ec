import type { Context } from '../context';
import { all, join, type Sql, sql } from '../sql';
import { GraphDirection, GraphNodeKind } from '../types/graph';
import { placesByKind, relationOf } from './graphEdges';
import { rewardSource } from './graphMoneySources';
import { type Rewards, rewardsOfContribution, rewardsOfSubject } from './graphOwnRewards';
import { goesDown, goesUp, type WalkNode } from './graphWalk';

export interface EdgeTotals {
  edges: bigint;
  weightPpm: bigint;
}

const { ACCOUNT, DATANET, CONTRIBUTION, MODEL, ADAPTER, INFERENCE, REWARD } = GraphNodeKind;
const NO_REF = Buffer.alloc(32);
const BENEFICIARY = 8;

/**
 * How many edges the nodes have in that direction, each counted once, and their weight.
 *
 * An edge has a narrow end, where there are few of its kind (a contribution has one datanet), and a wide one, where there
 * may be millions (a datanet's contributions) and where a total is kept. Seen from both ends, it is counted in the wide
 * one's total, if that is among the nodes, else from the narrow one: no edge of a wide end has to be read.
 */
export async function totalOfEdges(
  context: Context,
  nodes: readonly WalkNode[],
  direction: GraphDirection,
  chainIds: readonly number[],
): Promise<EdgeTotals> {
  const places = placesByKind(nodes, chainIds);
  const past = context.at !== null;
  // Every kind, so that the statement is planned once: that takes longer than to count nothing of the kinds that aren't
  // there. Of a past state it takes too long, its tables being views.
  const kinds = Object.values(GraphNodeKind).filter((kind) => !past || places.has(kind));
  if (kinds.length === 0) return { edges: 0n, weightPpm: 0n };
  const relations = kinds.map(
    (kind) =>
      sql`${RELATIONS[kind]} (chain_id, key) as materialized (
        select chain_id, key from ${relationOf(kind, places.get(kind) ?? [])} as k (chain_id, key, ordinal)
      )`,
  );
  const unless: Unless = (kind, chainId, key) =>
    direction === GraphDirection.BOTH && kinds.includes(kind)
      ? sql`((${chainId}, ${key}) in (select w.chain_id, w.key from ${RELATIONS[kind]} w)) is not true`
      : sql`true`;
  const pieces = piecesOf({ up: goesUp(direction), down: goesDown(direction), unless, past }).flatMap(
    ([kind, piece]) => (kinds.includes(kind) ? [sql`(${piece})`] : []),
  );
  if (pieces.length === 0) return { edges: 0n, weightPpm: 0n };
  const [row] = await context.snapshot.query<{ edges: string; weight: string }>(sql`
    with ${join(relations, ', ')}
    select sum(n)::text as edges, sum(weight)::text as weight
    from (${join(pieces, ' union all ')}) e (n, weight)`);
  return { edges: BigInt(row?.edges ?? 0), weightPpm: BigInt(row?.weight ?? 0) };
}

const RELATIONS: Readonly<Record<GraphNodeKind, Sql>> = {
  ACCOUNT: sql`p_account`,
  DATANET: sql`p_datanet`,
  CONTRIBUTION: sql`p_contribution`,
  MODEL: sql`p_model`,
  ADAPTER: sql`p_adapter`,
  INFERENCE: sql`p_inference`,
  REWARD: sql`p_reward`,
};

/**
 * From the narrow end: unless the wide one counts it. By a hash of what is among the nodes, whatever the planner thinks of
 * how much that is; of what may not be there, too.
 */
type Unless = (kind: GraphNodeKind, chainId: Sql, key: Sql) => Sql;
/** Of the nodes of a kind: how many edges, and their weight. */
type Piece = readonly [GraphNodeKind, Sql];

interface Counted {
  up: boolean;
  down: boolean;
  unless: Unless;
  past: boolean;
}

const count = sql`select count(*)::numeric, 0::numeric`;
const kept = (total: Sql, weight = sql`0`) =>
  sql`select coalesce(sum(${total}), 0)::numeric, coalesce(sum(${weight}), 0)::numeric`;
const weighed = (weight: Sql) => sql`select count(*)::numeric, coalesce(sum(${weight}), 0)::numeric`;
const one = (condition: Sql) => sql`(${condition})::integer`;
/** Those of the terms that are asked for. */
const sum = (...terms: readonly (readonly [boolean, Sql])[]) =>
  join([sql`0`, ...terms.flatMap(([asked, term]) => (asked ? [term] : []))], ' + ');

function piecesOf(counted: Counted): Piece[] {
  return [
    ...ofAccounts(counted),
    ...ofDatanets(counted),
    ...ofContributions(counted),
    ...ofModels(counted),
    ...ofAdapters(counted),
    ...ofInferences(counted),
    ...ofRewards(counted),
  ];
}

function ofAccounts({ up, down }: Counted): Piece[] {
  const counts = sql`${kept(sum([up, sql`n.inferences`], [down, sql`n.contributions`]))} from p_account p
    join account_count n on n.chain_id = p.chain_id and n.address = p.key`;
  const received = sql`${kept(sql`o.n`)} from p_account p
    join account_role o on o.chain_id = p.chain_id and o.address = p.key and o.role = ${BENEFICIARY}::smallint`;
  return [[ACCOUNT, counts], ...(up ? [[ACCOUNT, received] as const] : [])];
}

function ofDatanets({ up, down, past }: Counted): Piece[] {
  const counts = sql`
    ${kept(sum([up, sql`n.contributions`], [down, sql`n.models`]), sum([down, sql`n.trained_weight`]))} from p_datanet p
    join datanet_count n on n.chain_id = p.chain_id and n.datanet_id = p.key`;
  return [[DATANET, counts], ...(down ? rewardsOfPools(DATANET, 0, past) : [])];
}

function ofContributions({ up, down, unless, past }: Counted): Piece[] {
  const ends = sql`${kept(
    sum(
      [up, one(unless(ACCOUNT, sql`c.chain_id`, sql`c.contributor`))],
      [down, one(sql`d.pos is not null and ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}`)],
      [down, sql`coalesce(n.edges, 0)`],
    ),
    sum([down, sql`coalesce(n.weight, 0)`]),
  )} from p_contribution p
    join contribution c on c.chain_id = p.chain_id and c.contribution_id = p.key
    left join datanet d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id
    left join contribution_count n on n.chain_id = p.chain_id and n.contribution_id = p.key`;
  const rewards = rewardsOfContribution(past).map(
    (each): Piece => [CONTRIBUTION, totalOf(sql`p_contribution p`, each)],
  );
  return [[CONTRIBUTION, ends], ...(down ? rewards : [])];
}

function ofModels({ up, down, unless, past }: Counted): Piece[] {
  const trainedOn = sql`${weighed(sql`t.weight_ppm`)} from p_model p
    join model_datanet t on t.chain_id = p.chain_id and t.model_id = p.key
    join datanet d on d.chain_id = t.chain_id and d.datanet_id = t.datanet_id
    where ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}`;
  const derivedFrom = sql`${count} from p_model p
    join model m on m.chain_id = p.chain_id and m.model_id = p.key
    join model o on o.chain_id = m.chain_id and o.model_id = m.parent_model_id
    where m.parent_model_id <> 0 and ${unless(MODEL, sql`o.chain_id`, sql`o.model_id`)}`;
  const counts = sql`${kept(sql`n.children + n.adapters + n.inferences`)} from p_model p
    join model_count n on n.chain_id = p.chain_id and n.model_id = p.key`;
  return [
    ...(up ? [[MODEL, trainedOn] as const, [MODEL, derivedFrom] as const] : []),
    ...(down ? [[MODEL, counts] as const, ...rewardsOfPools(MODEL, 1, past)] : []),
  ];
}

function ofAdapters({ up, down, unless }: Counted): Piece[] {
  const adapts = sql`${count} from p_adapter p
    join adapter a on a.chain_id = p.chain_id and a.adapter_id = p.key
    join model m on m.chain_id = a.chain_id and m.model_id = a.model_id
    where ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  const served = sql`${kept(sql`n.inferences`)} from p_adapter p
    join adapter_count n on n.chain_id = p.chain_id and n.adapter_id = p.key`;
  return [...(up ? [[ADAPTER, adapts] as const] : []), ...(down ? [[ADAPTER, served] as const] : [])];
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
function ofInferences({ up, down, unless, past }: Counted): Piece[] {
  const ends = sql`${kept(
    sum(
      [up, one(sql`m.pos is not null and ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`)],
      [up, sql`coalesce(u.edges, 0)`],
      [down, one(unless(ACCOUNT, sql`s.chain_id`, sql`s.user_address`))],
    ),
    sum([up, sql`coalesce(u.weight, 0)`]),
  )} from p_inference p
    join inference_state s on s.chain_id = p.chain_id and s.inference_id = p.key
    left join model m on m.chain_id = s.chain_id and m.model_id = s.model_id
    left join lateral (
      select sum(e.edges) as edges, sum(e.weight) as weight
      from (
        select unnest(s.contribution_ids) as contribution_id, unnest(s.contribution_edges) as edges,
          unnest(s.contribution_weights) as weight
      ) e
      where ${up}::boolean and ${unless(CONTRIBUTION, sql`s.chain_id`, sql`e.contribution_id`)}
        and ${isSubmitted(past, sql`s.chain_id`, sql`e.contribution_id`)}
    ) u on true`;
  const adapters = sql`${count} from p_inference p
    join adapter_inference x on x.chain_id = p.chain_id and x.inference_id = p.key
    join adapter a on a.chain_id = x.chain_id and a.adapter_id = x.adapter_id
    where ${unless(ADAPTER, sql`a.chain_id`, sql`a.adapter_id`)}`;
  const rewarded = sql`${count} from p_inference p
    join reward r on r.chain_id = p.chain_id and r.ref = p.key
    where p.key <> ${NO_REF}::bytea`;
  return [
    [INFERENCE, ends],
    ...(up ? [[INFERENCE, adapters] as const] : []),
    ...(down ? [[INFERENCE, rewarded] as const] : []),
  ];
}

function ofRewards({ up, down, unless }: Counted): Piece[] {
  const rewarded = sql`${count} from p_reward p
    join reward r on r.chain_id = p.chain_id and r.pos = p.key
    left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id
    ${rewardSource}
    where coalesce(i.pos, c.pos, d.pos, m.pos) is not null
      and ${unless(INFERENCE, sql`i.chain_id`, sql`i.inference_id`)}
      and ${unless(CONTRIBUTION, sql`c.chain_id`, sql`c.contribution_id`)}
      and ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}
      and ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  const received = sql`${count} from p_reward p
    join reward r on r.chain_id = p.chain_id and r.pos = p.key
    where ${unless(ACCOUNT, sql`r.chain_id`, sql`r.beneficiary`)}`;
  return [...(up ? [[REWARD, rewarded] as const] : []), ...(down ? [[REWARD, received] as const] : [])];
}

function rewardsOfPools(kind: GraphNodeKind, poolKind: 0 | 1, past: boolean): Piece[] {
  return rewardsOfSubject(past).map((rewards) => [
    kind,
    totalOf(
      sql`${RELATIONS[kind]} p
        join pool l on l.chain_id = p.chain_id and l.kind = ${poolKind}::smallint and l.subject_id = p.key`,
      rewards,
    ),
  ]);
}

function totalOf(from: Sql, { join: rewards, where, kept: total }: Rewards): Sql {
  return total
    ? sql`${kept(total.total)} from ${from} cross join ${total.join} where ${all(total.where)}`
    : sql`${count} from ${from} cross join ${rewards} where ${all(where)}`;
}
