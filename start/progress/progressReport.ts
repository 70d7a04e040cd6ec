import type { Logger } from 'pino';
import { type ChainProgress, isDone, percentOf, progressSentence, progressText } from './progressText';
import type { StatusLine } from './statusLine';

/** Of a log, which is read later or by machines. */
const LOG_EVERY_MS = 5_000;

/** Where progress is said: on a terminal in its last line, else as a log line of each chain every few seconds. */
export class ProgressReport {
  private loggedAt = 0;

  constructor(
    private readonly status: StatusLine,
    private readonly log: Logger,
    /** Logs for machines get no line that is rewritten. */
    private readonly forMachines: boolean,
    private readonly now: () => number = Date.now,
  ) {}

  show(chains: readonly (ChainProgress & { chainId: number })[]): void {
    if (this.hasLine) {
      this.status.show(progressText(chains, this.status.columns));
      return;
    }
    if (!this.isTimeToLog()) return;
    for (const chain of chains.filter((one) => !isDone(one))) {
      const { chainId, doneBlocks, allBlocks, eventsPerSecond, blocksPerSecond, secondsLeft } = chain;
      this.log.info(
        {
          chain: chainId,
          percent: percentOf(chain),
          doneBlocks,
          allBlocks,
          eventsPerSecond: rounded(eventsPerSecond),
          blocksPerSecond: rounded(blocksPerSecond),
          secondsLeft: rounded(secondsLeft),
        },
        progressSentence(chain),
      );
    }
  }

  /** What is under way before there is a chain to speak of. */
  say(sentence: string): void {
    if (this.hasLine) this.status.show(sentence.slice(0, this.status.columns));
    else if (this.isTimeToLog()) this.log.info(sentence);
  }

  end(): void {
    this.status.end();
  }

  private get hasLine(): boolean {
    return this.status.isThere && !this.forMachines;
  }

  private isTimeToLog(): boolean {
    if (this.now() - this.loggedAt < LOG_EVERY_MS) return false;
    this.loggedAt = this.now();
    return true;
  }
}

function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.round(value * 10) / 10;
}
