import { Arg, Args, ArgsType, Ctx, Field, Int, Resolver, Root, Subscription } from 'type-graphql';
import { chainStatusOf } from '../chainStatus';
import type { ChainRow, Context } from '../context';
import { placedId } from '../ids';
import type { LoggedEvent } from '../live/blockContent';
import { decodeChangeCursor } from '../live/changeCursor';
import { changeOf, factOf } from '../live/changeOf';
import { type Delivery, follow } from '../live/follow';
import { followChains } from '../live/followChains';
import { eventMatcher, rewardMatcher } from '../live/matches';
import { loadNode } from '../nodes';
import { chainEventOf } from '../queries/events';
import { ChangeCursorScalar } from '../scalars';
import { Finality } from '../types/block';
import { ChainStatus } from '../types/chainStatus';
import { EventChange, RewardChange } from '../types/change';
import { EventFilter } from '../types/event';
import { type Reward, RewardFilter } from '../types/reward';

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

function deliveries(context: Context, args: FollowArgs, matches: (event: LoggedEvent) => boolean) {
  const { pool, changes, limits } = context.program;
  const after = typeof args.after === 'string' ? decodeChangeCursor(args.after) : null;
  return follow({ pool, log: changes, limits }, { after, finality: args.finality, matches, signal: context.signal });
}

@Resolver()
export class LiveResolver {
  @Subscription(() => EventChange, {
    subscribe: ({ args, context }: { args: EventsArgs; context: Context }) =>
      deliveries(context, args, eventMatcher(args.where)),
  })
  events(@Root() delivery: Delivery, @Ctx() context: Context, @Args(() => EventsArgs) _: EventsArgs): EventChange {
    return {
      ...changeOf(context, 'event', delivery),
      event: () => factOf(context, delivery, (event) => chainEventOf(context, event)),
    };
  }

  @Subscription(() => RewardChange, {
    subscribe: ({ args, context }: { args: RewardsArgs; context: Context }) =>
      deliveries(context, args, rewardMatcher(args.where)),
  })
  rewards(@Root() delivery: Delivery, @Ctx() context: Context, @Args(() => RewardsArgs) _: RewardsArgs): RewardChange {
    return {
      ...changeOf(context, 'reward', delivery),
      reward: () =>
        factOf(
          context,
          delivery,
          (event) => loadNode(context, placedId('reward', event.chain_id, event.pos)) as Promise<Reward>,
        ),
    };
  }

  @Subscription(() => ChainStatus, {
    description: 'One message per chain and block, and on every change of finality.',
    subscribe: ({ args, context }: { args: { chainId?: number | null }; context: Context }) =>
      followChains(context.program, args.chainId ?? null, context.signal),
  })
  indexStatus(@Root() chain: ChainRow, @Arg('chainId', () => Int, { nullable: true }) _: number | null): ChainStatus {
    return chainStatusOf(chain);
  }
}
