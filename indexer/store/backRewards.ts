import type { ClientBase } from 'pg';
import { backReward, type Funding, sourceIndex } from '../projections/backReward';
import type { StoredRow } from './copyRows';
import { columnIndex, type FactTableName } from './factTables';
import { bytesOf } from './segments';

const POS = 1;
const REWARD_POOL = columnIndex('reward', 'pool_id');
const REWARD_AMOUNT = columnIndex('reward', 'amount');
const REWARD_PARTS = columnIndex('reward', 'fee_part');
const FUNDING_POOL = columnIndex('pool_funding', 'pool_id');
const FUNDING_SOURCE = columnIndex('pool_funding', 'source');
const FUNDING_AMOUNT = columnIndex('pool_funding', 'amount');

/**
 * Fills in the parts of a batch's rewards: the funding that the tables hold before the batch, then the batch's own, in
 * chain order. Must run before the batch is written.
 */
export async function backRewards(
  client: ClientBase,
  chainId: number,
  rows: Map<FactTableName, StoredRow[]>,
): Promise<void> {
  const rewards = rows.get('reward');
  if (!rewards) return;
  const funding = await readFunding(client, chainId, new Set(rewards.map((row) => row[REWARD_POOL] as string)));
  const fundings = rows.get('pool_funding') ?? [];
  let next = 0;
  rows.set(
    'reward',
    rewards.map((reward) => {
      for (; next < fundings.length; next++) {
        const row = fundings[next] as StoredRow;
        if ((row[POS] as bigint) > (reward[POS] as bigint)) break;
        const pool = funding.get(row[FUNDING_POOL] as string);
        const source = sourceIndex(row[FUNDING_SOURCE] as number);
        if (pool) pool[source] = (pool[source] as bigint) + (row[FUNDING_AMOUNT] as bigint);
      }
      const parts = backReward(reward[REWARD_AMOUNT] as bigint, funding.get(reward[REWARD_POOL] as string) as Funding);
      return [...reward.slice(0, REWARD_PARTS), ...parts];
    }),
  );
}

async function readFunding(client: ClientBase, chainId: number, pools: Set<string>): Promise<Map<string, Funding>> {
  const funding = new Map<string, Funding>([...pools].map((pool) => [pool, [0n, 0n, 0n, 0n, 0n]]));
  const { rows } = await client.query<Record<'pool' | 'fee' | 'emission' | 'grant' | 'slash' | 'unknown', string>>(
    `select '0x' || encode(pool_id, 'hex') as pool, fee, emission, "grant", slash, unknown
     from pool_total where chain_id = $1 and pool_id = any($2)`,
    [chainId, [...pools].map(bytesOf)],
  );
  for (const row of rows) {
    const parts = [row.fee, row.emission, row.grant, row.slash, row.unknown].map(BigInt) as Funding;
    funding.set(row.pool, parts);
  }
  return funding;
}
