import { setTimeout as delay } from 'node:timers/promises';
import type { Transport } from '../rpc/transport';

/** So many calls a second, over all endpoints of a chain; calls of one batch count one by one. */
export class RequestBudget {
  private freeAtMs = 0;

  constructor(
    private readonly perSecond: number,
    private readonly signal?: AbortSignal,
    private readonly nowMs: () => number = () => performance.now(),
    private readonly sleep: (ms: number) => Promise<void> = (ms) => wait(ms, signal),
  ) {}

  /** Calls that may go out in one batch: what a second allows, within what endpoints take. */
  get batch(): number {
    return Math.max(1, Math.min(100, Math.floor(this.perSecond)));
  }

  /** Waits until this many calls may go out. What they cost is waited for by the next ones. */
  async spend(calls: number): Promise<void> {
    const startMs = Math.max(this.nowMs(), this.freeAtMs);
    this.freeAtMs = startMs + (calls * 1_000) / this.perSecond;
    const waitMs = startMs - this.nowMs();
    if (waitMs > 0) await this.sleep(waitMs);
    this.signal?.throwIfAborted();
  }
}

/** The same endpoint, whose calls keep to the budget. */
export function withinBudget(transport: Transport, budget: RequestBudget | undefined): Transport {
  if (!budget) return transport;
  return {
    label: transport.label,
    async send(calls) {
      await budget.spend(calls.length);
      return transport.send(calls);
    },
    get maxBatch() {
      return transport.maxBatch;
    },
    onHead: (wake) => transport.onHead?.(wake),
    close: () => transport.close(),
  };
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
