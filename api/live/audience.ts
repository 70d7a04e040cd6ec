import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { messageOf } from '../../schema/appError';
import type { Log } from '../log';
import type { LogPosition } from '../logPosition';
import type { Finality } from '../types/block';
import type { ChangeLog } from './changeLog';
import type { Follower } from './follower';
import type { FollowLimits } from './followLimits';
import type { KindName } from './judged';
import { keysOf } from './keys';
import { isAfter, type LiveItem, type Place, placeOf } from './liveItem';
import { inParts, Messages } from './messages';
import type { Delivery } from './plan';
import type { Renderer } from './render';
import { SubscriberIndex } from './subscriberIndex';

const RETRY_MS = 500;
/** Sends between two breaths of the process. */
const SENDS_AT_ONCE = 500;
const PROGRESS_LOOK_MS = 1000;

export interface AudienceOptions {
  kind: KindName;
  finality: Finality;
  renderer: Renderer;
  changes: ChangeLog;
  limits: FollowLimits;
  log: Log;
  /** A message was handed to so many. */
  onDelivered(count: number): void;
}

/**
 * All followers of one kind of change, at one finality, who get the same message for the same change: it is made once, and
 * only where somebody wants it. They are all at the same position of the log; who comes from behind, or can't keep up,
 * follows by himself until he is there.
 */
export class Audience {
  /** Everything up to here was handed over. */
  private at: LogPosition = { position: 0n, stamp: null };
  private readonly members = new SubscriberIndex<Follower>();
  private readonly abort = new AbortController();
  private running = false;
  /** Between looking who wants what and having handed it over nobody can join. */
  private busy = false;
  private joiners: { follower: Follower; decide(admitted: boolean): void }[] = [];
  private progressLookAt = 0;

  constructor(readonly options: AudienceOptions) {}

  /** False for a follower who is still behind. */
  async join(follower: Follower): Promise<boolean> {
    if (follower.place.item !== null) return false;
    if (this.busy) return new Promise((decide) => this.joiners.push({ follower, decide }));
    return this.admit(follower);
  }

  leave(follower: Follower): void {
    this.members.remove(follower);
  }

  has(follower: Follower): boolean {
    return this.members.all.has(follower);
  }

  close(): void {
    this.abort.abort();
  }

  private admit(follower: Follower): boolean {
    if (follower.isStopped) return false;
    const { position, stamp } = follower.place;
    if (this.members.all.size === 0 && !this.busy) this.at = { position, stamp };
    else if (position < this.at.position) return false;
    // Of another log than its members, one of which is lost.
    else if (position === this.at.position && stamp !== this.at.stamp) return false;
    this.members.add(follower);
    if (!this.running) void this.run();
    return true;
  }

  private decide(): void {
    this.busy = false;
    const joiners = this.joiners;
    this.joiners = [];
    for (const { follower, decide } of joiners) decide(this.admit(follower));
  }

