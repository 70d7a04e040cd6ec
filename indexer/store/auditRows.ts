import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction';
import { type BlockRange, type Verified, verifiedLevels } from './blockRange';
import { bytesOf, readSegment } from './segments';

/**
 * The first stored range from a block on that is proven less than wanted, among those that can't be removed any more.
 * @param historyDepth how deep a block must be where the node doesn't say what is finalized
 */
export async function nextToAudit(
  pool: Pool,
  chainId: number,
  wanted: Verified,
  historyDepth: number,
  notBefore: number,
): Promise<BlockRange | undefined> {
  // First: a fork that is left meanwhile takes no block that was settled before.
  const last = await lastSettled(pool, chainId, historyDepth);
  const { rows } = await pool.query<{ from_block: bigint | null }>(
    `select least(
       (select min(from_block) from segment where chain_id = $1 and verified = 0 and from_block >= $3),
       case when $2::smallint > 1 then
         (select min(from_block) from segment where chain_id = $1 and verified = 1 and from_block >= $3)
       end
     ) as from_block`,
    [chainId, verifiedLevels[wanted], notBefore],
  );
  const fromBlock = rows[0]?.from_block;
  if (fromBlock === null || fromBlock === undefined) return undefined;
  const range = await readSegment(pool, chainId, Number(fromBlock));
  return range && last !== null && range.toBlock <= last ? range : undefined;
}

/** The newest block that is indexed and can't be removed any more; null before there is one. */
export async function lastSettled(pool: Pool, chainId: number, historyDepth: number): Promise<number | null> {
  const { rows } = await pool.query<{ settled: bigint | null }>(
    'select least(indexed_number, coalesce(finalized_number, indexed_number - $2)) as settled from chain where chain_id = $1',
    [chainId, historyDepth],
  );
  const settled = rows[0]?.settled;
  return settled === null || settled === undefined ? null : Number(settled);
}

/** Whether the node once called this block final: what only lies deep can still go. */
export async function isFinalized(pool: Pool, chainId: number, number: number): Promise<boolean> {
  const sql = 'select from chain where chain_id = $1 and finalized_number >= $2';
  return (await pool.query(sql, [chainId, number])).rowCount === 1;
}

/** Notes that a stored range is proven, if it is still the one that was, and moves verified_to. */
export async function noteVerified(
  pool: Pool,
  chainId: number,
  epoch: bigint,
  { fromBlock, toBlock, last }: BlockRange,
  verified: Verified,
  wanted: Verified,
): Promise<void> {
  await pool.query(
    `update segment set verified = $5
     where chain_id = $1 and from_block = $2 and to_block = $3 and last_hash = $4
       and exists (select from chain c where c.chain_id = $1 and c.epoch = $6)`,
    [chainId, fromBlock, toBlock, bytesOf(last.hash), verifiedLevels[verified], epoch],
  );
  const client = await pool.connect();
  try {
    await inTransaction(client, async () => {
      // Commits of the follower take turns with this; the statement after it sees what they left.
      await client.query('select from chain where chain_id = $1 for update', [chainId]);
      await client.query(
        `update chain set verified_to = proven_to(chain_id, indexed_number, $3::smallint)
         where chain_id = $1 and epoch = $2`,
        [chainId, epoch, verifiedLevels[wanted]],
      );
    });
  } finally {
    client.release();
  }
}
