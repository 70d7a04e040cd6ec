import { Ctx, Query, Resolver } from 'type-graphql';
import { chainStatusOf, missingOf } from '../chainStatus';
import type { Context } from '../context';
import { encodeChangeCursor } from '../live/changeCursor';
import { IndexStatus } from '../types/chainStatus';

@Resolver()
export class IndexStatusResolver {
  @Query(() => IndexStatus)
  async indexStatus(@Ctx() context: Context): Promise<IndexStatus> {
    const chains = await context.chains();
    return {
      chains: chains.map(chainStatusOf),
      synced: chains.length > 0 && chains.every((chain) => missingOf(chain) === null),
      version: context.program.version,
      changeCursor: encodeChangeCursor(await context.snapshot.changePosition()),
    };
  }
}
