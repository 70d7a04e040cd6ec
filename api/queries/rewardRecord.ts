import { attributionMethods, nameOf } from '../../schema/codes';
import { blockOf, firstPositionOf } from '../../schema/position';
import type { Context } from '../context';
import type { RewardRecord, Run } from '../explanation/rewardRecord';
import { legOfPool } from '../reconciliation/legOfPool';
import { sql } from '../sql';
import type { Reward } from '../types/reward';
import { sourceAmounts } from './backing';
import { inferenceOfRef } from './inference';
import { parametersOf } from './inferenceParts';
import { NO_REF } from './noRef';
import { pool as poolOf } from './pool';
import { splitShortfall } from './splitShortfall';

/** A run of events as SQL aggregates it; without any event first and last are null. */
interface RunRow {
  count: number;
  amount: string;
  first: bigint | null;
  last: bigint | null;
}

function runOf({ count, amount, first, last }: RunRow): Run | null {
  return first === null || last === null ? null : { count, amount: BigInt(amount), first, last };
}

/** All that the chain says of a reward, by a handful of index scans: of many events their number, sum and ends. */
export async function rewardRecord(context: Context, reward: Reward): Promise<RewardRecord> {
  const { chainId, pos, poolId, ref } = reward;
  const end = firstPositionOf(blockOf(pos) + 1);
  const pool = await poolOf(context, chainId, poolId);
  const inference = await inferenceOfRef(context, chainId, ref);
  const funding = await fundingBefore(context, reward);
  const leg = legOfPool(pool?.kind ?? null);
  const shortfall =
    funding.feeFundings && funding.funded.fee > 0n
      ? await splitShortfall(context, chainId, leg, pool?.tokenAddress ?? null)
      : 0n;
  const named = { context, chainId, ref, end };
  const refunds = inference ? await refundsOf(named) : { refunds: null, later: null };
  const splits = inference ? await splitsOf(named) : { split: null, later: { splits: null, split: null } };
  const attribution = inference ? await attributionOf(named, reward.contributionId) : null;
  const parameters = inference ? await parametersOf(context, inference) : null;
  const { reversals, claims } = await payoutsAfter(context, reward);
  return {
    chainId,
    pos,
    end,
    role: reward.role,
    amount: BigInt(reward.value),
    epoch: reward.epoch,
    beneficiary: reward.beneficiaryAddress,
    ref,
    contributionId: reward.contributionId,
    poolId,
    pool: pool && { pos: pool.pos, kind: pool.kind, token: pool.tokenAddress },
    ...funding,
    backing: sourceAmounts(reward.parts),
    shortfall,
    inference: inference && {
      pos: inference.pos,
      modelId: inference.modelId,
      user: inference.userAddress,
      feeToken: inference.feeToken,
      fee: BigInt(inference.feeAmount),
    },
    contribution: await contributionAt(context, chainId, reward.contributionId),
    refunds: refunds.refunds,
    split: splits.split,
    parameters:
      parameters && parameters.pos !== null
        ? {
            pos: parameters.pos,
            bps: {
              platform: BigInt(parameters.platformBps ?? 0),
              model: BigInt(parameters.modelBps ?? 0),
              stakers: BigInt(parameters.stakersBps ?? 0),
              contributors: BigInt(parameters.contributorsBps ?? 0),
            },
          }
        : null,
    committed: attribution?.committed ?? null,
    revision: attribution?.revision ?? null,
    influence: attribution?.influence ?? null,
    later: {
      refunds: refunds.later,
      ...splits.later,
      revisions: attribution?.revisions ?? null,
      influences: attribution?.influences ?? null,
      weightPpm: attribution?.weightPpm ?? null,
      reversals,
      claims,
    },
  };
}

/** Which inference, and what "later" is. */
interface Named {
  context: Context;
  chainId: number;
  ref: Buffer;
  end: bigint;
}

/** `contributionId`: null for none. */
async function contributionAt(context: Context, chainId: number, id: string): Promise<{ pos: bigint } | null> {
  if (id === '0') return null;
  const [row] = await context.snapshot.query<{ pos: bigint }>(sql`
    select c.pos from contribution c where c.chain_id = ${chainId}::integer and c.contribution_id = ${id}::numeric`);
  return row ?? null;
}

