import type { Tip } from '../store/blockRange';
import type { Plan } from './planNext';

/**
 * How long indexes that a first history left for later go on waiting once history is written: until the follower is at
 * the head that it saw then, because the blocks up to there cost half without them. Not longer, however far the chain has
 * moved on meanwhile; and not at all behind whatever stops the follower on the way, be it a reorg or a node that fails.
 */
export class CatchUp {
  /** The head that was seen when history was written; undefined before. */
  private target: number | undefined;
  private ended = false;

  /** Whether indexes wait while this is done. */
  includes(plan: Plan, { head }: Tip): boolean {
    if (plan.kind === 'history') {
      this.target = undefined;
      this.ended = false;
      return true;
    }
    this.target ??= head.number;
    if (plan.kind === 'idle' || plan.fromBlock > this.target) this.ended = true;
    return !this.ended;
  }

  /** What was to be done couldn't be, or took blocks away. */
  stumble(): void {
    this.ended = true;
  }
}
