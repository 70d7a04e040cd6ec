import { apiError, badUserInput } from '../errors';
import { databaseError } from '../snapshot';
import type { Audience } from './audience';
import { encodeChangeCursor, encodePlace } from './changeCursor';
import type { After } from './changeRow';
import type { LiveFilter } from './filterTests';
import { isAfter, type Place, placeOf } from './liveItem';
import type { ChangesPlan, Delivery } from './plan';
import { isFull, type Sink, untilRoom } from './sink';

/**
 * One client's stream of changes. It reads the log by itself, as fast as the client takes it, until it is where its
 * audience is, and goes on with it; it falls back when the client leaves too much untaken. So nothing is ever queued for
 * anybody but what his connection holds.
 */
export class Follower {
  readonly filter: LiveFilter;
  /** The last that was handed over, or is known not to match. */
  place: Place = { position: 0n, stamp: null, item: null };
  progressAt = 0;
  private behind: (() => void) | undefined;
  private wasLive = false;
  private progressTold = false;

  constructor(
    private readonly plan: ChangesPlan,
    private readonly audience: Audience,
    private readonly sink: Sink,
    readonly signal: AbortSignal,
  ) {
    this.filter = plan.filter as LiveFilter;
  }

  /** From the audience: a message of its stream, at `place`. */
  send(message: string): void {
    this.sink.send(message);
    if (isFull(this.sink)) this.fallBack();
  }

  /**
   * Ends when the signal aborts.
   * @throws BAD_USER_INPUT for a position that was never given out, CURSOR_EXPIRED for one that is no longer kept,
   * SLOW_CONSUMER, UNAVAILABLE
   */
  async run(): Promise<void> {
    try {
      this.place = await this.start();
      this.progressAt = Date.now();
      while (!this.signal.aborted) {
        await this.room();
        if (this.isAtHead()) {
          if (!this.progressTold) await this.tellProgress();
          this.progressTold = true;
          if (await this.audience.join(this)) await this.untilBehind();
          else await this.readOn();
        } else {
          await this.readOn();
        }
      }
    } catch (error) {
      throw databaseError(error);
    }
  }

  private async start(): Promise<Place> {
    const { changes, limits } = this.audience.options;
    const { after } = this.plan;
    if (after === null) return { ...(await changes.bounds()).head, item: null };
    const { madeAt, ...place } = after;
    let { oldest, head } = await changes.bounds();
    // One that a process made which reads another replica may be ahead of this one for a moment.
    const latest = Date.now() + (madeAt.stamp === null ? 0 : limits.aheadMs);
    while (madeAt.position > head.position && Date.now() < latest && !this.signal.aborted) {
      await changes.wake(this.signal, head.position);
      ({ oldest, head } = await changes.bounds());
    }
    if (madeAt.stamp === null && madeAt.position > head.position) {
      throw badUserInput('after', 'a cursor from the future: this log has not come so far');
    }
    if (before(place).position < oldest) throw expired(oldest);
    if (!(await changes.isSame(madeAt))) throw expired(oldest, ELSEWHERE);
    return place;
  }

  private isAtHead(): boolean {
    return this.place.item === null && this.place.position >= this.audience.options.changes.head();
  }

  private async readOn(): Promise<void> {
    const { changes, kind, finality, renderer, limits, onDelivered } = this.audience.options;
    const from = before(this.place);
    const next = await changes.after(from, finality);
    if (next === 'gone') throw expired((await changes.bounds()).oldest, GONE);
    if (next === null) {
      await changes.wake(this.signal, from.position);
      return;
    }
    const items = (await changes.items(kind, next.blocks)).filter(
      (item) => isAfter(item, this.place) && this.filter.matches(item),
    );
    const roots = items.map((item): Delivery => ({ op: item.block.op, kind, item }));
    let n = 0;
    for await (const messages of renderer.all(roots, 'replay', this.signal)) {
      for (const message of messages) {
        if (this.signal.aborted) return;
        await this.room();
        this.place = placeOf(items[n] as (typeof items)[number]);
        n += 1;
        this.sink.send(message);
        onDelivered(1);
      }
    }
    this.place = { ...next.end, item: null };
    if (Date.now() - this.progressAt >= limits.progressMs) await this.tellProgress();
  }

  private async tellProgress(): Promise<void> {
    const { kind, renderer, onDelivered } = this.audience.options;
    const root: Delivery = { op: 'PROGRESS', kind, place: this.place };
    const message = await renderer.one(root, this.signal);
    if (this.signal.aborted) return;
    this.progressAt = Date.now();
    this.sink.send(message);
    onDelivered(1);
  }

  /** From now on alone: the audience doesn't wait. */
  fallBack(): void {
    this.audience.leave(this);
    this.behind?.();
  }

  private untilBehind(): Promise<void> {
    this.wasLive = true;
    // It may have fallen back already.
    if (!this.audience.has(this)) return Promise.resolve();
    return new Promise((resolve) => {
      const leave = () => this.fallBack();
      this.behind = () => {
        this.behind = undefined;
        this.signal.removeEventListener('abort', leave);
        resolve();
      };
      this.signal.addEventListener('abort', leave, { once: true });
      if (this.signal.aborted) leave();
    });
  }

  private async room(): Promise<void> {
    if (!isFull(this.sink)) return;
    const { limits, changes, kind } = this.audience.options;
    const since = Date.now();
    await untilRoom(this.sink, this.signal, () => {
      const lag = changes.head() - this.place.position;
      if (this.wasLive && Date.now() - since > limits.slowMs && lag > limits.slowPositions) {
        throw apiError('SLOW_CONSUMER', 'This client reads too slowly. Go on from the cursor.', {
          cursor: encodePlace(kind, this.place),
        });
      }
    });
  }
}

/** A place within a position is read again from before it. */
function before({ position, stamp, item }: Place): After {
  return { position: item === null ? position : position - 1n, madeAt: { position, stamp } };
}

const OLDER = 'older than the changes that are kept';
const ELSEWHERE = 'of changes that the database does not hold any more, as after it was put back to a backup';
const GONE = `${OLDER}, or ${ELSEWHERE}`;

function expired(oldest: bigint, why = OLDER): Error {
  return apiError('CURSOR_EXPIRED', `after: ${why}. Load the page again and go on from there.`, {
    oldest: encodeChangeCursor({ position: oldest, stamp: null }),
  });
}
