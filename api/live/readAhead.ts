import type { AudienceOptions } from './audience';
import type { After } from './changeRow';
import type { LiveFilter } from './filterTests';
import { isAfter, type LiveItem, type Place } from './liveItem';
import type { Stretch } from './placedBlocks';

/** What a stretch of the log holds for a follower. */
export interface Read {
  /** To be asked on from, as this very object. */
  end: Place;
  items: LiveItem[];
}

interface Reading {
  from: Place;
  /** Known before what it holds; undefined where nothing comes. */
  end?: Place;
  read: Promise<Read | null | 'gone'>;
}

const FIRST_STRIDE = 500;
const FEW_ITEMS = 500;
const MANY_ITEMS = 2_000;
/** Where all that the log has of the kind is read, and where only what matches. */
const MOST_READ = 4_000;
const MOST_FOUND = 64_000;
/** Where one in so many events matches they are read together, which is less work for each than finding it. */
const COMMON = 5;
const MOST_AHEAD = 2;

/**
 * Reads the log for one follower who is behind: the less of it matches, the more at a time, and some ahead, so that the
 * database is at work on what comes next while its client gets what it gave.
 */
export class ReadAhead {
  /** In order, each from the end of the one before. */
  private readings: Reading[] = [];
  /** Events that are read at a time. */
  private stride = FIRST_STRIDE;
  /** Whether little of what was read last matched. */
  private isRare = true;

  /** @param isHeld nobody takes what was read last: of what may have to wait there is less */
  constructor(
    private readonly filter: LiveFilter,
    private readonly options: Pick<AudienceOptions, 'changes' | 'kind' | 'finality'>,
    private readonly isHeld: () => boolean,
  ) {}

  /** What comes after a place, as far as it matches; null: nothing yet; 'gone': it is no longer kept. */
  async next(place: Place): Promise<Read | null | 'gone'> {
    while (this.readings[0] && this.readings[0].from !== place) this.readings.shift();
    const reading = this.readings[0] ?? this.begin(place);
    const read = await reading.read;
    if (read === null) this.forget();
    else this.goOn();
    return read;
  }

  /** What is being read is wanted no more. */
  forget(): void {
    this.readings = [];
  }

  private begin(from: Place): Reading {
    const { changes, finality } = this.options;
    const read = async () => {
      const next = await changes.after(before(from), finality, this.stride);
      if (next === null || next === 'gone') return next;
      const end = { ...next.end, item: null };
      reading.end = end;
      this.goOn();
      return { end, items: await this.matching(next, from) };
    };
    const reading: Reading = { from, read: read() };
    reading.read.catch(() => undefined);
    this.readings.push(reading);
    return reading;
  }

  private goOn(): void {
    const end = this.readings.at(-1)?.end;
    if (!end || this.readings.length > (this.isHeld() ? 1 : MOST_AHEAD)) return;
    if (end.position < this.options.changes.head()) this.begin(end);
  }

  private async matching({ blocks: all }: Stretch, from: Place): Promise<LiveItem[]> {
    const { filter } = this;
    const found = filter.found?.by === 'rewards' && !this.isRare ? null : filter.found;
    const blocks = all.filter((block) => filter.takes(block));
    const items = (await this.options.changes.items(this.options.kind, blocks, found)).filter(
      (item) => isAfter(item, from) && filter.matches(item),
    );
    const events = blocks.reduce((sum, { count }) => sum + count, 0);
    this.isRare = COMMON * items.length < events;
    if (items.length > MANY_ITEMS) this.stride = Math.max(FIRST_STRIDE, this.stride / 2);
    else if (items.length < FEW_ITEMS) this.stride = Math.min(2 * this.stride, found ? MOST_FOUND : MOST_READ);
    return items;
  }
}

/** A place within a position is read again from before it. */
export function before({ position, stamp, item }: Place): After {
  return { position: item === null ? position : position - 1n, madeAt: { position, stamp } };
}
