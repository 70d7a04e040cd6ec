import { WORD_BYTES } from '../../schema/logBytes';
import { backReward, type Funding } from '../projections/backReward';
import type { BatchCreations } from './batchCreations';
import type { BatchReward, BatchRewards } from './batchRewards';
import type { ColumnType } from './columnTypes';
import type { FactTable } from './factTables';
import { NUMERIC_BYTES } from './numericFormat';
import { type Piece, RowBuffer } from './rowBuffer';

const derived = (columns: string): FactTable => ({ columns: `chain_id pos ${columns}`.split(' '), firstOf: false });
/** Tables that are made with the rewards, in the order of writing. */
export const rewardTables = {
  reward_subject: derived('kind subject_id pool_id amount fee_part emission_part grant_part slash_part unknown_part'),
  reward_pending: derived('contribution_id inference_id pool_id source_contribution source_pool'),
};
/** Of the fields of a row, with their sizes. */
const MOST_NUMERIC_BYTES = 4 + NUMERIC_BYTES;
const POOL_ID_BYTES = 4 + WORD_BYTES;
const SOURCES = 5;
const amounts = Array.from({ length: 6 }, (): ColumnType => 'numeric');
const subjectTypes: ColumnType[] = ['int4', 'int8', 'int2', 'numeric', 'bytea', ...amounts];
const pendingTypes: ColumnType[] = ['int4', 'int8', 'numeric', 'bytea', 'bytea', 'numeric', 'bytea'];

/** Rows that are made with a batch's rewards. */
export type RewardRows = Record<keyof typeof rewardTables, RowBuffer>;

/**
 * Completes a batch's rewards by what the tables held before the batch, then by the batch's own, in chain order: their
 * parts, and what they are of. Must run once.
 * @param funding of the pools before the batch; of those without rewards nothing
 * @param rows where the rewards themselves go
 * @returns what goes into the tables that are made with them
 */
export function backRewards(
  { chainId, moves }: BatchRewards,
  creations: BatchCreations,
  funding: ReadonlyMap<string, Funding>,
  rows: RowBuffer,
): RewardRows {
  const made = { reward_subject: new RowBuffer(subjectTypes), reward_pending: new RowBuffer(pendingTypes) };
  for (const move of moves) {
    const { pool, amount, row } = move;
    const funded = funding.get(pool);
    if (!funded) continue;
    if (row) {
      rows.resume(row);
      const parts = rows.piece(SOURCES * MOST_NUMERIC_BYTES, () => {
        for (const part of backReward(amount, funded)) rows.value('numeric', part);
      });
      addNamed(made, chainId, move, parts, creations);
    } else funded[move.source] = (funded[move.source] as bigint) + amount;
  }
  return made;
}

function addNamed(
  made: RewardRows,
  chainId: number,
  reward: BatchReward,
  parts: Piece,
  creations: BatchCreations,
): void {
  const { place, pool, amount } = reward;
  const rows = made.reward_subject;
  // The same for each subject, so it is made once.
  let rest: Piece | undefined;
  for (const [kind, subject] of creations.subjectsOf(reward)) {
    rows.begin(chainId, place);
    rows.value('int2', kind);
    rows.value('numeric', subject);
    if (rest) rows.columnsOf(rest);
    else {
      rest = rows.piece(POOL_ID_BYTES + MOST_NUMERIC_BYTES + parts.length, () => {
        rows.value('bytea', pool);
        rows.value('numeric', amount);
        rows.columnsOf(parts);
      });
    }
  }
  const missing = creations.missingOf(reward);
  if (!missing) return;
  const contribution = missing.contribution === undefined ? null : BigInt(missing.contribution);
  made.reward_pending.add(chainId, place, [
    contribution,
    missing.inference ?? null,
    missing.pool ?? null,
    ...pendingSource(reward, missing),
  ]);
}

/**
 * What a reward is of, whose ref names no inference or whose contribution nobody submitted: a contribution, or the
 * subject of a pool. Of what has neither ref nor contribution the reward itself says it (migrations/0010_graph.sql).
 */
function pendingSource(
  { inference, contribution, pool }: BatchReward,
  missing: { inference?: string; contribution?: string },
): [contribution: bigint | null, pool: string | null] {
  const opaque = missing.inference !== undefined;
  const alone = contribution === undefined || missing.contribution !== undefined;
  if (!opaque && inference !== undefined) return [null, null];
  if (!alone) return [opaque ? BigInt(contribution as string) : null, null];
  return [null, opaque || contribution !== undefined ? pool : null];
}
