import { Arg, Args, ArgsType, Ctx, Field, ID, Int, Resolver, Root, Subscription } from 'type-graphql';
import { chainStatusOf } from '../chainStatus';
import type { ChainRow, Context } from '../context';
import { contributionId, inferenceId, placedId } from '../ids';
import { decodePlace } from '../live/changeCursor';
import { changeOf, rowOf } from '../live/changeOf';
import {
  claimFilter,
  contributionFilter,
  eventFilter,
  inferenceFilter,
  influenceFilter,
  reversalFilter,
  rewardFilter,
} from '../live/filters';
import type { LiveFilter } from '../live/filterTests';
import { bytesOf, type KindName } from '../live/judged';
import type { LiveItem } from '../live/liveItem';
import { ChangesPlan, type Delivery, StatusPlan } from '../live/plan';
import { contribution } from '../queries/contribution';
import { chainEventOf } from '../queries/events';
import { inference } from '../queries/inference';
import { influence } from '../queries/influence';
import { claim, reversal } from '../queries/payout';
import { reward } from '../queries/reward';
import { ChangeCursorScalar } from '../scalars';
import { Finality } from '../types/block';
import { ChainStatus } from '../types/chainStatus';
import {
  ClaimChange,
  ContributionChange,
  EventChange,
  InferenceChange,
  InfluenceChange,
  ReversalChange,
  RewardChange,
} from '../types/change';
import { ContributionFilter } from '../types/contribution';
import { EventFilter } from '../types/event';
import { InferenceFilter } from '../types/inference';
import { ClaimFilter, ReversalFilter, RewardFilter } from '../types/reward';

@ArgsType()
class FollowArgs {
  @Field(() => ChangeCursorScalar, { nullable: true })
  after?: string | null;

  @Field(() => Finality, { defaultValue: Finality.PENDING })
  finality!: Finality;
}

@ArgsType()
class EventsArgs extends FollowArgs {
  @Field(() => EventFilter, { nullable: true })
  where?: EventFilter | null;
}

@ArgsType()
class RewardsArgs extends FollowArgs {
  @Field(() => RewardFilter, { nullable: true })
  where?: RewardFilter | null;
}

@ArgsType()
class ClaimsArgs extends FollowArgs {
  @Field(() => ClaimFilter, { nullable: true })
  where?: ClaimFilter | null;
}

@ArgsType()
class ReversalsArgs extends FollowArgs {
  @Field(() => ReversalFilter, { nullable: true })
  where?: ReversalFilter | null;
}

@ArgsType()
class ContributionsArgs extends FollowArgs {
  @Field(() => ContributionFilter, { nullable: true })
  where?: ContributionFilter | null;
}

@ArgsType()
class InferencesArgs extends FollowArgs {
  @Field(() => InferenceFilter, { nullable: true })
  where?: InferenceFilter | null;
}

@ArgsType()
class InfluencesArgs extends FollowArgs {
  @Field(() => ID, { nullable: true })
  root?: string | null;
}

function plan<Kind extends KindName>(kind: Kind, { after, finality }: FollowArgs, filter: LiveFilter<Kind>) {
  const place = typeof after === 'string' ? decodePlace(after, kind) : null;
  return new ChangesPlan(kind, place, finality, filter);
}

/** Of a fact that stands where its event does. */
const placed =
  (type: 'event' | 'reward' | 'claim' | 'reversal') =>
  ({ block, pos }: LiveItem) =>
    placedId(type, block.chainId, pos);

/** `subscribe` says what is followed; the methods make messages of what came, whatever the arguments were. */
@Resolver()
export class LiveResolver {
  @Subscription(() => EventChange, {
    subscribe: ({ args }: { args: EventsArgs }) => plan('events', args, eventFilter(args.where)),
  })
  events(
    @Root() delivery: Delivery<'events'>,
    @Ctx() context: Context,
    @Args(() => EventsArgs) _: EventsArgs,
  ): EventChange {
    return {
      ...changeOf(context, delivery, placed('event')),
      event: () => rowOf(context, delivery, ({ judged }) => chainEventOf(context, judged)),
    };
  }

