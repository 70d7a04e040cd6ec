import { attributionMethods, nameOf } from '../../schema/codes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { sql } from '../sql';
import type { Attribution, Feedback, FeeSplit, Inference, ParametersInForce } from '../types/inference';
import type { ModelPrice, ModelVersion } from '../types/model';
import { inferenceState } from './inference';
import { rowByKey } from './keyed';
import { listConnection } from './lists/listConnection';
import { type ModelVersionRow, type PriceRow, toModelVersion, toPrice } from './modelParts';

interface SplitRow {
  pos: bigint;
  platform: string;
  model: string;
  stakers: string;
  contributors: string;
}

const splitRow = rowByKey<SplitRow>(
  'fee split',
  'bigint',
  sql`
    select p.ordinal, f.pos, f.platform, f.model, f.stakers, f.contributors
    from p
    join fee_split f on f.chain_id = p.chain_id and f.pos = p.key`,
);

/** The latest FeeSplit. */
export async function splitOf(context: Context, inference: Inference): Promise<FeeSplit | null> {
  const { split_pos } = await inferenceState(context, inference);
  const row = split_pos === null ? null : await splitRow(context, inference.chainId, split_pos);
  return row && { chainId: inference.chainId, ...row };
}

/** fee - refunded - sum of the split's legs; null before the split. */
export async function residualOf(context: Context, inference: Inference): Promise<bigint | null> {
  const split = await splitOf(context, inference);
  if (!split) return null;
  const legs = [split.platform, split.model, split.stakers, split.contributors].map(BigInt);
  const { refunded } = await inferenceState(context, inference);
  return legs.reduce((rest, leg) => rest - leg, BigInt(inference.feeAmount) - BigInt(refunded));
}

interface AttributionRow {
  pos: bigint;
  method: number;
  epoch: string;
  leaves_root: Buffer;
  leaf_count: bigint;
}

const attributionRow = rowByKey<AttributionRow>(
  'attribution',
  'bigint',
  sql`
    select p.ordinal, a.pos, a.method, a.epoch, a.leaves_root, a.leaf_count
    from p
    join attribution a on a.chain_id = p.chain_id and a.pos = p.key`,
);
const revisionRow = rowByKey<{ new_root: Buffer }>(
  'attribution revision',
  'bigint',
  sql`
    select p.ordinal, v.new_root
    from p
    join attribution_revision v on v.chain_id = p.chain_id and v.pos = p.key`,
);

/** The latest AttributionCommitted, with what its inference's influences and revisions make of it. */
export async function attributionOf(context: Context, inference: Inference): Promise<Attribution | null> {
  const { chainId } = inference;
  const state = await inferenceState(context, inference);
  const row = state.attribution_pos === null ? null : await attributionRow(context, chainId, state.attribution_pos);
  if (!row) return null;
  const revised = state.revision_pos !== null && state.revision_pos > row.pos;
  const revision = revised ? await revisionRow(context, chainId, state.revision_pos!) : null;
  return {
    chainId,
    pos: row.pos,
    method: nameOf(attributionMethods, row.method),
    epoch: row.epoch,
    leavesRoot: revision?.new_root ?? row.leaves_root,
    leafCount: row.leaf_count,
    complete: BigInt(state.leaves) === row.leaf_count && state.weight_sum === '1000000',
    revisions: state.revisions,
  };
}

interface FeedbackRow {
  chain_id: number;
  pos: bigint;
  rater: Buffer;
  rating: number;
  feedback_hash: Buffer;
}

export function feedbackOf(
  context: Context,
  args: PageArgs,
  { chainId, inferenceId }: Inference,
): Promise<Connection<Feedback>> {
  return listConnection<FeedbackRow, Feedback>(
    context,
    args,
    {
      name: 'inference.feedback',
      keyType: 'bytea',
      columns: sql`f.chain_id, f.pos, f.rater, f.rating, f.feedback_hash`,
      from: sql`feedback f`,
      where: [sql`f.chain_id = p.chain_id`, sql`f.inference_id = p.key`],
      pos: sql`f.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: inferenceId },
    (row) => ({
      chainId: row.chain_id,
      pos: row.pos,
      raterAddress: row.rater,
      rating: row.rating,
      feedbackHash: row.feedback_hash,
    }),
  );
}

interface ParamsRow {
  pos: bigint;
  platform_bps: number;
  model_bps: number;
  stakers_bps: number;
  contributors_bps: number;
}

// The latest before the inference that was in effect at its block's timestamp.
const paramsRow = rowByKey<ParamsRow>(
  'fee params in force',
  'bigint',
  sql`
    select p.ordinal, x.*
    from p
    join block b on b.chain_id = p.chain_id and b.number = block_of(p.key)
    cross join lateral (
      select f.pos, f.platform_bps, f.model_bps, f.stakers_bps, f.contributors_bps
      from fee_params f
      where f.chain_id = p.chain_id and f.pos < p.key and f.effective_at <= b.timestamp
      order by f.pos desc
      limit 1
    ) x`,
);

export async function parametersOf(context: Context, inference: Inference): Promise<ParametersInForce> {
  const row = await paramsRow(context, inference.chainId, inference.pos);
  return {
    platformBps: row?.platform_bps ?? null,
    modelBps: row?.model_bps ?? null,
    stakersBps: row?.stakers_bps ?? null,
    contributorsBps: row?.contributors_bps ?? null,
    pos: row?.pos ?? null,
    inference,
  };
}

// A model never registered has neither prices nor versions: what names it stays in the feed.
const priceInForceRow = rowByKey<PriceRow>(
  'price in force',
  'bytea',
  sql`
    select p.ordinal, x.*
    from p
    join inference i on i.chain_id = p.chain_id and i.inference_id = p.key
    join model m on m.chain_id = i.chain_id and m.model_id = i.model_id
    cross join lateral (
      select r.chain_id, r.pos, r.token, r.per1k_in, r.per1k_out, r.platform_fee
      from price r
      where r.chain_id = i.chain_id and r.model_id = i.model_id and r.token = i.fee_token and r.pos < i.pos
      order by r.pos desc
      limit 1
    ) x`,
);

/** The latest PriceSet of the model in the inference's token, before the inference. */
export async function priceInForce(context: Context, inference: Inference): Promise<ModelPrice | null> {
  const row = await priceInForceRow(context, inference.chainId, inference.inferenceId);
  return row && toPrice(row);
}

const versionInForceRow = rowByKey<ModelVersionRow>(
  'model version in force',
  'bytea',
  sql`
    select p.ordinal, v.chain_id, v.pos, v.version, v.run_id, v.weights_hash, v.attribution_method
    from p
    join inference i on i.chain_id = p.chain_id and i.inference_id = p.key
    join model m on m.chain_id = i.chain_id and m.model_id = i.model_id
    join model_version v on v.chain_id = i.chain_id and v.model_id = i.model_id and v.version = i.model_version
      and v.pos < i.pos`,
);

/** The version that the receipt names, if it was published before the inference. */
export async function versionInForce(context: Context, inference: Inference): Promise<ModelVersion | null> {
  const row = await versionInForceRow(context, inference.chainId, inference.inferenceId);
  return row && toModelVersion(row);
}
