import type { Tip } from '../store/blockRange';

export interface PlanInput {
  startBlock: number;
  /** The newest indexed block; null before the first. */
  indexedNumber: number | null;
  tip: Tip;
  /** Blocks per range of history. */
  rangeBlocks: number;
  /** Ranges of history fetched ahead of the one that is applied. */
  rangesAhead: number;
  /** Blocks near the head taken in one step. */
  followBlocks: number;
}

export type Plan =
  /** History: nothing of it can be removed, so ranges are fetched in parallel and applied in order. */
  | { kind: 'history'; ranges: { fromBlock: number; toBlock: number }[] }
  /** Near the head: block by block, each checked against its parent. */
  | { kind: 'follow'; fromBlock: number; toBlock: number }
  | { kind: 'idle' };

/**
 * Without a finalized mark, blocks this deep are taken as history: deeper reorgs than this were never seen on the chains
 * we follow, and if one comes the parent check finds it.
 */
export const HISTORY_DEPTH = 128;

export function planNext(input: PlanInput): Plan {
  const { startBlock, indexedNumber, tip, rangeBlocks, rangesAhead, followBlocks } = input;
  const next = indexedNumber === null ? startBlock : indexedNumber + 1;
  const historyEnd = historyEndOf(tip);
  if (next <= historyEnd) {
    const ranges = [];
    // On one grid, wherever we stand: a job that was planned from another block must not overlap its neighbours.
    for (let fromBlock = next; fromBlock <= historyEnd && ranges.length < rangesAhead; ) {
      const toBlock = Math.min(fromBlock + rangeBlocks - (fromBlock % rangeBlocks) - 1, historyEnd);
      ranges.push({ fromBlock, toBlock });
      fromBlock = toBlock + 1;
    }
    return { kind: 'history', ranges };
  }
  if (next > tip.head.number) return { kind: 'idle' };
  return { kind: 'follow', fromBlock: next, toBlock: Math.min(next + followBlocks - 1, tip.head.number) };
}

/** The newest block that is taken as history. */
export function historyEndOf(tip: Tip): number {
  return tip.finalized?.number ?? tip.head.number - HISTORY_DEPTH;
}
