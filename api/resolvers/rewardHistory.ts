import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { historyScope, rewardHistory } from '../queries/figures/rewardHistory';
import { scopeOf } from '../queries/figures/spans';
import { DateTimeScalar } from '../scalars';
import { bucketsOf } from '../series/window';
import { Bucket } from '../types/bucket';
import { RewardHistory, RewardHistoryDimension, RewardHistoryScope } from '../types/rewardHistory';

@Resolver()
export class RewardHistoryResolver {
  @Query(() => RewardHistory, {
    nullable: true,
    description:
      'Rewards over time, bucket by bucket. At most 400 buckets, by default the newest 90. null where nothing of the scope is indexed.',
  })
  async rewardHistory(
    @Ctx() context: Context,
    @Arg('scope', () => RewardHistoryScope, { nullable: true }) scope: RewardHistoryScope | null,
    @Arg('bucket', () => Bucket, { defaultValue: Bucket.DAY }) bucket: Bucket,
    @Arg('from', () => DateTimeScalar, {
      nullable: true,
      description: 'Inclusive; what came before it in its bucket is left out.',
    })
    from: Date | null,
    @Arg('to', () => DateTimeScalar, {
      nullable: true,
      description: 'Exclusive; by default a second after the newest indexed block.',
    })
    to: Date | null,
    @Arg('by', () => RewardHistoryDimension, { nullable: true }) by: RewardHistoryDimension | null = null,
  ): Promise<RewardHistory | null> {
    const indexed = await scopeOf(context, scope?.chainId);
    if (!indexed) return null;
    const wanted = historyScope(scope ?? {}, indexed.chainIds);
    const buckets = bucketsOf(bucket, { from, to }, indexed.newest);
    if (!wanted) return { bucket, points: [], total: [] };
    return { bucket, ...(await rewardHistory(context, wanted, buckets, by)) };
  }
}
