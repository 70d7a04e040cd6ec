import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { type Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { events } from '../queries/events';
import { type ChainEvent, EventConnection, EventFilter } from '../types/event';

@Resolver()
export class EventResolver {
  @Query(() => EventConnection, { nullable: true })
  events(
    @Ctx() context: Context,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('where', () => EventFilter, { nullable: true }) where: EventFilter | null,
  ): Promise<Connection<ChainEvent>> {
    return events(context, page, where);
  }
}
