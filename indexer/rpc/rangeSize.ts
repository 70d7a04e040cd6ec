import { allowedBlocks } from './rangeLimits';

/** Logs that one answer should hold: enough to make the call worth its time, few enough to be held many times at once. */
const TARGET_LOGS = 5_000;
/** Little, so that there is something to write soon: 2,000 logs of 200 events a block. It doubles with each answer. */
const FIRST_BLOCKS = 10;
const MOST_BLOCKS = 100_000;
/** Answers at the largest size that wasn't refused before a larger one is tried; twice as many after each refusal. */
const FIRST_PROBE = 4;
const LAST_PROBE = 64;

/**
 * How many blocks to ask one endpoint's eth_getLogs for: more bit by bit while its answers are small, half when it
 * refuses, and never more than it said it allows.
 */
export class RangeSize {
  private size: number;
  private limit: number;
  /** The largest size that is tried without having waited. */
  private ceiling: number;
  /** The largest size that was answered since; 0: none. */
  private good = 0;
  private atCeiling = 0;
  private probeAfter = FIRST_PROBE;
  /** Answers with this many logs were cut off silently. */
  private cap = Number.POSITIVE_INFINITY;

  /** @param maxLogsRange a limit that is known beforehand, blocks */
  constructor(maxLogsRange = MOST_BLOCKS) {
    this.limit = Math.min(maxLogsRange, MOST_BLOCKS);
    this.ceiling = this.limit;
    this.size = Math.min(FIRST_BLOCKS, this.limit);
  }

  get blocks(): number {
    return this.size;
  }

  /** An answer came. */
  answered(blocks: number, logs: number): void {
    // A smaller one than is asked for now (the end of a job, or sent before) says something of density alone.
    if (blocks >= this.size) this.grow(blocks);
    const target = Math.min(TARGET_LOGS, this.cap / 2);
    const fitting = logs === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((blocks * target) / logs));
    this.size = Math.min(this.size, fitting, this.limit);
  }

  private grow(blocks: number): void {
    this.good = Math.max(this.good, blocks);
    if (this.size < this.ceiling) {
      const isUnknown = this.ceiling === this.limit;
      this.size = Math.min(this.ceiling, this.size + (isUnknown ? this.size : Math.ceil(this.ceiling / 4)));
    } else if (this.size < this.limit && ++this.atCeiling >= this.probeAfter) {
      this.ceiling = Math.min(this.limit, this.ceiling + Math.ceil(this.ceiling / 4));
      this.size = this.ceiling;
      this.atCeiling = 0;
    }
  }

  /** The endpoint refused; what it says of its limit is kept. */
  refused(blocks: number, message: string): void {
    const allowed = allowedBlocks(message);
    if (allowed !== undefined && allowed < blocks) {
      // A proposal is made for the logs of this range, so it is a size to go on from; a bare number of blocks is a limit.
      if (!/\[0x/.test(message)) this.limit = Math.min(this.limit, allowed);
      this.ceiling = Math.min(this.ceiling, this.limit);
      this.size = Math.min(this.size, allowed);
      return;
    }
    this.atCeiling = 0;
    if (this.good > 0 && this.good < blocks) {
      this.ceiling = Math.min(this.ceiling, this.good);
      this.size = Math.min(this.size, this.good);
      this.probeAfter = Math.min(LAST_PROBE, 2 * this.probeAfter);
    } else {
      this.ceiling = Math.min(this.ceiling, Math.max(1, blocks - 1));
      this.good = 0;
      this.probeAfter = FIRST_PROBE;
      this.size = Math.min(this.size, Math.max(1, Math.floor(blocks / 2)));
    }
  }

  /** An answer of so many logs turned out not to be all. */
  truncated(blocks: number, logs: number): void {
    this.cap = Math.min(this.cap, logs);
    this.refused(blocks, '');
  }
}
