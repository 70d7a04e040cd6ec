import type { ClientBase } from 'pg';
import { backReward, type Funding, sourceIndex } from '../projections/backReward';
import type { FactBatch } from './factBatch';
import { columnIndex } from './factTables';
import { bytesOf } from './segments';

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
export async function backRewards(client: ClientBase, chainId: number, batch: FactBatch): Promise<void> {
  const { rewards, fundings } = batch;
  if (rewards.length === 0) return;
  const funding = await readFunding(client, chainId, new Set(rewards.map(({ row }) => row[REWARD_POOL] as string)));
  let next = 0;
  for (const { pos, row } of rewards) {
    for (; next < fundings.length; next++) {
      const added = fundings[next] as (typeof fundings)[number];
      if (added.pos > pos) break;
      const pool = funding.get(added.row[FUNDING_POOL] as string);
      const source = sourceIndex(added.row[FUNDING_SOURCE] as number);
      if (pool) pool[source] = (pool[source] as bigint) + (added.row[FUNDING_AMOUNT] as bigint);
    }
    const parts = backReward(row[REWARD_AMOUNT] as bigint, funding.get(row[REWARD_POOL] as string) as Funding);
    batch.push('reward', pos, [...row.slice(0, REWARD_PARTS), ...parts]);
  }
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
