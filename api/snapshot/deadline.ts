import { setTimeout as delay } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { tooLong } from '../databaseError';
import { apiError } from '../errors';
import type { CancelStatement } from './cancelStatements';

const CANCEL_AGAIN_MS = 50;

export interface DeadlineOptions {
  /** The client is gone: the statement that runs is cancelled, and no other is begun. */
  signal: AbortSignal;
  cancel: CancelStatement;
  /** After this time from its first statement on, no other is begun. */
  limitMs: number;
}

/** When a request may ask the database no more: its time is over, or its client is gone. */
export class Deadline {
  private endsAt = Number.POSITIVE_INFINITY;
  private running: PoolClient | undefined;
  private cancelling: Promise<void> | undefined;

  /** @param options undefined: it may ask as long as it likes */
  constructor(private readonly options: DeadlineOptions | undefined) {
    options?.signal.addEventListener('abort', this.cancel, { once: true });
  }

  /** Its time runs from now on. */
  begin(): void {
    if (this.options) this.endsAt = performance.now() + this.options.limitMs;
  }

  /** @throws UNAVAILABLE or QUERY_TIMEOUT where nothing may be asked any more */
  check(): void {
    if (this.options?.signal.aborted) throw apiError('UNAVAILABLE', 'The client is gone.');
    if (this.isOver()) throw tooLong();
  }

  isOver(): boolean {
    return performance.now() > this.endsAt;
  }

  /** What runs on the connection is cancelled if the client goes, until `unwatch`. */
  watch(connection: PoolClient): void {
    this.running = connection;
  }

  unwatch(): void {
    this.running = undefined;
  }

  /** Ends what runs. */
  readonly cancel = (): void => {
    if (!this.running || !this.options || this.cancelling) return;
    this.cancelling = this.keepCancelling(this.running, this.options.cancel).finally(() => {
      this.cancelling = undefined;
    });
  };

  /** Until no cancellation is on its way, which could meet what comes next on the connection. */
  async untilCancelled(): Promise<void> {
    await this.cancelling;
  }

  close(): void {
    this.options?.signal.removeEventListener('abort', this.cancel);
  }

  /** Again and again: a server process that has not begun with the statement yet lets the cancellation pass. */
  private async keepCancelling(connection: PoolClient, cancel: CancelStatement): Promise<void> {
    while (this.running === connection) {
      await cancel(connection);
      if (this.running === connection) await delay(CANCEL_AGAIN_MS);
    }
  }
}
