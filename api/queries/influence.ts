import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { placedId } from '../ids';
import { type Sql, sql } from '../sql';
import type { Contribution } from '../types/contribution';
import type { Inference, Influence, InfluenceOrder } from '../types/inference';
import { type Key, type KeyType, rowByKey } from './keyed';
import { listConnection } from './lists/listConnection';
import { orderingOf } from './lists/order';

interface InfluenceRow {
  chain_id: number;
  pos: bigint;
  inference_id: Buffer;
  datanet_id: string;
  contribution_id: string;
  contributor: Buffer;
  influence: string;
  weight_ppm: bigint;
  current: boolean;
}
const isCurrent = sql`e.pos > coalesce(s.revision_pos, -1)`;
const columns = sql`e.chain_id, e.pos, e.inference_id, e.datanet_id, e.contribution_id, e.contributor, e.influence,
  e.weight_ppm, ${isCurrent} as current`;
// Influences of inferences never settled are in the feed alone, and have no state.
const from = sql`influence e
  join inference_state s on s.chain_id = e.chain_id and s.inference_id = e.inference_id`;

function toInfluence(row: InfluenceRow): Influence {
  return {
    id: placedId('influence', row.chain_id, row.pos),
    chainId: row.chain_id,
    inferenceId: row.inference_id,
    contributionId: row.contribution_id,
    datanetId: row.datanet_id,
    current: row.current,
    influence: row.influence,
    weight: Number(row.weight_ppm) / 1e6,
    weightPpm: row.weight_ppm,
    pos: row.pos,
    contributorAddress: row.contributor,
  };
}

const influenceRow = rowByKey<InfluenceRow>(
  'influence',
  'bigint',
  sql`
    select p.ordinal, ${columns}
    from p
    join influence e on e.chain_id = p.chain_id and e.pos = p.key
    join inference_state s on s.chain_id = e.chain_id and s.inference_id = e.inference_id`,
);

/** The influence recorded at that position, current or not; null where none is. */
export async function influence(context: Context, chainId: number, pos: bigint): Promise<Influence | null> {
  const row = await influenceRow(context, chainId, pos);
  return row && toInfluence(row);
}

/** Current ones. */
function influences(
  context: Context,
  args: PageArgs,
  list: { name: string; keyType: KeyType; column: Sql },
  parent: { chainId: number; key: Key },
  orderBy: InfluenceOrder | null | undefined,
): Promise<Connection<Influence>> {
  return listConnection<InfluenceRow, Influence>(
    context,
    args,
    {
      ...orderingOf(list.name, orderBy, { POSITION: null, WEIGHT: sql`e.weight_ppm` }),
      keyType: list.keyType,
      columns,
      from,
      where: [sql`e.chain_id = p.chain_id`, sql`${list.column} = p.key`, isCurrent],
      pos: sql`e.pos`,
    },
    { chainIds: [parent.chainId], key: parent.key },
    toInfluence,
  );
}

export function influencesOfInference(
  context: Context,
  args: PageArgs,
  { chainId, inferenceId }: Inference,
  orderBy: InfluenceOrder | null | undefined,
): Promise<Connection<Influence>> {
  const list = { name: 'inference.influences', keyType: 'bytea', column: sql`e.inference_id` } as const;
  return influences(context, args, list, { chainId, key: inferenceId }, orderBy);
}

export function influencesOfContribution(
  context: Context,
  args: PageArgs,
  { chainId, contributionId }: Contribution,
  orderBy: InfluenceOrder | null | undefined,
): Promise<Connection<Influence>> {
  const list = { name: 'contribution.influences', keyType: 'numeric', column: sql`e.contribution_id` } as const;
  return influences(context, args, list, { chainId, key: contributionId }, orderBy);
}
