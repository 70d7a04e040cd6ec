import type { Pool } from 'pg';
import type { Wakeups, WakeupsOptions } from '../../db/wakeups';
import { messageOf } from '../../schema/appError';
import type { Log } from '../log';
import type { LogPosition } from '../logPosition';
import type { Finality } from '../types/block';
import { type After, type ChangeRow, endOf, isSame, readBounds, rowsAfter, rowsFrom } from './changeRow';
import type { Found } from './filterTests';
import type { KindName } from './judged';
import type { LiveItem } from './liveItem';
import { type PlacedBlock, type Stretch, stretchOf } from './placedBlocks';
import { readItems } from './readItems';
import { sharedCall } from './sharedCall';
import { turns } from './turns';

const POLL_MS = 1000;
const KEPT_ROWS = 1000;
const BATCH = 500;
/** Of a stretch, and so what a follower holds of the log at a time. */
const EVENTS_AT_ONCE = 500;
/** A row holds some events at least, or none at all: those cost little. */
const EVENTS_OF_ROW = 5;
/** Of all kinds, in items. */
const KEPT_ITEMS = 50_000;
/** Followers that are behind read from the database: so many at a time, whoever asks. */
const REPLAYS_AT_ONCE = 4;

/**
 * The process's one reader of the log of changes. Whoever follows the log asks it for the rows after a position and
 * waits for more; it keeps the newest rows, and the content of their blocks, for all of them together.
 */
export interface ChangeLog {
  /** The last position known here; a follower at it is up to date. */
  head(): bigint;
  /** The last position given out, as the database says it after this was asked, and what the oldest kept row begins after. */
  bounds(): Promise<{ oldest: bigint; head: LogPosition }>;
  /** Whether the row that held a position is still the one that holds it. */
  isSame(madeAt: LogPosition): Promise<boolean>;
  /** What comes right after; null: nothing yet; 'gone': it is no longer kept, or the log is another one by now. */
  after(from: After, finality: Finality, eventsAtMost?: number): Promise<Stretch | null | 'gone'>;
  /**
   * What the blocks hold for a kind of stream, in the order of their positions.
   * @param found what else they hold may be left out
   */
  items(kind: KindName, blocks: readonly PlacedBlock[], found?: Found | null): Promise<LiveItem[]>;
  /** Ends when the log has come further than `since`, or something may have happened: at the latest after a second. */
  wake(signal: AbortSignal, since?: bigint): Promise<void>;
  close(): Promise<void>;
}

interface ChangeLogOptions {
  /** For reading. */
  pool: Pool;
  openWakeups(options: WakeupsOptions): Wakeups;
  log: Log;
}

