import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { BlockRange } from './blockRange';
import { type BatchContext, FactBatch } from './factBatch';
import { LogPack } from './logPack';
import { isStored, readSegment } from './segments';

/** Stored ranges that adjoin, and the rows of their logs; the logs themselves are let go. */
export interface StoredRun {
  ranges: BlockRange[];
  batch: FactBatch;
}

/**
 * A commit has a price of its own (of 50,000 events, forty commits cost twice the CPU of three), so ranges that are
 * fetched already share one; their rows are in memory at once, twice: those that are written and those that come next.
 */
const RANGES_PER_COMMIT = 64;
export const LOGS_PER_COMMIT = 20_000;
/** The end of history is near when no more than so many commits, of a few hundred milliseconds each, are left. */
const LAST_COMMITS = 8;
/** Logs decoded in one go; between two, the connection that writes gets its turn. */
const LOGS_PER_TURN = 200;
const SEGMENT_POLL_MS = 25;

/** A run that is read before it is asked for. */
interface Ahead {
  fromBlock: number;
  run: Promise<StoredRun | undefined>;
  /** Somebody waits for it, or nobody will: it ends with what is stored now. */
  isDue: boolean;
}

/** Reads stored segments into the rows of the next commit, while the one before is written. */
export class StoredHistory {
  private ahead: Ahead | undefined;
  private isFirst = true;

  constructor(
    private readonly pool: Pool,
    private readonly context: BatchContext,
  ) {}

  /**
   * Everything stored that begins at this block and adjoins, as much as one commit takes; nothing that reaches above
   * `lastBlock`. Undefined without any.
   */
  async take(fromBlock: number, lastBlock: number): Promise<StoredRun | undefined> {
    const { ahead } = this;
    this.forget();
    const run = ahead?.fromBlock === fromBlock ? await ahead.run : undefined;
    return run && (run.ranges.at(-1) as BlockRange).toBlock <= lastBlock ? run : this.read(fromBlock, lastBlock);
  }

  /**
   * Begins to read what take() will be asked for next, and goes on as more is stored, until it is. What is stored there
   * must not change in between.
   */
  readAhead(fromBlock: number, lastBlock: number): void {
    this.forget();
    const ahead = { fromBlock, isDue: false } as Ahead;
    ahead.run = this.read(fromBlock, lastBlock, ahead);
    // Whoever takes it hears of it.
    ahead.run.catch(() => undefined);
    this.ahead = ahead;
  }

  /** Whether all that is left of history is stored, and soon written. */
  isNearEnd(fromBlock: number, lastBlock: number): Promise<boolean> {
    const most = { segments: LAST_COMMITS * RANGES_PER_COMMIT, logs: LAST_COMMITS * LOGS_PER_COMMIT };
    return isStored(this.pool, this.context.chainId, fromBlock, lastBlock, most);
  }

  /** What was read ahead is not what is stored any more, or isn't wanted. */
  forget(): void {
    if (this.ahead) this.ahead.isDue = true;
    this.ahead = undefined;
  }

  private async read(fromBlock: number, lastBlock: number, ahead?: Ahead): Promise<StoredRun | undefined> {
    const ranges: BlockRange[] = [];
    const batch = new FactBatch(this.context);
    let logs = 0;
    let next = fromBlock;
    while (next <= lastBlock && ranges.length < RANGES_PER_COMMIT && logs < LOGS_PER_COMMIT) {
      const range = await readSegment(this.pool, this.context.chainId, next);
      if (!range && ahead && !ahead.isDue) {
        await delay(SEGMENT_POLL_MS, undefined, { ref: false });
        continue;
      }
      const before = ranges.at(-1);
      if (!range || range.toBlock > lastBlock || (before && range.parentHash !== before.last.hash)) break;
      await addLogs(batch, range.logs);
      logs += range.logs.length;
      ranges.push({ ...range, logs: LogPack.empty });
      next = range.toBlock + 1;
      // The connection that writes has nothing to do yet, and the code that decodes is slow before it is warm.
      if (this.isFirst) break;
    }
    batch.end();
    if (ranges.length > 0) this.isFirst = false;
    return ranges.length > 0 ? { ranges, batch } : undefined;
  }
}

/** Rows of logs, while others get their turn. */
export async function addLogs(batch: FactBatch, logs: LogPack): Promise<void> {
  let added = 0;
  for (const log of logs) {
    batch.addLog(log);
    if (++added % LOGS_PER_TURN === 0) await turn();
  }
}