interface FundingRow extends RunRow {
  fee: string;
  emission: string;
  grant: string;
  slash: string;
  fee_count: number;
  fee_first: bigint | null;
  fee_last: bigint | null;
  ref_count: number;
  ref_amount: string;
  ref_first: bigint | null;
  ref_last: bigint | null;
}

/** What the pool had been paid before the reward. */
async function fundingBefore(context: Context, { chainId, poolId, pos, ref }: Reward) {
  const [row] = await context.snapshot.query<FundingRow>(sql`
    select count(*)::integer as count, coalesce(sum(f.amount), 0) as amount, min(f.pos) as first, max(f.pos) as last,
      coalesce(sum(f.amount) filter (where f.source = 0), 0) as fee,
      coalesce(sum(f.amount) filter (where f.source = 1), 0) as emission,
      coalesce(sum(f.amount) filter (where f.source = 2), 0) as "grant",
      coalesce(sum(f.amount) filter (where f.source = 3), 0) as slash,
      count(*) filter (where f.source = 0)::integer as fee_count,
      min(f.pos) filter (where f.source = 0) as fee_first, max(f.pos) filter (where f.source = 0) as fee_last,
      count(*) filter (where f.ref = r.ref)::integer as ref_count,
      coalesce(sum(f.amount) filter (where f.ref = r.ref), 0) as ref_amount,
      min(f.pos) filter (where f.ref = r.ref) as ref_first, max(f.pos) filter (where f.ref = r.ref) as ref_last
    from pool_funding f
    cross join (select nullif(${ref}::bytea, ${NO_REF}::bytea) as ref) r
    where f.chain_id = ${chainId}::integer and f.pool_id = ${poolId}::bytea and f.pos < ${pos}::bigint`);
  if (!row) throw new Error('an aggregate without a row');
  const [fee, emission, grant, slash] = [row.fee, row.emission, row.grant, row.slash].map(BigInt) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return {
    funded: { fee, emission, grant, slash, unknown: BigInt(row.amount) - fee - emission - grant - slash },
    fundings: runOf(row),
    feeFundings: runOf({ count: row.fee_count, amount: row.fee, first: row.fee_first, last: row.fee_last }),
    fundingsOfRef: runOf({ count: row.ref_count, amount: row.ref_amount, first: row.ref_first, last: row.ref_last }),
  };
}

async function refundsOf({ context, chainId, ref, end }: Named) {
  const rows = await context.snapshot.query<RunRow & { later: boolean }>(sql`
    select r.pos >= ${end}::bigint as later, count(*)::integer as count, sum(r.amount) as amount, min(r.pos) as first,
      max(r.pos) as last
    from refund r
    where r.chain_id = ${chainId}::integer and r.inference_id = ${ref}::bytea
    group by 1`);
  const found = (later: boolean) => rows.filter((row) => row.later === later).map(runOf)[0] ?? null;
  return { refunds: found(false), later: found(true) };
}

interface SplitRow {
  pos: bigint;
  platform: string;
  model: string;
  stakers: string;
  contributors: string;
}

function splitOfRow({ pos, platform, model, stakers, contributors }: SplitRow) {
  return {
    pos,
    platform: BigInt(platform),
    model: BigInt(model),
    stakers: BigInt(stakers),
    contributors: BigInt(contributors),
  };
}

async function splitsOf({ context, chainId, ref, end }: Named) {
  const [before] = await context.snapshot.query<SplitRow>(sql`
    select f.pos, f.platform, f.model, f.stakers, f.contributors
    from fee_split f
    where f.chain_id = ${chainId}::integer and f.inference_id = ${ref}::bytea and f.pos < ${end}::bigint
    order by f.pos desc
    limit 1`);
  const [after] = await context.snapshot.query<SplitRow & RunRow>(sql`
    select f.pos, f.platform, f.model, f.stakers, f.contributors, l.count, 0::numeric as amount, l.first, l.last
    from (
      select count(*)::integer as count, min(s.pos) as first, max(s.pos) as last
      from fee_split s
      where s.chain_id = ${chainId}::integer and s.inference_id = ${ref}::bytea and s.pos >= ${end}::bigint
    ) l
    join fee_split f on f.chain_id = ${chainId}::integer and f.pos = l.last`);
  return {
    split: before ? splitOfRow(before) : null,
    later: { splits: after ? runOf(after) : null, split: after ? splitOfRow(after) : null },
  };
}

