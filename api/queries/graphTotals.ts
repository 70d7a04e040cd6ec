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
  const relations = [...places].map(
    ([kind, own]) => sql`${RELATIONS[kind]} (ordinal, chain_id, key) as materialized (${relationOf(kind, own)})`,
  );
  const unless: Unless = (kind, chainId, key) =>
    direction === GraphDirection.BOTH && places.has(kind)
      ? sql`not exists (select from ${RELATIONS[kind]} w where w.chain_id = ${chainId} and w.key = ${key})`
      : sql`true`;
  const pieces = [
    ...(goesUp(direction) ? upwards(unless) : []),
    ...(goesDown(direction) ? downwards(unless, context.at !== null) : []),
  ].flatMap(([kind, piece]) => (places.has(kind) ? [sql`(${piece})`] : []));
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

/** From the narrow end: unless the wide one counts it. */
type Unless = (kind: GraphNodeKind, chainId: Sql, key: Sql) => Sql;
/** Of the nodes of a kind: how many edges of a kind, and their weight. */
type Piece = readonly [GraphNodeKind, Sql];

const count = sql`select count(*)::numeric, 0::numeric`;
const kept = (total: Sql, weight = sql`0`) =>
  sql`select coalesce(sum(${total}), 0)::numeric, coalesce(sum(${weight}), 0)::numeric`;
const weighed = (weight: Sql) => sql`select count(*)::numeric, coalesce(sum(${weight}), 0)::numeric`;

/** Of the edges that end in the nodes. */
function upwards(unless: Unless): Piece[] {
  const contributed = sql`${count} from p_contribution p
    join contribution c on c.chain_id = p.chain_id and c.contribution_id = p.key
    where ${unless(ACCOUNT, sql`c.chain_id`, sql`c.contributor`)}`;
  const inDatanet = sql`${kept(sql`n.contributions`)} from p_datanet p
    join datanet_count n on n.chain_id = p.chain_id and n.datanet_id = p.key`;
  const trainedOn = sql`${weighed(sql`t.weight_ppm`)} from p_model p
    join model_datanet t on t.chain_id = p.chain_id and t.model_id = p.key
    join datanet d on d.chain_id = t.chain_id and d.datanet_id = t.datanet_id
    where ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}`;
  const derivedFrom = sql`${count} from p_model p
    join model m on m.chain_id = p.chain_id and m.model_id = p.key
    join model o on o.chain_id = m.chain_id and o.model_id = m.parent_model_id
    where m.parent_model_id <> 0 and ${unless(MODEL, sql`o.chain_id`, sql`o.model_id`)}`;
  const adapts = sql`${count} from p_adapter p
    join adapter a on a.chain_id = p.chain_id and a.adapter_id = p.key
    join model m on m.chain_id = a.chain_id and m.model_id = a.model_id
    where ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  const servedByModel = sql`${count} from p_inference p
    join inference i on i.chain_id = p.chain_id and i.inference_id = p.key
    join model m on m.chain_id = i.chain_id and m.model_id = i.model_id
    where ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  const servedByAdapters = sql`${count} from p_inference p
    join adapter_inference x on x.chain_id = p.chain_id and x.inference_id = p.key
    join adapter a on a.chain_id = x.chain_id and a.adapter_id = x.adapter_id
    where ${unless(ADAPTER, sql`a.chain_id`, sql`a.adapter_id`)}`;
  const influenced = sql`${weighed(sql`e.weight_ppm`)} from p_inference p
    join inference_state s on s.chain_id = p.chain_id and s.inference_id = p.key
    join influence e on e.chain_id = s.chain_id and e.inference_id = s.inference_id
    join contribution c on c.chain_id = e.chain_id and c.contribution_id = e.contribution_id
    where e.pos > coalesce(s.revision_pos, -1) and e.weight_ppm > 0
      and ${unless(CONTRIBUTION, sql`c.chain_id`, sql`c.contribution_id`)}`;
  const paidFor = sql`${kept(sql`n.inferences`)} from p_account p
    join account_count n on n.chain_id = p.chain_id and n.address = p.key`;
  const rewarded = sql`${count} from p_reward p
    join reward r on r.chain_id = p.chain_id and r.pos = p.key
    left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id
    ${rewardSource}
    where coalesce(i.pos, c.pos, d.pos, m.pos) is not null
      and ${unless(INFERENCE, sql`i.chain_id`, sql`i.inference_id`)}
      and ${unless(CONTRIBUTION, sql`c.chain_id`, sql`c.contribution_id`)}
      and ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}
      and ${unless(MODEL, sql`m.chain_id`, sql`m.model_id`)}`;
  const received = sql`${kept(sql`o.n`)} from p_account p
    join account_role o on o.chain_id = p.chain_id and o.address = p.key and o.role = ${BENEFICIARY}::smallint`;
  return [
    [CONTRIBUTION, contributed],
    [DATANET, inDatanet],
    [MODEL, trainedOn],
    [MODEL, derivedFrom],
    [ADAPTER, adapts],
    [INFERENCE, servedByModel],
    [INFERENCE, servedByAdapters],
    [INFERENCE, influenced],
    [ACCOUNT, paidFor],
    [REWARD, rewarded],
    [ACCOUNT, received],
  ];
}

