import { databaseError } from '../databaseError';
import { apiError, badUserInput } from '../errors';
import type { Audience } from './audience';
import { encodeChangeCursor, encodePlace } from './changeCursor';
import type { LiveFilter } from './filterTests';
import { type Place, placeOf } from './liveItem';
import { inParts, Messages } from './messages';
import type { ChangesPlan, Cursor, Delivery } from './plan';
import { before, ReadAhead } from './readAhead';
import { isFull, type Sink, untilRoom } from './sink';

/**
 * One client's stream of changes. It reads the log by itself, as fast as the client takes it, until it is where its
 * audience is, and goes on with it; it falls back when the client leaves too much untaken. So nothing is ever queued for
 * anybody but what his connection holds, and one that is with its audience is this object and nothing else.
 */
export class Follower {
  readonly filter: LiveFilter;
  /** The last that was handed over, or is known not to match. */
  place: Place = { position: 0n, stamp: null, item: null };
  progressAt = 0;
  private stopped = false;
  private wasLive = false;
  private progressTold = false;
  /** While it reads by itself; ends that. */
  private reading: AbortController | undefined;

  /**
   * @param ended told once, when it ends by itself: of BAD_USER_INPUT for a position that was never given out,
   * CURSOR_EXPIRED for one that is no longer kept, SLOW_CONSUMER, UNAVAILABLE
   */
  constructor(
    { filter }: ChangesPlan,
    private readonly audience: Audience,
    private readonly sink: Sink,
    private readonly ended: (error: unknown) => void,
  ) {
    this.filter = filter as LiveFilter;
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  /** @param after null: from now on */
  begin(after: Cursor | null): void {
    void this.follow(async (signal) => {
      this.place = await this.start(after, signal);
      this.progressAt = Date.now();
    });
  }

  stop(): void {
    this.stopped = true;
    this.audience.leave(this);
    this.reading?.abort();
  }

  /** From the audience: messages of its stream, the last of them at `place`. */
  send(messages: Messages, place: Place): void {
    this.place = place;
    this.sink.send(messages);
    if (isFull(this.sink)) this.fallBack();
  }

  /** From now on alone: the audience doesn't wait. */
  fallBack(): void {
    this.audience.leave(this);
    if (!this.reading && !this.stopped) void this.follow();
  }

  /** What comes after the place of its audience is not to be had any more; it may have come later, and be right. */
  lose(): void {
    this.audience.leave(this);
    const look = async () => {
      const { changes } = this.audience.options;
      const { oldest } = await changes.bounds();
      if (before(this.place).position < oldest || !(await changes.isSame(this.place))) throw expired(oldest, GONE);
    };
    if (!this.reading && !this.stopped) void this.follow(look);
  }

  /** By itself, until it is with its audience, or stopped. */
  private async follow(begin?: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const reading = new AbortController();
    const { signal } = reading;
    this.reading = reading;
    const log = new ReadAhead(this.filter, this.audience.options, () => isFull(this.sink));
    try {
      await begin?.(signal);
      while (!this.stopped) {
        await this.room(signal);
        if (!this.isAtHead()) await this.readOn(log, signal);
        else {
          if (!this.progressTold) await this.tellProgress(signal);
          this.progressTold = true;
          if (await this.audience.join(this)) {
            this.wasLive = true;
            // It may have fallen back already.
            if (this.audience.has(this)) return;
          } else await this.readOn(log, signal);
        }
      }
    } catch (error) {
      if (this.stopped) return;
      this.stop();
      this.ended(databaseError(error));
    } finally {
      this.reading = undefined;
      log.forget();
    }
  }

  private async start(after: Cursor | null, signal: AbortSignal): Promise<Place> {
    const { changes, limits } = this.audience.options;
    if (after === null) return { ...(await changes.bounds()).head, item: null };
    const { madeAt, ...place } = after;
    let { oldest, head } = await changes.bounds();
    // One that a process made which reads another replica may be ahead of this one for a moment.
    const latest = Date.now() + (madeAt.stamp === null ? 0 : limits.aheadMs);
    while (madeAt.position > head.position && Date.now() < latest && !this.stopped) {
      await changes.wake(signal, head.position);
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

  private async readOn(log: ReadAhead, signal: AbortSignal): Promise<void> {
    const { changes, kind, renderer, limits, onDelivered } = this.audience.options;
    const from = before(this.place);
    const read = await log.next(this.place);
    if (read === 'gone') throw expired((await changes.bounds()).oldest, GONE);
    if (read === null) {
      await changes.wake(signal, from.position);
      return;
    }
    const { end, items } = read;
    const roots = items.map((item): Delivery => ({ op: item.block.op, kind, item }));
    let n = 0;
    for await (const results of renderer.all(roots, 'replay', signal)) {
      for (const part of inParts(results)) {
        if (this.stopped) return;
        await this.room(signal);
        n += part.length;
        this.place = placeOf(items[n - 1] as (typeof items)[number]);
        this.sink.send(new Messages(part));
        onDelivered(part.length);
      }
    }
    this.place = end;
    if (Date.now() - this.progressAt >= limits.progressMs) await this.tellProgress(signal);
  }

  private async tellProgress(signal: AbortSignal): Promise<void> {
    const { kind, renderer, onDelivered } = this.audience.options;
    const root: Delivery = { op: 'PROGRESS', kind, place: this.place };
    const messages = new Messages([await renderer.one(root, signal)]);
    if (this.stopped) return;
    this.progressAt = Date.now();
    this.sink.send(messages);
    onDelivered(1);
  }

  private async room(signal: AbortSignal): Promise<void> {
    if (!isFull(this.sink)) return;
    const { limits, changes, kind } = this.audience.options;
    const since = Date.now();
    await untilRoom(this.sink, signal, () => {
      const lag = changes.head() - this.place.position;
      if (this.wasLive && Date.now() - since > limits.slowMs && lag > limits.slowPositions) {
        throw apiError('SLOW_CONSUMER', 'This client reads too slowly. Go on from the cursor.', {
          cursor: encodePlace(kind, this.place),
        });
      }
    });
  }
}

const OLDER = 'older than the changes that are kept';
const ELSEWHERE = 'of changes that the database does not hold any more, as after it was put back to a backup';
const GONE = `${OLDER}, or ${ELSEWHERE}`;

function expired(oldest: bigint, why = OLDER): Error {
  return apiError('CURSOR_EXPIRED', `after: ${why}. Load the page again and go on from there.`, {
    oldest: encodeChangeCursor({ position: oldest, stamp: null }),
  });
}
