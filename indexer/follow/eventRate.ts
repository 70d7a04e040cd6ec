const WINDOW_MS = 10_000;

/** Events per second over the last seconds, for the status page. */
export class EventRate {
  private readonly samples: { at: number; events: number }[] = [];
  private readonly startedAt = performance.now();
  /** Events since the start. */
  total = 0;

  add(events: number): void {
    this.total += events;
    this.samples.push({ at: performance.now(), events });
  }

  perSecond(): number {
    const now = performance.now();
    while (this.samples[0] && this.samples[0].at < now - WINDOW_MS) this.samples.shift();
    const spanMs = Math.max(1_000, Math.min(WINDOW_MS, now - this.startedAt));
    return this.samples.reduce((sum, { events }) => sum + events, 0) / (spanMs / 1_000);
  }
}
