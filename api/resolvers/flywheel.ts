import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { share, sourceAmounts } from '../queries/backing';
import { firstPayouts } from '../queries/figures/firstPayout';
import { loopCounts, loopPeople, utilisation } from '../queries/figures/flywheelActivity';
import {
  backingOf,
  concentrationRows,
  externalFees,
  type FeeRow,
  feeRewardsOf,
  feesOf,
} from '../queries/figures/flywheelMoney';
import { type Span, scopeOf } from '../queries/figures/spans';
import { DateTimeScalar } from '../scalars';
import { type StageCounts, stagesOf, weakestOf } from '../series/stages';
import { survival } from '../series/survival';
import { bucketsOf, windowBefore, windowOf } from '../series/window';
import { tokenAmount, tokenOf } from '../tokens';
import { Bucket } from '../types/bucket';
import { type Concentration, Flywheel, type FlywheelStage } from '../types/flywheel';

@Resolver()
export class FlywheelResolver {
  @Query(() => Flywheel, {
    nullable: true,
    description:
      'Default window here and in leaderboard: the 7 days up to and including the newest indexed block (to = its timestamp + 1 s).',
  })
  async flywheel(
    @Ctx() context: Context,
    @Arg('chainId', () => Int, { nullable: true, description: 'null: all chains together.' }) chainId: number | null,
    @Arg('from', () => DateTimeScalar, { nullable: true, description: 'Inclusive.' }) from: Date | null,
    @Arg('to', () => DateTimeScalar, { nullable: true, description: 'Exclusive.' }) to: Date | null,
  ): Promise<Flywheel | null> {
    const scope = await scopeOf(context, chainId);
    return scope && flywheelOf(context, { ...windowOf({ from, to }, scope.newest), chainIds: scope.chainIds });
  }

  @Query(() => [Flywheel], { nullable: true, description: 'The flywheel window by window, oldest first.' })
  async flywheelHistory(
    @Ctx() context: Context,
    @Arg('bucket', () => Bucket, { defaultValue: Bucket.WEEK }) bucket: Bucket,
    @Arg('from', () => DateTimeScalar, {
      nullable: true,
      description: 'Inclusive; by default 90 buckets before `to`. In the midst of a bucket its window begins here.',
    })
    from: Date | null,
    @Arg('to', () => DateTimeScalar, {
      nullable: true,
      description: 'Exclusive; by default a second after the newest indexed block. The last window ends here.',
    })
    to: Date | null,
    @Arg('chainId', () => Int, { nullable: true, description: 'null: all chains together.' }) chainId: number | null,
  ): Promise<Flywheel[] | null> {
    const scope = await scopeOf(context, chainId);
    if (!scope) return null;
    const { chainIds, newest } = scope;
    return bucketsOf(bucket, { from, to }, newest).map((window) =>
      flywheelOf(context, { from: window.from, to: window.to, chainIds }),
    );
  }
}

/** Each figure is read when it is asked for, of all windows of a request at once. */
function flywheelOf(context: Context, span: Span): Flywheel {
  const counts = () => loopCounts(context, span);
  const people = () => loopPeople(context, span);
  return {
    from: new Date(span.from),
    to: new Date(span.to),
    contributions: async () => (await counts()).contributions,
    accepted: async () => (await counts()).accepted,
    contributors: async () => (await people()).contributors,
    newContributors: async () => (await people()).new_contributors,
    models: async () => (await counts()).models,
    inferences: async () => (await counts()).inferences,
    payingUsers: async () => (await people()).payers,
    newPayingUsers: async () => (await people()).new_payers,
    fees: async () =>
      (await feesOf(context, span)).map(({ chain_id, token, fees }) => tokenAmount(context, chain_id, token, fees)),
    backing: async () =>
      (await backingOf(context, span)).map((row) => {
        const accrued = BigInt(row.accrued);
        return {
          token: () => tokenOf(context, row.chain_id, row.token),
          accrued,
          bySource: sourceAmounts(row),
          feeShare: share(BigInt(row.fee), accrued),
          leakShare: share(BigInt(row.emission) + BigInt(row.unknown), accrued),
        };
      }),
    // Where fees are all given back, no share of them is anybody's.
    externalDemand: async () =>
      (await externalFees(context, span)).flatMap(({ chain_id, token, fees, external }) =>
        BigInt(fees) > 0n
          ? [{ token: () => tokenOf(context, chain_id, token), share: share(BigInt(external), BigInt(fees)) }]
          : [],
      ),
    attributionCoverage: async () => {
      const rows = await feesOf(context, span);
      return quotient(sum(rows, 'attributed'), sum(rows, 'paid'));
    },
    dataUtilisation: async () => {
      const { used, accepted } = await utilisation(context, span);
      return quotient(used, accepted);
    },
    timeToFirstPayout: async () => survival(await firstPayouts(context, span.chainIds), span.to),
    concentration: () => concentrationOf(context, span),
    stages: () => stages(context, span),
    weakestStage: async () => weakestOf(await stages(context, span)),
  };
}

function sum<Column extends string>(rows: readonly Record<Column, number>[], column: Column): number {
  return rows.reduce((total, row) => total + row[column], 0);
}

function quotient(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** In the token with the most fees, of equal ones the first by chain and address. */
async function concentrationOf(context: Context, { from, to, chainIds }: Span): Promise<Concentration | null> {
  const fees = await feesOf(context, { from, to, chainIds });
  const most = fees.reduce<FeeRow | null>(
    (best, row) => (BigInt(row.fees) > BigInt(best?.fees ?? 0) ? row : best),
    null,
  );
  if (!most) return null;
  const token = most.token.toString('hex');
  const [row] = await concentrationRows(context, { from, to, chainIds: [most.chain_id], token });
  if (!row) return null;
  return { hhi: row.hhi, effectiveContributors: 1 / row.hhi, topPercentShare: row.top_percent };
}

async function stages(context: Context, span: Span): Promise<FlywheelStage[]> {
  const before = { ...windowBefore(span), chainIds: span.chainIds };
  // What backs its rewards is mostly asked of a window as well, and counts them.
  const [now, then] = await Promise.all([
    stageCounts(context, span, backingOf),
    stageCounts(context, before, feeRewardsOf),
  ]);
  return stagesOf(now, then);
}

async function stageCounts(context: Context, span: Span, rewardsOf: typeof feeRewardsOf): Promise<StageCounts> {
  const [counts, people, rewards] = await Promise.all([
    loopCounts(context, span),
    loopPeople(context, span),
    rewardsOf(context, span),
  ]);
  return {
    CONTRIBUTE: counts.contributions,
    ORGANIZE: counts.accepted,
    BUILD: counts.model_versions,
    USE: counts.paid_inferences,
    REWARD: sum(rewards, 'fee_rewards'),
    REPEAT: people.returned,
  };
}
