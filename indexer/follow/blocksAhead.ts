import { setTimeout as delay } from 'node:timers/promises';
import type { ChainSource } from '../rpc/chainSource';
import type { BlockRange } from '../store/blockRange';
import { type BatchContext, FactBatch } from '../store/factBatch';
import { addLogs, LOGS_PER_COMMIT } from '../store/storedHistory';
import { fetchBlocks } from './fetchBlocks';

/** Adjoining blocks near the head, and the rows of their logs. */
export interface RunAhead {
  ranges: BlockRange[];
  batch: FactBatch;
}

/** Blocks fetched together, and how many times so many at once: one is proven while the node reads the next. */
const PART_BLOCKS = 20;
const PARTS_AT_ONCE = 2;
/**
 * Logs that may be held before no more blocks are asked for: a log and its rows take about 1 kB, and while these wait
 * the rows of two commits of history are in memory, too. Those of the parts under way come on top.
 */
const LOGS_AHEAD = 30_000;
const TIME_POLL_MS = 50;

/** What is under way from one block on. */
interface Ahead {
  /** Where the first block is that wasn't taken. */
  fromBlock: number;
  toBlock: number;
  /** It doesn't wait for its time any more. */
  hasBegun: boolean;
  /** Nothing more comes: all is there, or the next can't be had, or nobody wants it. */
  isOver: boolean;
  /** In chain order; the last one may grow. */
  runs: RunAhead[];
  /** The run that rows are being added to right now. */
  growing: RunAhead | undefined;
  /** Logs in the runs. */
  logs: number;
  /** They wait for any of it to change. */
  waiters: (() => void)[];
}

/**
 * Blocks near the head, fetched, proven and made into rows while what comes before them is written. They can be gone by
 * the time it is their turn, so whoever takes them looks whether the node's chain still holds them.
 */
export class BlocksAhead {
  private ahead: Ahead | undefined;

  constructor(
    private readonly source: ChainSource,
    private readonly context: BatchContext,
  ) {}

  /** Logs that are held, with their rows. */
  get logs(): number {
    return this.ahead?.logs ?? 0;
  }

  /** Whether something is under way that begins there, or later. */
  reaches(fromBlock: number): boolean {
    const { ahead } = this;
    if (!ahead?.hasBegun || ahead.fromBlock < fromBlock) return false;
    return ahead.runs.length > 0 || (!ahead.isOver && ahead.fromBlock <= ahead.toBlock);
  }

  /**
   * In place of whatever was asked for before.
   * @param isTime asked until it says so; if it fails, these blocks aren't fetched ahead
   */
  begin(fromBlock: number, toBlock: number, isTime?: () => Promise<boolean>): void {
    this.forget();
    const ahead: Ahead = {
      fromBlock,
      toBlock,
      hasBegun: false,
      isOver: false,
      runs: [],
      growing: undefined,
      logs: 0,
      waiters: [],
    };
    this.ahead = ahead;
    // Whoever takes them asks again, and hears why they can't be had.
    void this.fetch(ahead, isTime)
      .catch(() => undefined)
      .finally(() => {
        // What couldn't be finished is half of what its blocks hold.
        if (ahead.growing) ahead.runs.pop();
        ahead.growing = undefined;
        end(ahead);
      });
  }

  /**
   * As much of what begins there as is ready and one commit takes. Undefined where nothing is under way that does, where
   * it couldn't be had, and where a reorg took it.
   */
  async take(fromBlock: number): Promise<RunAhead | undefined> {
    const { ahead } = this;
    if (ahead?.fromBlock !== fromBlock || !ahead.hasBegun) return undefined;
    while (!ahead.isOver && (ahead.runs.length === 0 || ahead.runs[0] === ahead.growing)) await changeOf(ahead);
    const run = ahead.runs.shift();
    if (!run || this.ahead !== ahead) return undefined;
    const { toBlock, last } = run.ranges.at(-1) as BlockRange;
    const [header] = await this.source.headers([toBlock]);
    if (header?.hash !== last.hash) {
      this.forget();
      return undefined;
    }
    run.batch.end();
    ahead.fromBlock = toBlock + 1;
    ahead.logs -= logsOf(run);
    wake(ahead);
    return run;
  }

  /** It is of a chain, or an endpoint, that may not be ours any more. */
  forget(): void {
    if (this.ahead) end(this.ahead);
    this.ahead = undefined;
  }

  private async fetch(ahead: Ahead, isTime?: () => Promise<boolean>): Promise<void> {
    while (isTime && !(await isTime())) {
      await delay(TIME_POLL_MS, undefined, { ref: false });
      if (ahead.isOver) return;
    }
    ahead.hasBegun = true;
    const asked: Promise<BlockRange | undefined>[] = [];
    let before: BlockRange | undefined;
    for (let next = ahead.fromBlock; !ahead.isOver; ) {
      while (next <= ahead.toBlock && asked.length < PARTS_AT_ONCE && ahead.logs < LOGS_AHEAD) {
        const toBlock = Math.min(next + PART_BLOCKS - 1, ahead.toBlock);
        const part = fetchBlocks(this.source, this.context.contracts.addresses, next, toBlock);
        part.catch(() => undefined);
        asked.push(part);
        next = toBlock + 1;
      }
      if (asked.length === 0) {
        if (next > ahead.toBlock) return;
        await changeOf(ahead);
        continue;
      }
      const range = await asked.shift();
      if (!range || (before && range.parentHash !== before.last.hash)) return;
      await this.add(ahead, range);
      before = range;
    }
  }

  private async add(ahead: Ahead, range: BlockRange): Promise<void> {
    let run = ahead.runs.at(-1);
    if (!run || logsOf(run) >= LOGS_PER_COMMIT) {
      run = { ranges: [], batch: new FactBatch(this.context) };
      ahead.runs.push(run);
    }
    ahead.growing = run;
    await addLogs(run.batch, range.logs);
    run.ranges.push(range);
    ahead.logs += range.logs.length;
    ahead.growing = undefined;
    wake(ahead);
  }
}

function changeOf(ahead: Ahead): Promise<void> {
  return new Promise((resolve) => {
    ahead.waiters.push(resolve);
  });
}

function wake(ahead: Ahead): void {
  for (const resolve of ahead.waiters.splice(0)) resolve();
}

function end(ahead: Ahead): void {
  ahead.isOver = true;
  wake(ahead);
}

function logsOf({ ranges }: RunAhead): number {
  return ranges.reduce((logs, range) => logs + range.logs.length, 0);
}
