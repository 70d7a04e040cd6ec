import { allowedBlocks } from './rangeLimits';

/** Logs that one answer should hold: enough to make the call worth its time, few enough to be held many times at once. */
const TARGET_LOGS = 5_000;
const FIRST_BLOCKS = 300;
/** Added after each answer that went well. */
const STEP_BLOCKS = 300;
const MOST_BLOCKS = 100_000;

/**
 * How many blocks to ask one endpoint's eth_getLogs for: more bit by bit while its answers are small, half when it
 * refuses, and never more than it said it allows.
 */
export class RangeSize {
  private size: number;
  private limit: number;
  /** Answers with this many logs were cut off silently. */
  private cap = Number.POSITIVE_INFINITY;
  private wasRefused = false;

  /** @param maxLogsRange a limit that is known beforehand, blocks */
  constructor(maxLogsRange = MOST_BLOCKS) {
    this.limit = Math.min(maxLogsRange, MOST_BLOCKS);
    this.size = Math.min(FIRST_BLOCKS, this.limit);
  }

  get blocks(): number {
    return this.size;
  }

  /** An answer came. */
  answered(blocks: number, logs: number): void {
    const target = Math.min(TARGET_LOGS, this.cap / 2);
    // An answer to a smaller range than asked for now (the end of a job, or sent before) says something of density alone.
    const fitting = logs === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((blocks * target) / logs));
    const grown = blocks < this.size ? this.size : this.wasRefused ? this.size + STEP_BLOCKS : this.size * 2;
    this.size = Math.min(grown, fitting, this.limit);
  }

  /** The endpoint refused; what it says of its limit is kept. */
  refused(blocks: number, message: string): void {
    this.wasRefused = true;
    const allowed = allowedBlocks(message);
    // A proposal may be of this range alone (its logs), so it is a size to go on from; a bare number of blocks is a limit.
    if (allowed !== undefined && allowed < blocks) {
      if (!/\[0x/.test(message)) this.limit = Math.min(this.limit, allowed);
      this.size = Math.min(this.size, allowed);
    } else {
      this.size = Math.min(this.size, Math.max(1, Math.floor(blocks / 2)));
    }
  }

  /** An answer of so many logs turned out not to be all. */
  truncated(blocks: number, logs: number): void {
    this.cap = Math.min(this.cap, logs);
    this.refused(blocks, '');
  }
}