/** Of the edges that begin in the nodes. */
function downwards(unless: Unless, past: boolean): Piece[] {
  const contributed = sql`${kept(sql`n.contributions`)} from p_account p
    join account_count n on n.chain_id = p.chain_id and n.address = p.key`;
  const inDatanet = sql`${count} from p_contribution p
    join contribution c on c.chain_id = p.chain_id and c.contribution_id = p.key
    join datanet d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id
    where ${unless(DATANET, sql`d.chain_id`, sql`d.datanet_id`)}`;
  const trainedOn = sql`${kept(sql`n.models`, sql`n.trained_weight`)} from p_datanet p
    join datanet_count n on n.chain_id = p.chain_id and n.datanet_id = p.key`;
  const ofModel = sql`${kept(sql`n.children + n.adapters + n.inferences`)} from p_model p
    join model_count n on n.chain_id = p.chain_id and n.model_id = p.key`;
  const servedByAdapter = sql`${kept(sql`n.inferences`)} from p_adapter p
    join adapter_count n on n.chain_id = p.chain_id and n.adapter_id = p.key`;
  const influenced = sql`${kept(sql`n.edges`, sql`n.weight`)} from p_contribution p
    join contribution_count n on n.chain_id = p.chain_id and n.contribution_id = p.key`;
  const paidFor = sql`${count} from p_inference p
    join inference i on i.chain_id = p.chain_id and i.inference_id = p.key
    where ${unless(ACCOUNT, sql`i.chain_id`, sql`i.user_address`)}`;
  const rewarded = sql`${count} from p_inference p
    join reward r on r.chain_id = p.chain_id and r.ref = p.key
    where p.key <> ${NO_REF}::bytea`;
  const received = sql`${count} from p_reward p
    join reward r on r.chain_id = p.chain_id and r.pos = p.key
    where ${unless(ACCOUNT, sql`r.chain_id`, sql`r.beneficiary`)}`;
  const ofContribution = rewardsOfContribution(past).map(
    (rewards): Piece => [CONTRIBUTION, totalOf(sql`p_contribution p`, rewards)],
  );
  const ofSubject = [DATANET, MODEL].flatMap((kind, poolKind) =>
    rewardsOfSubject(past).map(
      (rewards): Piece => [
        kind,
        totalOf(
          sql`${RELATIONS[kind]} p
            join pool l on l.chain_id = p.chain_id and l.kind = ${poolKind}::smallint and l.subject_id = p.key`,
          rewards,
        ),
      ],
    ),
  );
  return [
    [ACCOUNT, contributed],
    [CONTRIBUTION, inDatanet],
    [DATANET, trainedOn],
    [MODEL, ofModel],
    [ADAPTER, servedByAdapter],
    [CONTRIBUTION, influenced],
    [INFERENCE, paidFor],
    [INFERENCE, rewarded],
    ...ofContribution,
    ...ofSubject,
    [REWARD, received],
  ];
}

function totalOf(from: Sql, { join: rewards, where, kept: total }: Rewards): Sql {
  return total
    ? sql`${kept(total.total)} from ${from} cross join ${total.join} where ${all(total.where)}`
    : sql`${count} from ${from} cross join ${rewards} where ${all(where)}`;
}