export function openChangeLog({ pool, openWakeups, log }: ChangeLogOptions): ChangeLog {
  let rows: ChangeRow[] = [];
  let head = 0n;
  let started = false;
  let closed = false;
  let reading: Promise<void> | undefined;
  let again = false;
  let failing = false;
  const waiting = new Set<() => void>();
  const kept = new Map<string, Promise<LiveItem[]>>();
  let keptItems = 0;
  const replays = turns(REPLAYS_AT_ONCE);
  const bounds = sharedCall(() => readBounds(pool));

  const nameOf = (kind: KindName, { asOf, stamp, position }: PlacedBlock) => `${kind} ${asOf} ${stamp} ${position}`;
  const keep = (name: string, items: Promise<LiveItem[]>) => {
    kept.set(name, items);
    items.then(
      ({ length }) => {
        keptItems += length + 1;
        for (const [oldest, content] of kept) {
          if (keptItems <= KEPT_ITEMS || oldest === name) break;
          kept.delete(oldest);
          content.then(
            ({ length: gone }) => (keptItems -= gone + 1),
            () => undefined,
          );
        }
      },
      () => kept.delete(name),
    );
  };

  const wakeAll = () => {
    for (const wake of [...waiting]) wake();
  };

  const readOnce = async () => {
    if (!started) {
      const { head: last } = await readBounds(pool);
      rows = (await rowsFrom(pool, last.position, 1)).slice(0, 1);
      head = last.position;
      started = true;
    }
    for (;;) {
      const last = rows.at(-1);
      // With the last one, which says whether it is the same log still.
      const found = await rowsFrom(pool, last?.position ?? head, BATCH + 1);
      if (last && (found[0]?.position !== last.position || found[0].stamp !== last.stamp)) {
        log.warn({ position: String(head) }, 'the log of changes lost what was read of it: the database was put back');
        started = false;
        again = true;
        wakeAll();
        return;
      }
      const fresh = found.filter((row) => endOf(row) > head);
      if (fresh.length === 0) break;
      rows = [...rows, ...fresh].slice(-KEPT_ROWS);
      head = endOf(fresh[fresh.length - 1] as ChangeRow);
      wakeAll();
    }
  };

  /** One read at a time; a wake-up during one leads to another. */
  const read = () => {
    again = true;
    reading ??= (async () => {
      while (again && !closed) {
        again = false;
        await readOnce().then(
          () => {
            failing = false;
          },
          (error) => {
            // Asked again at each poll: once is enough to say so.
            if (!closed && !failing) log.warn({ error: messageOf(error) }, 'the log of changes cannot be read for now');
            failing = true;
          },
        );
      }
      reading = undefined;
    })();
  };

  const poll = setInterval(() => {
    read();
    wakeAll();
  }, POLL_MS);
  poll.unref();
  read();
  const wakeups = openWakeups({
    wake: read,
    onLost: (error) => {
      if (!closed) log.warn({ error }, 'not told of changes: looking for them until somebody tells again');
    },
  });

  return {
    head: () => head,
    bounds,
    async isSame(madeAt) {
      return isSame(rows, madeAt) ?? isSame(await rowsFrom(pool, madeAt.position, 1), madeAt) ?? false;
    },
    async after(from, finality, eventsAtMost = EVENTS_AT_ONCE) {
      const rowsAtMost = eventsAtMost / EVENTS_OF_ROW;
      const { position, madeAt } = from;
      const first = rows[0]?.position;
      if (first !== undefined && (madeAt.position >= first || (madeAt.stamp === null && position >= first - 1n))) {
        // Further than what was read here: of a page that is younger, or of a log that has lost it.
        const same = isSame(rows, madeAt) ?? (await bounds()).head.position >= madeAt.position;
        if (!same) return 'gone';
        // From the end: nearly everybody who asks is nearly there.
        let start = rows.length;
        while (start > 0 && endOf(rows[start - 1] as ChangeRow) > position) start -= 1;
        const next = rows.slice(start, start + rowsAtMost);
        if (next.length === 0) return null;
        return stretchOf(pool, next, position, finality, eventsAtMost);
      }
      return replays(async () => {
        const next = await rowsAfter(pool, from, rowsAtMost);
        if (next === 'gone') return 'gone';
        if (!next[0]) return (await bounds()).head.position > position ? 'gone' : null;
        return stretchOf(pool, next, position, finality, eventsAtMost);
      });
    },
    async items(kind, blocks, found = null) {
      const oldest = rows[0]?.position ?? head + 1n;
      const fresh = blocks.filter(({ asOf }) => asOf >= oldest);
      // What is older than the kept rows is one follower's replay and of no use to others.
      if (fresh.length < blocks.length)
        return replays(() => readItems(pool, kind, blocks, found)).then((all) => all.flat());
      const missing = blocks.filter((block) => !kept.has(nameOf(kind, block)));
      const read = readItems(pool, kind, missing);
      for (const [n, block] of missing.entries())
        keep(
          nameOf(kind, block),
          read.then((all) => all[n] ?? []),
        );
      return (await Promise.all(blocks.map((block) => kept.get(nameOf(kind, block)) ?? []))).flat();
    },
    wake(signal, since) {
      return new Promise((resolve) => {
        const done = () => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
        if (signal.aborted || closed || (since !== undefined && head > since)) done();
      });
    },
    async close() {
      closed = true;
      clearInterval(poll);
      wakeAll();
      await reading;
      await wakeups.close();
    },
  };
}
