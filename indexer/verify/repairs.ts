import type { AppError } from '../../schema/appError';
import type { BlockRange, Header } from '../store/blockRange';

/** A stored range as it should be, and the block before it. */
export interface Repair {
  ancestor: Header;
  range: BlockRange;
}

/**
 * Where the audit leaves what only the follower may do, since one alone writes: repairs, and to stand still. In memory is
 * enough: what is lost is found again.
 */
export class Repairs {
  /** The node contradicts what is indexed below finality: nothing may be written until it doesn't any more. */
  halted: AppError | undefined;
  private waiting: { repair: Repair; settle: () => void } | undefined;

  /** Whether take() has something to do or to say. */
  get isWaiting(): boolean {
    return this.waiting !== undefined || this.halted !== undefined;
  }

  /** Resolves when the follower has taken it on and committed, or failed to; and when nobody will any more. */
  offer(repair: Repair, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.waiting = { repair, settle: resolve };
    });
  }

  /**
   * For the follower, between two commits.
   * @throws AppError STOP while the chain is halted
   */
  async take(commit: (repair: Repair) => Promise<void>): Promise<boolean> {
    if (this.halted) throw this.halted;
    const taken = this.waiting;
    if (!taken) return false;
    this.waiting = undefined;
    try {
      await commit(taken.repair);
      return true;
    } finally {
      taken.settle();
    }
  }
}
