import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { badUserInput } from '../errors';
import { search } from '../queries/search';
import { type Found, SearchResult } from '../types/searchResult';

const MAX_RESULTS = 100;
const MAX_TEXT = 1000;

@Resolver()
export class SearchResolver {
  @Query(() => [SearchResult], {
    nullable: true,
    description:
      'Takes an id, an address, a transaction, content, inference or pool hash, a number, or the beginning of a name in any case. In this order: the exact id; what a hash is of (a transaction: the subjects of its events); blocks, datanets, models and contributions of a number; names, most similar first.',
  })
  async search(
    @Ctx() context: Context,
    @Arg('text', () => String) text: string,
    @Arg('first', () => Int, { defaultValue: 10 }) first: number,
  ): Promise<Found[]> {
    if (first < 0 || first > MAX_RESULTS) throw badUserInput('first', `must be 0 to ${MAX_RESULTS}`);
    if (text.length > MAX_TEXT) throw badUserInput('text', `at most ${MAX_TEXT} characters`);
    const trimmed = text.trim();
    return trimmed === '' || trimmed.includes('\0') ? [] : search(context, trimmed, first);
  }
}
