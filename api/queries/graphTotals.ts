import type { Context } from '../context';
import { join, type Sql, sql } from '../sql';
import { GraphDirection, GraphNodeKind } from '../types/graph';
import { placesByKind, relationOf } from './graphEdges';
import {
  latestInputsOfDatanet,
  latestInputsOfModel,
  rewardSource,
  withoutContribution,
  withoutInference,
} from './graphSources';
import { goesDown, goesUp, type WalkNode } from './graphWalk';

export interface EdgeTotals {
  edges: bigint;
  weightPpm: bigint;
}

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
  const relations = Object.values(GraphNodeKind).map(
    (kind) => sql`${relation(kind)} (ordinal, chain_id, key) as (${relationOf(kind, places.get(kind) ?? [])})`,
  );
  const pieces = piecesOf(direction).map((piece) => sql`(${piece})`);
  const [row] = await context.snapshot.query<{ edges: string; weight: string }>(sql`
    with ${join(relations, ', ')}
    select coalesce(sum(n), 0)::text as edges, coalesce(sum(weight), 0)::text as weight
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

function relation(kind: GraphNodeKind): Sql {
  return RELATIONS[kind];
}

const count = sql`select count(*)::numeric, 0::numeric`;
const none = sql`0::numeric`;

function piecesOf(direction: GraphDirection): Sql[] {
  const [up, down] = [goesUp(direction), goesDown(direction)];
  // From the narrow end, unless the wide one counts it.
  const unless = (kind: GraphNodeKind, chainId: Sql, key: Sql) =>
    direction === GraphDirection.BOTH
      ? sql`not exists (select from ${relation(kind)} w where w.chain_id = ${chainId} and w.key = ${key})`
      : sql`true`;
  const upwards = [
    // CONTRIBUTED
    sql`${count} from p_contribution p join contribution c on c.chain_id = p.chain_id and c.contribution_id = p.key
      where ${unless(GraphNodeKind.ACCOUNT, sql`c.chain_id`, sql`c.contributor`)}`,
    // IN_DATANET
    sql`select coalesce(sum(n.contributions), 0), ${none} from p_datanet p
      join datanet_count n on n.chain_id = p.chain_id and n.datanet_id = p.key`,
    // TRAINED_ON
    sql`select count(*), coalesce(sum(t.weight_ppm), 0) from p_model p cross join lateral ${latestInputsOfModel} t
      where ${unless(GraphNodeKind.DATANET, sql`p.chain_id`, sql`t.datanet_id`)}`,
    // DERIVED_FROM
    sql`${count} from p_model p join model m on m.chain_id = p.chain_id and m.model_id = p.key
      join model o on o.chain_id = m.chain_id and o.model_id = m.parent_model_id
      where m.parent_model_id <> 0 and ${unless(GraphNodeKind.MODEL, sql`o.chain_id`, sql`o.model_id`)}`,
    // ADAPTS
    sql`${count} from p_adapter p join adapter a on a.chain_id = p.chain_id and a.adapter_id = p.key
      join model m on m.chain_id = a.chain_id and m.model_id = a.model_id
      where ${unless(GraphNodeKind.MODEL, sql`m.chain_id`, sql`m.model_id`)}`,
    // SERVED
    sql`${count} from p_inference p join inference i on i.chain_id = p.chain_id and i.inference_id = p.key
      join model m on m.chain_id = i.chain_id and m.model_id = i.model_id
      where ${unless(GraphNodeKind.MODEL, sql`m.chain_id`, sql`m.model_id`)}`,
    sql`${count} from p_inference p join adapter_inference x on x.chain_id = p.chain_id and x.inference_id = p.key
      join adapter a on a.chain_id = x.chain_id and a.adapter_id = x.adapter_id
      where ${unless(GraphNodeKind.ADAPTER, sql`a.chain_id`, sql`a.adapter_id`)}`,
    // INFLUENCED
    sql`select count(*), coalesce(sum(e.weight_ppm), 0) from p_inference p
      join inference_state s on s.chain_id = p.chain_id and s.inference_id = p.key
      join influence e on e.chain_id = s.chain_id and e.inference_id = s.inference_id
      join contribution c on c.chain_id = e.chain_id and c.contribution_id = e.contribution_id
      where e.pos > coalesce(s.revision_pos, -1) and e.weight_ppm > 0
        and ${unless(GraphNodeKind.CONTRIBUTION, sql`c.chain_id`, sql`c.contribution_id`)}`,
    // PAID_FOR
    sql`select coalesce(sum(n.inferences), 0), ${none} from p_account p
      join account_count n on n.chain_id = p.chain_id and n.address = p.key`,
    // REWARDED
    sql`${count} from p_reward p join reward r on r.chain_id = p.chain_id and r.pos = p.key
      left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id ${rewardSource}
      where coalesce(i.pos, c.pos, d.pos, m.pos) is not null
        and ${unless(GraphNodeKind.INFERENCE, sql`i.chain_id`, sql`i.inference_id`)}
        and ${unless(GraphNodeKind.CONTRIBUTION, sql`c.chain_id`, sql`c.contribution_id`)}
        and ${unless(GraphNodeKind.DATANET, sql`d.chain_id`, sql`d.datanet_id`)}
        and ${unless(GraphNodeKind.MODEL, sql`m.chain_id`, sql`m.model_id`)}`,
    // RECEIVED
    sql`select coalesce(sum(o.n), 0), ${none} from p_account p
      join account_role o on o.chain_id = p.chain_id and o.address = p.key and o.role = ${BENEFICIARY}::smallint`,
  ];
  const downwards = [
    // CONTRIBUTED
    sql`select coalesce(sum(n.contributions), 0), ${none} from p_account p
      join account_count n on n.chain_id = p.chain_id and n.address = p.key`,
    // IN_DATANET
    sql`${count} from p_contribution p join contribution c on c.chain_id = p.chain_id and c.contribution_id = p.key
      join datanet d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id
      where ${unless(GraphNodeKind.DATANET, sql`d.chain_id`, sql`d.datanet_id`)}`,
    // TRAINED_ON
    sql`select count(*), coalesce(sum(t.weight_ppm), 0) from p_datanet p cross join lateral ${latestInputsOfDatanet} t`,
    // DERIVED_FROM
    sql`${count} from p_model p join model m on m.chain_id = p.chain_id and m.parent_model_id = p.key
      where p.key <> 0`,
    // ADAPTS
    sql`${count} from p_model p join adapter a on a.chain_id = p.chain_id and a.model_id = p.key`,
    // SERVED
    sql`select coalesce(sum(n.inferences), 0), ${none} from p_model p
      join model_count n on n.chain_id = p.chain_id and n.model_id = p.key`,
    sql`select coalesce(sum(n.inferences), 0), ${none} from p_adapter p
      join adapter_count n on n.chain_id = p.chain_id and n.adapter_id = p.key`,
    // INFLUENCED
    sql`select count(*), coalesce(sum(e.weight_ppm), 0) from p_contribution p
      join influence e on e.chain_id = p.chain_id and e.contribution_id = p.key
      join inference_state s on s.chain_id = e.chain_id and s.inference_id = e.inference_id
      where e.pos > coalesce(s.revision_pos, -1) and e.weight_ppm > 0`,
    // PAID_FOR
    sql`${count} from p_inference p join inference i on i.chain_id = p.chain_id and i.inference_id = p.key
      where ${unless(GraphNodeKind.ACCOUNT, sql`i.chain_id`, sql`i.user_address`)}`,
    // REWARDED
    sql`${count} from p_inference p join reward r on r.chain_id = p.chain_id and r.ref = p.key
      where p.key <> ${NO_REF}::bytea`,
    sql`${count} from p_contribution p join reward r on r.chain_id = p.chain_id and r.contribution_id = p.key
      where p.key <> 0 and ${withoutInference}`,
    ...[GraphNodeKind.DATANET, GraphNodeKind.MODEL].map(
      (kind, poolKind) => sql`${count} from ${relation(kind)} p
        join pool l on l.chain_id = p.chain_id and l.kind = ${poolKind}::smallint and l.subject_id = p.key
        join reward r on r.chain_id = l.chain_id and r.pool_id = l.pool_id
        where ${withoutInference} and ${withoutContribution}`,
    ),
    // RECEIVED
    sql`${count} from p_reward p join reward r on r.chain_id = p.chain_id and r.pos = p.key
      where ${unless(GraphNodeKind.ACCOUNT, sql`r.chain_id`, sql`r.beneficiary`)}`,
  ];
  return [...(up ? upwards : []), ...(down ? downwards : [])];
}
