import type { Context } from '../context';
import { sql } from '../sql';
import { tokenId } from '../tokens';
import { isToken, type WantedToken } from './money';

/** Of so many rewards a list is sorted; of more the newest are found by reading all of the chain, newest first. */
const FEW_REWARDS = 5_000;

/** Tokens that once had many: that they still have them need not be true, it is only likely. */
const ofMany = new Set<string>();

/**
 * The positions of a token's rewards where it has few: newest first, all of the others would be read before them. null where
 * it may have many, and of a past block, of which no totals are kept.
 */
export async function fewRewardsOfToken(context: Context, token: WantedToken): Promise<bigint[] | null> {
  const id = tokenId(token.chainId, token.address);
  if (context.at !== null || ofMany.has(id)) return null;
  const rows = await context.snapshot.query<{ pos: bigint }>(sql`
    select r.pos
    from pool_total t
    left join pool l on l.chain_id = t.chain_id and l.pool_id = t.pool_id
    join lateral (
      select r.pos from reward r where r.chain_id = t.chain_id and r.pool_id = t.pool_id limit ${FEW_REWARDS}
    ) r on true
    where t.n > 0 and ${isToken(sql`t.chain_id`, sql`l.token`, token)}
    limit ${FEW_REWARDS}`);
  if (rows.length < FEW_REWARDS) return rows.map(({ pos }) => pos);
  ofMany.add(id);
  return null;
}
