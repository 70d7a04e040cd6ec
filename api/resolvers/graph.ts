import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { badUserInput } from '../errors';
import { attributionGraph, attributionPaths } from '../queries/graph/attributionGraph';
import { AsOf, type BlockRef } from '../types/blockRef';
import { AttributionGraph, GraphDirection, GraphPath } from '../types/graph';

const MAX_DEPTH = 20;
const MAX_EDGES = 1000;
const MAX_PATHS = 100;

const whatMayBe = 'Of an account, datanet, contribution, model, adapter, inference or reward.';

@Resolver()
export class GraphResolver {
  @Query(() => AttributionGraph, {
    nullable: true,
    description:
      'What a thing of the loop is made of, and what was paid because of it, as a graph from data to money, begun at `root`: see AttributionGraph. Of each node, its heaviest edges come first. null where the root does not exist.',
  })
  attributionGraph(
    @Ctx() context: Context,
    @Arg('root', () => ID, { description: whatMayBe }) root: string,
    @Arg('direction', () => GraphDirection, { defaultValue: GraphDirection.BOTH }) direction: GraphDirection,
    @Arg('depth', () => Int, { defaultValue: 3, description: `How many edges away from the root, 0 to ${MAX_DEPTH}.` })
    depth: number,
    @Arg('minWeightPpm', () => Int, {
      defaultValue: 0,
      description: 'Leaves out edges that have a weight below this; those without a weight stay.',
    })
    minWeightPpm: number,
    @Arg('limit', () => Int, { defaultValue: 200, description: `How many edges at most, 0 to ${MAX_EDGES}.` })
    limit: number,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<AttributionGraph | null> {
    within('depth', depth, MAX_DEPTH);
    within('minWeightPpm', minWeightPpm, 2 ** 31 - 1);
    within('limit', limit, MAX_EDGES);
    return attributionGraph(context, root, { direction, depth, minWeightPpm, limit });
  }

  @Query(() => [GraphPath], {
    nullable: true,
    description:
      'How data and money are connected: between a contributor and an inference, a reward or an account, for example. See GraphPath. null where one of the two does not exist.',
  })
  attributionPaths(
    @Ctx() context: Context,
    @Arg('from', () => ID, { description: `One end. ${whatMayBe}` }) from: string,
    @Arg('to', () => ID, { description: 'The other end.' }) to: string,
    @Arg('limit', () => Int, { defaultValue: 10, description: `How many paths at most, 0 to ${MAX_PATHS}.` })
    limit: number,
    @AsOf() _asOf: BlockRef | null,
  ): Promise<GraphPath[] | null> {
    within('limit', limit, MAX_PATHS);
    return attributionPaths(context, from, to, limit);
  }
}

function within(argument: string, value: number, most: number): void {
  if (value < 0 || value > most) throw badUserInput(argument, `must be 0 to ${most}`);
}