  private async run(): Promise<void> {
    const { changes, kind, finality, log } = this.options;
    const { signal } = this.abort;
    this.running = true;
    let failing = false;
    while (this.members.all.size > 0 && !signal.aborted) {
      try {
        const from = this.at;
        const next = await changes.after({ position: from.position, madeAt: from }, finality);
        if (next === 'gone') {
          for (const follower of [...this.members.all]) follower.lose();
          break;
        }
        if (next === null) {
          await this.tellProgress();
          await changes.wake(signal, this.at.position);
          continue;
        }
        const items = await changes.items(kind, next.blocks);
        // Everybody left meanwhile, and somebody who is elsewhere came.
        if (this.at !== from) continue;
        await this.deliver(items, next.end);
        failing = false;
        await this.tellProgress();
      } catch (error) {
        if (signal.aborted) break;
        // The database is away. Followers stay: what they wait for comes later.
        if (!failing) log.warn({ error: messageOf(error) }, 'changes cannot be delivered for now');
        failing = true;
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    this.running = false;
  }

  private async deliver(items: readonly LiveItem[], end: LogPosition): Promise<void> {
    const { kind, renderer } = this.options;
    this.busy = true;
    try {
      const everybody = [...this.members.ofAll];
      const wanted = items.flatMap((item) => {
        const followers = this.wanting(item);
        return followers.length > 0 || everybody.length > 0 ? [{ item, followers }] : [];
      });
      const roots = wanted.map(({ item }): Delivery => ({ op: item.block.op, kind, item }));
      let n = 0;
      for await (const results of renderer.all(roots, 'live', this.abort.signal)) {
        for (const part of inParts(results)) {
          await this.hand(wanted.slice(n, n + part.length), part, everybody);
          n += part.length;
        }
      }
      this.at = end;
    } finally {
      this.decide();
    }
  }

  /** Each gets what he wants of it in one piece, and those who want the same the same one. */
  private async hand(wanted: readonly Wanted[], results: readonly string[], everybody: readonly Follower[]) {
    const pieces = new Map<Follower, number[]>();
    const [first] = wanted;
    for (const follower of everybody) {
      // Who joined from ahead has had the first ones.
      const from = isAfter(first?.item as LiveItem, follower.place) ? 0 : firstAfter(wanted, follower.place);
      pieces.set(follower, from === 0 ? ALL : indexes(from, wanted.length));
    }
    for (const [n, { followers }] of wanted.entries()) {
      for (const follower of followers) {
        const piece = pieces.get(follower);
        if (piece) piece.push(n);
        else pieces.set(follower, [n]);
      }
    }
    const whole = new Messages(results);
    const made = new Map<string, Messages>();
    const lastPlaces = wanted.map(({ item }) => placeOf(item));
    let handed = 0;
    let sends = 0;
    for (const [follower, piece] of pieces) {
      const isWhole = piece === ALL || piece.length === wanted.length;
      if (!isWhole && piece.length === 0) continue;
      // Who fell back meanwhile follows by himself.
      if (!this.members.all.has(follower)) continue;
      let messages = whole;
      if (!isWhole) {
        const name = piece.join();
        messages = made.get(name) ?? new Messages(piece.map((n) => results[n] as string));
        made.set(name, messages);
      }
      const last = isWhole ? wanted.length - 1 : (piece.at(-1) as number);
      follower.send(messages, lastPlaces[last] as Place);
      handed += messages.results.length;
      sends += 1;
      if (sends % SENDS_AT_ONCE === 0) await setImmediate();
    }
    this.options.onDelivered(handed);
  }

  private wanting(item: LiveItem): Follower[] {
    const { kind } = this.options;
    const keys = this.members.hasKeys ? keysOf(kind, item) : [];
    return this.members
      .candidates(keys)
      .filter((follower) => isAfter(item, follower.place) && follower.filter.matches(item));
  }

  /** To those who have not heard of how far they are for a while. */
  private async tellProgress(): Promise<void> {
    const { kind, renderer, limits, onDelivered } = this.options;
    const now = Date.now();
    if (now - this.progressLookAt < Math.min(PROGRESS_LOOK_MS, limits.progressMs / 4)) return;
    this.progressLookAt = now;
    const due = [...this.members.all].filter(({ progressAt }) => now - progressAt >= limits.progressMs);
    if (due.length === 0) return;
    const place = { ...this.at, item: null };
    const root: Delivery = { op: 'PROGRESS', kind, place };
    const messages = new Messages([await renderer.one(root, this.abort.signal)]);
    let sent = 0;
    for (const follower of due) {
      if (!this.members.all.has(follower) || follower.place.position > place.position) continue;
      follower.progressAt = now;
      follower.send(messages, place);
      sent += 1;
      if (sent % SENDS_AT_ONCE === 0) await setImmediate();
    }
    onDelivered(sent);
  }
}

interface Wanted {
  item: LiveItem;
  /** Those who don't want all. */
  followers: Follower[];
}

const ALL: number[] = [];

function firstAfter(wanted: readonly Wanted[], place: Place): number {
  const n = wanted.findIndex(({ item }) => isAfter(item, place));
  return n < 0 ? wanted.length : n;
}

function indexes(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, n) => from + n);
}
