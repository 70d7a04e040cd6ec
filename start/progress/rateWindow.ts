/** How far a chain was at a time; both counts only grow. */
export interface Sample {
  atMs: number;
  blocks: number;
  events: number;
}

/** The part of what is left whose events are known already, because it is fetched. */
export interface Ahead {
  blocks: number;
  events: number;
}

/** Null while it isn't known. */
export interface Estimate {
  blocksPerSecond: number | null;
  eventsPerSecond: number | null;
  secondsLeft: number | null;
}

/** Long enough for the pauses between two commits, short enough to notice that history becomes denser. */
const WINDOW_MS = 20_000;
/** The first seconds are of connections and cold caches, and say nothing. */
const KNOWN_AFTER_MS = 3_000;

/**
 * The rate of one chain over the last seconds and what it promises. The clock is the caller's.
 *
 * What is left takes its blocks at the recent rate. Where it is fetched already its events are known, and those beyond
 * (or short of) the recent density are added (or taken off) at the best rate of events seen: a dense stretch ahead costs
 * its events, a sparse one costs its blocks.
 */
export class RateWindow {
  /** One for each step forward; the last one before the window stays, so that slow steps have a rate too. */
  private steps: Sample[] = [];
  private bestEventsPerSecond = 0;

  add(sample: Sample): void {
    const last = this.steps.at(-1);
    // A reorg or a new start: what was measured is of other blocks.
    if (last && (sample.blocks < last.blocks || sample.events < last.events)) this.steps = [];
    else if (last && sample.blocks === last.blocks && sample.events === last.events) return;
    this.steps.push(sample);
    while (this.steps.length > 2 && (this.steps[1] as Sample).atMs <= sample.atMs - WINDOW_MS) this.steps.shift();
    const rates = this.rates(sample.atMs);
    if (rates) this.bestEventsPerSecond = Math.max(this.bestEventsPerSecond, rates.eventsPerSecond);
  }

  estimate(nowMs: number, blocksLeft: number, ahead: Ahead = { blocks: 0, events: 0 }): Estimate {
    const rates = this.rates(nowMs);
    if (!rates) return { blocksPerSecond: null, eventsPerSecond: null, secondsLeft: blocksLeft <= 0 ? 0 : null };
    return { ...rates, secondsLeft: this.secondsLeft(rates, blocksLeft, ahead) };
  }

  private secondsLeft(
    rates: { blocksPerSecond: number; eventsPerSecond: number },
    blocksLeft: number,
    ahead: Ahead,
  ): number | null {
    if (blocksLeft <= 0) return 0;
    if (rates.blocksPerSecond <= 0) return null;
    const known = Math.min(ahead.blocks, blocksLeft);
    const usual = (rates.eventsPerSecond / rates.blocksPerSecond) * known;
    const more = this.bestEventsPerSecond > 0 ? (ahead.events - usual) / this.bestEventsPerSecond : 0;
    const rest = (blocksLeft - known) / rates.blocksPerSecond;
    return rest + Math.max(0, known / rates.blocksPerSecond + more);
  }

  /** Over the window up to now: where nothing moves, the rate falls. */
  private rates(nowMs: number): { blocksPerSecond: number; eventsPerSecond: number } | undefined {
    const first = this.steps[0];
    const last = this.steps.at(-1);
    if (!first || !last || last === first || nowMs - first.atMs < KNOWN_AFTER_MS) return undefined;
    const seconds = (nowMs - first.atMs) / 1_000;
    return {
      blocksPerSecond: (last.blocks - first.blocks) / seconds,
      eventsPerSecond: (last.events - first.events) / seconds,
    };
  }
}
