import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../context';
import { badUserInput } from '../errors';
import { accountId } from '../ids';
import { loadNode } from '../nodes';
import { leaderboard, type Metric, metrics, type PlaceRow } from '../queries/figures/leaderboard';
import { remembering } from '../queries/figures/remembered';
import { scopeOf } from '../queries/figures/spans';
import { wantedToken } from '../queries/money';
import { DateTimeScalar } from '../scalars';
import { windowOf } from '../series/window';
import { tokenOf } from '../tokens';
import { Leaderboard, LeaderboardMetric } from '../types/leaderboard';
import type { NodeObject } from '../types/node';

const MOST_PLACES = 100;

@Resolver()
export class LeaderboardResolver {
  @Query(() => Leaderboard, {
    nullable: true,
    description: 'Metrics in money need token; first is at most 100.',
  })
  async leaderboard(
    @Ctx() context: Context,
    @Arg('metric', () => LeaderboardMetric) metric: LeaderboardMetric,
    @Arg('chainId', () => Int, { nullable: true, description: 'null: all chains together.' }) chainId: number | null,
    @Arg('from', () => DateTimeScalar, { nullable: true, description: 'Inclusive; by default 7 days before `to`.' })
    from: Date | null,
    @Arg('to', () => DateTimeScalar, {
      nullable: true,
      description: 'Exclusive; by default a second after the newest indexed block.',
    })
    to: Date | null,
    @Arg('token', () => ID, { nullable: true, description: 'Of metrics in money: only amounts of it count.' })
    tokenId: string | null,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
  ): Promise<Leaderboard | null> {
    if (first < 0 || first > MOST_PLACES) throw badUserInput('first', `must be 0 to ${MOST_PLACES}`);
    const wanted = metrics[metric];
    const token = wanted.inMoney ? wantedToken('token', tokenId) : null;
    const scope = await scopeOf(context, chainId);
    if (!scope) return null;
    const window = windowOf({ from, to }, scope.newest);
    const key = JSON.stringify(['leaderboard', metric, scope.chainIds, window, tokenId, first]);
    const rows = await remembering(context, key, () =>
      leaderboard(context, scope.chainIds, window, wanted, token, first),
    );
    return {
      metric,
      from: new Date(window.from),
      to: new Date(window.to),
      entries: rows.map((row) => ({
        rank: row.rank,
        rankChange: row.previous_rank === null ? null : row.previous_rank - row.rank,
        subject: () => subjectOf(context, wanted, row),
        value: row.value,
        token: () => token && tokenOf(context, token.chainId, token.address),
      })),
    };
  }
}

async function subjectOf(context: Context, { subject }: Metric, { chain_id, key }: PlaceRow): Promise<NodeObject> {
  const id = Buffer.isBuffer(key) ? accountId(key) : `${subject}:${chain_id}:${key}`;
  const found = await loadNode(context, id);
  if (!found) throw new Error(`${id} has a place in a leaderboard, but does not exist`);
  return found;
}
