import type { Pool } from 'pg';
import { lateAfterSeconds } from './documentRows';
import type { RetryPlan } from './retryPlan';
import type { TokenData } from './tokenChain';

/** A row of `token`; the address in hex without 0x. */
export interface TokenKey {
  chainId: number;
  address: string;
}

export interface DueToken extends TokenKey {
  attempts: number;
}

/** Rows of the configured chains that want a job, as dueDocuments. */
export async function dueTokens(
  pool: Pool,
  { limit, late, plan, chainIds }: { limit: number; late: boolean; plan: RetryPlan; chainIds: readonly number[] },
): Promise<DueToken[]> {
  const { rows } = await pool.query<DueToken>({
    name: 'tokens_due',
    text: `
      select chain_id as "chainId", encode(address, 'hex') as address, attempts
      from token
      where state in ('pending', 'failed')
        and (state = 'pending'
          or $6 and updated_at < now() - make_interval(secs => least($2, $1 * 2 ^ (least(attempts, 30) - 1)) + $3))
        and chain_id = any($4::integer[])
      order by updated_at
      limit $5`,
    values: [plan.baseMs / 1000, plan.capMs / 1000, lateAfterSeconds, chainIds, limit, late],
  });
  return rows;
}

/** Up to where the token's chain is indexed; undefined when there is nothing left to do. */
export async function openToken(pool: Pool, key: TokenKey): Promise<{ indexedNumber: number } | undefined> {
  const { rows } = await pool.query<{ indexedNumber: bigint }>(
    `select coalesce(c.indexed_number, 0) as "indexedNumber"
    from token t
    left join chain c on c.chain_id = t.chain_id
    where t.chain_id = $1 and t.address = decode($2, 'hex') and t.state in ('pending', 'failed')`,
    [key.chainId, key.address],
  );
  return rows[0] && { indexedNumber: Number(rows[0].indexedNumber) };
}

export async function saveFetchedToken(pool: Pool, key: TokenKey, { symbol, decimals }: TokenData): Promise<void> {
  await pool.query(
    `update token
    set state = 'fetched', attempts = attempts + 1, symbol = $3, decimals = $4, updated_at = now()
    where chain_id = $1 and address = decode($2, 'hex')`,
    [key.chainId, key.address, symbol, decimals],
  );
}

export async function saveFailedToken(pool: Pool, key: TokenKey): Promise<void> {
  await pool.query(
    `update token
    set state = 'failed', attempts = attempts + 1, updated_at = now()
    where chain_id = $1 and address = decode($2, 'hex') and state in ('pending', 'failed')`,
    [key.chainId, key.address],
  );
}
