import { nameOf, roles } from '../../schema/codes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { placedId } from '../ids';
import { type ProvenanceRow, provenanceBeside, provenanceOfRow } from '../provenance';
import { join, type Sql, sql } from '../sql';
import type { Contribution } from '../types/contribution';
import type { Datanet } from '../types/datanet';
import type { FundingSource, ValueOf } from '../types/enums';
import type { Inference } from '../types/inference';
import type { Model } from '../types/model';
import type { Reward, RewardFilter, RewardOrder } from '../types/reward';
import type { SourceParts } from './backing';
import type { Beside } from './beside';
import { type Columns, columnsFor } from './columns';
import { contributionBeside } from './contribution';
import { datanetBeside } from './datanet';
import { inferenceBeside } from './inference';
import { rowByKey } from './keyed';
import { Filter } from './lists/filter';
import { listConnection } from './lists/listConnection';
import type { ListParent } from './lists/listing';
import { orderingOf } from './lists/order';
import { modelBeside } from './model';
import { isToken, wantedToken } from './money';
import { NO_REF } from './noRef';
import { fewRewardsOfToken } from './rewardsOfToken';

interface RewardRow {
  chain_id: number;
  pos: bigint;
  pool_id: Buffer;
  beneficiary: Buffer;
  ref: Buffer;
  role: number;
  contribution_id: string;
  amount: string;
  epoch: string;
}
/** What few ask for: where nobody does, it isn't read. */
type RewardDetails = SourceParts & { token: Buffer | null };
const own = sql`r.chain_id, r.pos, r.pool_id, r.beneficiary, r.ref, r.role, r.contribution_id, r.amount, r.epoch`;
const columnsOfList: Columns = {
  all: own,
  key: ['chain_id', 'pos'],
  byField: {
    __typename: [],
    id: [],
    chainId: [],
    poolId: ['pool_id'],
    pool: ['pool_id'],
    ref: ['ref'],
    inference: ['ref'],
    contributionId: ['contribution_id'],
    contribution: ['contribution_id'],
    role: ['role'],
    beneficiary: ['beneficiary'],
    amount: ['amount'],
    epoch: ['epoch'],
    accruedAt: [],
    backing: [],
  },
};
/** What is left of it where contribution and inference are read beside. */
const shownOfList: Columns = {
  all: sql`y.chain_id, y.pos, y.pool_id, y.beneficiary, y.ref, y.role, y.contribution_id, y.amount, y.epoch`,
  key: columnsOfList.key,
  byField: { ...columnsOfList.byField, inference: [], contribution: [] },
};
const parts = sql`r.fee_part as fee, r.emission_part as emission, r.grant_part as "grant", r.slash_part as slash,
  r.unknown_part as unknown`;
const shownParts = sql`y.fee, y.emission, y."grant", y.slash, y.unknown`;
const joinedPool = sql`left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id`;
/** @param joins whether the statement needs the pool for something else */
function readBy(context: Context, joins = false): { columns: Sql; shown: Sql; pool: Sql } {
  const asked = context.asksOf('Reward');
  const asksToken = context.asksOf('Reward.amount')?.has('token') ?? context.asks('token');
  const chosen = (list: Columns, ofParts: Sql, token: Sql) =>
    join([columnsFor(list, asked), ...(context.asks('backing') ? [ofParts] : []), ...(asksToken ? [token] : [])], ', ');
  return {
    columns: chosen(columnsOfList, parts, sql`l.token`),
    shown: chosen(shownOfList, shownParts, sql`y.token`),
    pool: asksToken || joins ? joinedPool : sql``,
  };
}

function toReward(row: RewardRow & Partial<RewardDetails>): Reward {
  return {
    id: placedId('reward', row.chain_id, row.pos),
    chainId: row.chain_id,
    poolId: row.pool_id,
    ref: row.ref,
    contributionId: row.contribution_id,
    role: nameOf(roles, row.role),
    parts: row as SourceParts,
    epoch: row.epoch,
    pos: row.pos,
    beneficiaryAddress: row.beneficiary,
    value: row.amount,
    tokenAddress: row.token as Buffer | null,
  };
}

/** What is read beside rewards, where the operation goes on to it. */
interface Besides {
  event?: Beside<ProvenanceRow>;
  contribution?: Beside<Contribution>;
  datanet?: Beside<Datanet>;
  inference?: Beside<Inference>;
  model?: Beside<Model>;
}

function besidesOf({ asksOf }: Context): Besides {
  const [reward, contribution, inference] = ['Reward', 'Contribution', 'Inference'].map(asksOf);
  const besides: Besides = {};
  if (reward?.has('accruedAt')) besides.event = provenanceBeside(asksOf('Provenance'));
  if (reward?.has('contribution')) {
    besides.contribution = contributionBeside(contribution!);
    if (contribution?.has('datanet')) besides.datanet = datanetBeside(asksOf('Datanet'));
  }
  if (reward?.has('inference')) {
    besides.inference = inferenceBeside(inference!);
    if (inference?.has('model')) besides.model = modelBeside(asksOf('Model'));
  }
  return besides;
}

/** @param row of a list that was read with them */
function withBesides(
  context: Context,
  row: RewardRow,
  { event, contribution, datanet, inference, model }: Besides,
): Reward {
  const reward = toReward(row);
  const readEvent = event?.nodeOf(row);
  if (readEvent) reward.readAccruedAt = provenanceOfRow(context, readEvent);
  const readContribution = contribution?.nodeOf(row);
  const readInference = inference?.nodeOf(row);
  if (readContribution) readContribution.readDatanet = datanet?.nodeOf(row);
  if (readInference) readInference.readModel = model?.nodeOf(row);
  reward.readContribution = readContribution;
  reward.readInference = readInference;
  return reward;
}

