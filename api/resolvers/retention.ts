import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { badUserInput } from '../errors';
import { remembering } from '../queries/figures/remembered';
import { activeCounts } from '../queries/figures/retention';
import { scopeOf } from '../queries/figures/spans';
import { DateTimeScalar } from '../scalars';
import { cohortRows } from '../series/cohorts';
import { bucketsOf } from '../series/window';
import { Bucket } from '../types/bucket';
import { Cohort, Retention } from '../types/retention';

@Resolver()
export class RetentionResolver {
  @Query(() => Retention, {
    nullable: true,
    description: 'Who comes back: accounts by the bucket of their first action, and how many of them acted again when.',
  })
  async retention(
    @Ctx() context: Context,
    @Arg('cohort', () => Cohort) cohort: Cohort,
    @Arg('bucket', () => Bucket, { defaultValue: Bucket.WEEK, description: 'DAY, WEEK or MONTH.' }) bucket: Bucket,
    @Arg('from', () => DateTimeScalar, {
      nullable: true,
      description: 'Inclusive; accounts that acted before it are no newcomers.',
    })
    from: Date | null,
    @Arg('to', () => DateTimeScalar, {
      nullable: true,
      description: 'Exclusive; by default a second after the newest indexed block.',
    })
    to: Date | null,
    @Arg('chainId', () => Int, { nullable: true, description: 'null: all chains together.' }) chainId: number | null,
  ): Promise<Retention | null> {
    if (bucket === Bucket.HOUR) throw badUserInput('bucket', 'must be DAY, WEEK or MONTH');
    const scope = await scopeOf(context, chainId);
    if (!scope) return null;
    const buckets = bucketsOf(bucket, { from, to }, scope.newest);
    const key = JSON.stringify(['retention', cohort, scope.chainIds, bucket, buckets[0], buckets.at(-1)]);
    const counts = await remembering(context, key, () => activeCounts(context, scope.chainIds, cohort, buckets));
    return {
      cohort,
      bucket,
      rows: cohortRows(counts, buckets.length).map(({ first, size, active }) => ({
        start: new Date(buckets[first]!.start),
        size,
        active,
      })),
    };
  }
}
