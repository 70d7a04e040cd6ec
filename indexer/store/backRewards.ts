import type { ClientBase } from 'pg';
import { backReward, type Funding } from '../projections/backReward';
import type { BatchReward, BatchRewards } from './batchRewards';
import type { ColumnType } from './columnTypes';
import type { FactTable } from './factTables';
import type { RewardNames } from './rewardNames';
import { RowBuffer } from './rowBuffer';
import { bytesOf } from './segments';

const derived = (columns: string): FactTable => ({ columns: `chain_id pos ${columns}`.split(' '), firstOf: false });
/** Tables that are made with the rewards, in the order of writing. */
export const rewardTables = {
  reward_subject: derived('kind subject_id pool_id amount fee_part emission_part grant_part slash_part unknown_part'),
  reward_pending: derived('contribution_id inference_id pool_id'),
};
const amounts = Array.from({ length: 6 }, (): ColumnType => 'numeric');
const subjectTypes: ColumnType[] = ['int4', 'int8', 'int2', 'numeric', 'bytea', ...amounts];
const pendingTypes: ColumnType[] = ['int4', 'int8', 'numeric', 'bytea', 'bytea'];

/** Rows that are made with a batch's rewards. */
export type RewardRows = Record<keyof typeof rewardTables, RowBuffer>;

/**
 * Completes a batch's rewards by what the tables hold before the batch, then by the batch's own, in chain order: their
 * parts, and what they are of. Must run before the batch is written, and once.
 * @param rows where the rewards themselves go
 * @returns what goes into the tables that are made with them, undefined without rewards
 */
export async function backRewards(
  client: ClientBase,
  chainId: number,
  { moves, names }: BatchRewards,
  rows: RowBuffer,
): Promise<RewardRows | undefined> {
  const rewards = moves.filter((move): move is BatchReward => move.row !== undefined);
  if (rewards.length === 0) return undefined;
  const funding = await readKnown(client, chainId, rewards, names);
  const made = { reward_subject: new RowBuffer(subjectTypes), reward_pending: new RowBuffer(pendingTypes) };
  for (const move of moves) {
    const { pool, amount, row } = move;
    const funded = funding.get(pool);
    // Of a pool without rewards.
    if (!funded) continue;
    if (row) {
      const parts = backReward(amount, funded);
      rows.resume(row);
      for (const part of parts) rows.value('numeric', part);
      addNamed(made, chainId, move, parts, names);
    } else funded[move.source] = (funded[move.source] as bigint) + amount;
  }
  return made;
}

function addNamed(made: RewardRows, chainId: number, reward: BatchReward, parts: Funding, names: RewardNames): void {
  const { place, pool, amount } = reward;
  for (const [kind, subject] of names.subjectsOf(reward)) {
    made.reward_subject.add(chainId, place, [kind, subject, pool, amount, ...parts]);
  }
  const missing = names.missingOf(reward);
  if (!missing) return;
  const contribution = missing.contribution === undefined ? null : BigInt(missing.contribution);
  made.reward_pending.add(chainId, place, [contribution, missing.inference ?? null, missing.pool ?? null]);
}

interface KnownRow {
  what: 'pool' | 'contribution' | 'inference';
  id: string;
  kind: number | null;
  subject: string | null;
  funding: string[] | null;
}

/**
 * What the tables know of the pools, contributions and inferences that the rewards name. What is created already stays
 * what it is, whatever the batch says.
 * @returns the funding of each pool
 */
async function readKnown(
  client: ClientBase,
  chainId: number,
  rewards: readonly BatchReward[],
  names: RewardNames,
): Promise<Map<string, Funding>> {
  const idsOf = (key: 'pool' | 'contribution' | 'inference') => {
    const ids = new Set(rewards.map((reward) => reward[key]));
    ids.delete(undefined);
    return [...ids] as string[];
  };
  const pools = idsOf('pool');
  const funding = new Map<string, Funding>(pools.map((pool) => [pool, [0n, 0n, 0n, 0n, 0n]]));
  const { rows } = await client.query<KnownRow>({
    name: 'known-of-rewards',
    text: `
      select 'pool' as what, '0x' || encode(k.id, 'hex') as id, p.kind, p.subject_id::text as subject,
        array[t.fee, t.emission, t."grant", t.slash, t.unknown]::text[] as funding
      from unnest($2::bytea[]) k (id)
      left join pool p on p.chain_id = $1 and p.pool_id = k.id
      left join pool_total t on t.chain_id = $1 and t.pool_id = k.id
      union all
      select 'contribution', contribution_id::text, null, datanet_id::text, null
      from contribution where chain_id = $1 and contribution_id = any($3::numeric[])
      union all
      select 'inference', '0x' || encode(inference_id, 'hex'), null, model_id::text, null
      from inference where chain_id = $1 and inference_id = any($4::bytea[])`,
    values: [chainId, pools.map(bytesOf), idsOf('contribution'), idsOf('inference').map(bytesOf)],
  });
  for (const { what, id, kind, subject, funding: funded } of rows) {
    if (funded?.[0] != null) funding.set(id, funded.map(BigInt) as Funding);
    if (subject === null) continue;
    if (what === 'pool') names.pools.set(id, { kind: kind as number, subject: BigInt(subject) });
    else if (what === 'contribution') names.contributions.set(id, BigInt(subject));
    else names.inferences.set(id, BigInt(subject));
  }
  return funding;
}
