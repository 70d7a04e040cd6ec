import type { Context } from '../context';
import { sql } from '../sql';
import { isToken, type WantedToken } from './money';

/** Of so many rewards a list is sorted; of more the newest are found by reading all of the chain, newest first. */
const FEW_REWARDS = 5_000;

/**
 * The positions of a token's rewards where it has few: newest first, all of the others would be read before them. null where
 * it has many, and of a past block, of which no totals are kept.
 */
export async function fewRewardsOfToken(context: Context, token: WantedToken): Promise<bigint[] | null> {
  if (context.at !== null) return null;
  const rows = await context.snapshot.query<{ pos: bigint }>(sql`
    select r.pos
    from pool_total t
    left join pool l on l.chain_id = t.chain_id and l.pool_id = t.pool_id
    join lateral (
      select r.pos from reward r where r.chain_id = t.chain_id and r.pool_id = t.pool_id limit ${FEW_REWARDS}
    ) r on true
    where t.n > 0 and ${isToken(sql`t.chain_id`, sql`l.token`, token)}
    limit ${FEW_REWARDS}`);
  return rows.length < FEW_REWARDS ? rows.map(({ pos }) => pos) : null;
}