interface AttributionRow {
  committed_pos: bigint | null;
  method: number | null;
  leaf_count: bigint | null;
  revision_pos: bigint | null;
  revisions: number;
  revisions_first: bigint | null;
  revisions_last: bigint | null;
  influence_pos: bigint | null;
  weight_ppm: bigint | null;
  influences: number;
  influences_first: bigint | null;
  influences_last: bigint | null;
  weight_now: bigint | null;
}

/** Of two current influences of one pair the latest counts. */
async function attributionOf({ context, chainId, ref, end }: Named, contributionId: string) {
  const [row] = await context.snapshot.query<AttributionRow>(sql`
    with pair as (
      select e.pos, e.weight_ppm
      from influence e
      where e.chain_id = ${chainId}::integer and e.inference_id = ${ref}::bytea
        and e.contribution_id = nullif(${contributionId}::numeric, 0)
    )
    select c.pos as committed_pos, c.method, c.leaf_count, v.before as revision_pos, v.count as revisions,
      v.first as revisions_first, v.last as revisions_last, x.pos as influence_pos, x.weight_ppm,
      l.count as influences, l.first as influences_first, l.last as influences_last, n.weight_ppm as weight_now
    from (
      select max(r.pos) as newest, max(r.pos) filter (where r.pos < ${end}::bigint) as before,
        count(*) filter (where r.pos >= ${end}::bigint)::integer as count,
        min(r.pos) filter (where r.pos >= ${end}::bigint) as first,
        max(r.pos) filter (where r.pos >= ${end}::bigint) as last
      from attribution_revision r
      where r.chain_id = ${chainId}::integer and r.inference_id = ${ref}::bytea
    ) v
    cross join (
      select count(*)::integer as count, min(pos) as first, max(pos) as last from pair where pos >= ${end}::bigint
    ) l
    left join lateral (
      select a.pos, a.method, a.leaf_count
      from attribution a
      where a.chain_id = ${chainId}::integer and a.inference_id = ${ref}::bytea and a.pos < ${end}::bigint
      order by a.pos desc
      limit 1
    ) c on true
    left join lateral (
      select pos, weight_ppm from pair where pos < ${end}::bigint and pos > coalesce(v.before, -1) order by pos desc limit 1
    ) x on true
    left join lateral (
      select weight_ppm from pair where pos > coalesce(v.newest, -1) order by pos desc limit 1
    ) n on true`);
  if (!row) throw new Error('an aggregate without a row');
  const run = (count: number, first: bigint | null, last: bigint | null) => runOf({ count, amount: '0', first, last });
  return {
    committed:
      row.committed_pos === null
        ? null
        : {
            pos: row.committed_pos,
            method: nameOf(attributionMethods, row.method ?? -1),
            leafCount: row.leaf_count ?? 0n,
          },
    revision: row.revision_pos === null ? null : { pos: row.revision_pos },
    influence:
      row.influence_pos === null || row.weight_ppm === null
        ? null
        : { pos: row.influence_pos, weightPpm: row.weight_ppm },
    revisions: run(row.revisions, row.revisions_first, row.revisions_last),
    influences: run(row.influences, row.influences_first, row.influences_last),
    weightPpm: row.weight_now,
  };
}

/** Neither names a reward: those of its pool and beneficiary after it, reversals with its reference. */
async function payoutsAfter(context: Context, { chainId, pos, poolId, beneficiaryAddress, ref }: Reward) {
  const rows = await context.snapshot.query<RunRow>(sql`
    select count(*)::integer as count, coalesce(sum(v.amount), 0) as amount, min(v.pos) as first, max(v.pos) as last
    from reversal v
    where v.chain_id = ${chainId}::integer and v.pool_id = ${poolId}::bytea
      and v.beneficiary = ${beneficiaryAddress}::bytea and v.ref = ${ref}::bytea and v.pos > ${pos}::bigint
    union all
    select count(*)::integer, coalesce(sum(c.amount), 0), min(c.pos), max(c.pos)
    from claim c
    where c.chain_id = ${chainId}::integer and c.pool_id = ${poolId}::bytea
      and c.beneficiary = ${beneficiaryAddress}::bytea and c.pos > ${pos}::bigint`);
  const [reversals = null, claims = null] = rows.map(runOf);
  return { reversals, claims };
}