  @Subscription(() => RewardChange, {
    subscribe: ({ args }: { args: RewardsArgs }) => plan('rewards', args, rewardFilter(args.where)),
  })
  rewards(
    @Root() delivery: Delivery<'rewards'>,
    @Ctx() context: Context,
    @Args(() => RewardsArgs) _: RewardsArgs,
  ): RewardChange {
    return {
      ...changeOf(context, delivery, placed('reward')),
      reward: () => rowOf(context, delivery, ({ block, pos }) => reward(context, block.chainId, pos)),
    };
  }

  @Subscription(() => ClaimChange, {
    subscribe: ({ args }: { args: ClaimsArgs }) => plan('claims', args, claimFilter(args.where)),
  })
  claims(
    @Root() delivery: Delivery<'claims'>,
    @Ctx() context: Context,
    @Args(() => ClaimsArgs) _: ClaimsArgs,
  ): ClaimChange {
    return {
      ...changeOf(context, delivery, placed('claim')),
      claim: () => rowOf(context, delivery, ({ block, pos }) => claim(context, block.chainId, pos)),
    };
  }

  @Subscription(() => ReversalChange, {
    subscribe: ({ args }: { args: ReversalsArgs }) => plan('reversals', args, reversalFilter(args.where)),
  })
  reversals(
    @Root() delivery: Delivery<'reversals'>,
    @Ctx() context: Context,
    @Args(() => ReversalsArgs) _: ReversalsArgs,
  ): ReversalChange {
    return {
      ...changeOf(context, delivery, placed('reversal')),
      reversal: () => rowOf(context, delivery, ({ block, pos }) => reversal(context, block.chainId, pos)),
    };
  }

  @Subscription(() => ContributionChange, {
    subscribe: ({ args }: { args: ContributionsArgs }) => plan('contributions', args, contributionFilter(args.where)),
  })
  contributions(
    @Root() delivery: Delivery<'contributions'>,
    @Ctx() context: Context,
    @Args(() => ContributionsArgs) _: ContributionsArgs,
  ): ContributionChange {
    return {
      ...changeOf(context, delivery, ({ block, judged }) => contributionId(block.chainId, judged.id)),
      contribution: () =>
        rowOf(context, delivery, ({ block, judged }) => contribution(context, block.chainId, judged.id)),
    };
  }

  @Subscription(() => InferenceChange, {
    subscribe: ({ args }: { args: InferencesArgs }) => plan('inferences', args, inferenceFilter(args.where)),
  })
  inferences(
    @Root() delivery: Delivery<'inferences'>,
    @Ctx() context: Context,
    @Args(() => InferencesArgs) _: InferencesArgs,
  ): InferenceChange {
    return {
      ...changeOf(context, delivery, ({ block, judged }) => inferenceId(block.chainId, bytesOf(judged.id))),
      inference: () =>
        rowOf(context, delivery, ({ block, judged }) => inference(context, block.chainId, bytesOf(judged.id))),
    };
  }

  @Subscription(() => InfluenceChange, {
    subscribe: ({ args }: { args: InfluencesArgs }) => plan('influences', args, influenceFilter(args.root)),
  })
  influences(
    @Root() delivery: Delivery<'influences'>,
    @Ctx() context: Context,
    @Args(() => InfluencesArgs) _: InfluencesArgs,
  ): InfluenceChange {
    return {
      ...changeOf(context, delivery, ({ block, judged }) => placedId('influence', block.chainId, BigInt(judged.pos))),
      // A later revision is a later change: this one left the edge as it says.
      influence: () =>
        rowOf(context, delivery, async ({ block, judged }) => {
          const edge = await influence(context, block.chainId, BigInt(judged.pos));
          return edge && { ...edge, current: judged.current };
        }),
    };
  }

  @Subscription(() => ChainStatus, {
    description: 'One message per chain and block, and on every change of finality.',
    subscribe: ({ args }: { args: { chainId?: number | null } }) => new StatusPlan(args.chainId ?? null),
  })
  indexStatus(@Root() chain: ChainRow, @Arg('chainId', () => Int, { nullable: true }) _: number | null): ChainStatus {
    return chainStatusOf(chain);
  }
}
