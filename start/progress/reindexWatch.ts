import type { ReindexProgress } from '../../indexer/reindex';
import type { ChainProgress } from './progressText';
import { RateWindow } from './rateWindow';

/** Rates and the time left of a re-index, which takes one chain after the other at about the same speed. */
export class ReindexWatch {
  private readonly window = new RateWindow();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** All chains as one, named after the one that is at work: nothing of the others moves meanwhile. */
  look(chains: readonly ReindexProgress[]): (ChainProgress & { chainId: number })[] {
    const current = chains.find(({ doneBlocks, allBlocks }) => doneBlocks < allBlocks) ?? chains.at(-1);
    if (!current) return [];
    const sum = (of: (chain: ReindexProgress) => number): number => chains.reduce((total, one) => total + of(one), 0);
    const doneBlocks = sum((chain) => chain.doneBlocks);
    const allBlocks = sum((chain) => chain.allBlocks);
    const atMs = this.now();
    this.window.add({ atMs, blocks: doneBlocks, events: sum(({ events }) => events) });
    const estimate = this.window.estimate(atMs, allBlocks - doneBlocks);
    return [{ chainId: current.chainId, name: current.name, doneBlocks, allBlocks, error: null, ...estimate }];
  }
}