const rewardRow = rowByKey<RewardRow & RewardDetails>(
  'reward',
  'bigint',
  sql`
    select p.ordinal, ${own}, ${parts}, l.token
    from p
    join reward r on r.chain_id = p.chain_id and r.pos = p.key
    ${joinedPool}`,
);

/** The reward accrued at that position; null where none is. */
export async function reward(context: Context, chainId: number, pos: bigint): Promise<Reward | null> {
  const row = await rewardRow(context, chainId, pos);
  return row && toReward(row);
}

/** Whose rewards a list holds: everybody's, or an account's. */
export type RewardsOf =
  | { list: 'rewards' }
  | { list: 'account.rewards'; chainIds: readonly number[] | null; address: Buffer };

const hasPart: Readonly<Record<ValueOf<typeof FundingSource>, Sql>> = {
  FEE: sql`r.fee_part > 0`,
  EMISSION: sql`r.emission_part > 0`,
  GRANT: sql`r.grant_part > 0`,
  SLASH: sql`r.slash_part > 0`,
  UNKNOWN: sql`r.unknown_part > 0`,
};

export async function rewards(
  context: Context,
  args: PageArgs,
  of: RewardsOf,
  where: RewardFilter | null | undefined,
  orderBy: RewardOrder | null | undefined,
): Promise<Connection<Reward>> {
  const filter = await Filter.of(context, where, of.list === 'rewards' ? null : of.chainIds);
  // Of one datanet or model: its rewards in chain order are the index of reward_subject; otherwise a test.
  const leading = of.list === 'rewards' && !where?.beneficiary ? leadingSubject(where) : null;
  const pos = leading ? sql`t.pos` : sql`r.pos`;
  for (const subject of ['datanet', 'model'] as const) {
    const kind = subject === 'datanet' ? 2 : 4;
    filter.id(`where.${subject}`, subject, where?.[subject], (is) =>
      subject === leading
        ? sql`(t.kind = ${kind}::smallint and ${is(sql`t.subject_id`)})`
        : sql`exists (
            select from reward_subject x
            where x.chain_id = r.chain_id and x.pos = r.pos and x.kind = ${kind}::smallint and ${is(sql`x.subject_id`)}
          )`,
    );
  }
  filter.address(sql`r.beneficiary`, where?.beneficiary);
  filter.id('where.pool', 'pool', where?.pool, (is) => is(sql`r.pool_id`));
  // Zero means none in both, though a contribution or an inference may have that id.
  filter.id(
    'where.contribution',
    'contribution',
    where?.contribution,
    (is) => sql`(${is(sql`r.contribution_id`)} and r.contribution_id <> 0)`,
  );
  filter.id(
    'where.inference',
    'inference',
    where?.inference,
    (is) => sql`(${is(sql`r.ref`)} and r.ref <> ${NO_REF}::bytea)`,
  );
  filter.code(sql`r.role`, roles, where?.role);
  if (where?.source) filter.add(hasPart[where.source]);
  filter.amount(sql`r.amount`, where?.amount);
  filter.block(pos, where?.block);
  await filter.time(where?.accruedAt);
  if (of.list === 'account.rewards') filter.add(sql`r.beneficiary = p.key`);
  const ordering = orderingOf(of.list, orderBy, { POSITION: null, AMOUNT: { ofToken: () => sql`r.amount` } });
  // An order by amount lists only the token's rows.
  for (const token of [
    typeof where?.token === 'string' ? wantedToken('where.token', where.token) : null,
    ordering.token,
  ]) {
    if (!token) continue;
    filter.add(isToken(sql`r.chain_id`, sql`l.token`, token));
    const few = of.list === 'rewards' ? await fewRewardsOfToken(context, token) : null;
    if (few) filter.add(sql`r.pos = any(${few}::bigint[])`);
  }
  const besides = besidesOf(context);
  const { columns, shown, pool } = readBy(context, Boolean(where?.token ?? ordering.token));
  const from = leading
    ? sql`reward_subject t join reward r on r.chain_id = t.chain_id and r.pos = t.pos ${pool}`
    : sql`reward r ${pool}`;
  return listConnection<RewardRow, Reward>(
    context,
    args,
    {
      ...ordering,
      keyType: 'bytea',
      columns,
      shown,
      from,
      where: [sql`r.chain_id = p.chain_id`, ...(leading ? [sql`t.chain_id = p.chain_id`] : []), ...filter.where],
      beside: Object.values(besides),
      pos,
      given: filter.given,
      range: filter.range,
    },
    parentOf(of, filter.chainIds),
    (row) => withBesides(context, row, besides),
  );
}

function leadingSubject(where: RewardFilter | null | undefined): 'datanet' | 'model' | null {
  if (where?.datanet?.eq && !where.datanet.in) return 'datanet';
  return where?.model?.eq && !where.model.in ? 'model' : null;
}

function parentOf(of: RewardsOf, chainIds: readonly number[]): ListParent {
  return { chainIds, key: of.list === 'account.rewards' ? of.address : null };
}

/** Those whose `ref` is the inference; a zero ref is none. */
export function rewardsOfInference(
  context: Context,
  args: PageArgs,
  { chainId, inferenceId }: Inference,
): Promise<Connection<Reward>> {
  const { columns, pool } = readBy(context);
  return listConnection<RewardRow, Reward>(
    context,
    args,
    {
      name: 'inference.rewards',
      keyType: 'bytea',
      columns,
      from: sql`reward r ${pool}`,
      where: [sql`r.chain_id = p.chain_id`, sql`r.ref = p.key`, sql`p.key <> ${NO_REF}::bytea`],
      pos: sql`r.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: inferenceId },
    toReward,
  );
}
