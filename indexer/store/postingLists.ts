import { MOST_POSITIONS } from '../../schema/posting';
import { highHalf, lowHalf, type RowBuffer, type RowPlace } from './rowBuffer';

const FIRST_LISTS = 1 << 8;
const FIRST_KEY_BYTES = 1 << 13;
const viewOf = ({ buffer, byteOffset, length }: Buffer) => new DataView(buffer, byteOffset, length);

/**
 * Postings of a batch of logs: for each key a list of the positions of the logs that have it. Keys and positions stand in
 * arrays of numbers, found by a hash table of our own: there are half a dozen keys a log, and a Map needs a string of each.
 */
export class PostingLists {
  /** Of lists so far. */
  length = 0;
  /** List + 1 by the hash of its key; 0: free. Twice as long as the arrays by list. */
  private slots = new Int32Array(2 * FIRST_LISTS);
  private hashes = new Int32Array(FIRST_LISTS);
  private counts = new Int32Array(FIRST_LISTS);
  /** How many logs there were with the last of the list's. */
  private lasts = new Int32Array(FIRST_LISTS);
  /** Where a list's key begins in `keys`: it ends where the next begins. */
  private keysAt = new Int32Array(FIRST_LISTS + 1);
  private keys = Buffer.allocUnsafe(FIRST_KEY_BYTES);
  private keysView = viewOf(this.keys);
  /** Which list got which log, in the order of coming. */
  private entries = 0;
  private entryLists = new Int32Array(4 * FIRST_LISTS);
  private entryLogs = new Int32Array(4 * FIRST_LISTS);
  /** Positions of the logs. */
  private logs = 0;
  private highs = new Int32Array(FIRST_LISTS);
  private lows = new Int32Array(FIRST_LISTS);
  /** Keys stand in few buffers, one after the other in the same. */
  private viewed: Buffer = this.keys;
  private view = this.keysView;

  /** The next log, which stands after all before it. */
  begin({ blockNumber, logIndex }: RowPlace): void {
    if (this.logs === this.highs.length) {
      this.highs = grown(this.highs);
      this.lows = grown(this.lows);
    }
    this.highs[this.logs] = highHalf(blockNumber);
    this.lows[this.logs++] = lowHalf(blockNumber, logIndex);
  }

  /** The list of a key: a byte and so many others. One that nobody asked for yet has the number that `length` was. */
  listOf(kind: number, bytes: Buffer, at: number, length: number): number {
    if (bytes !== this.viewed) {
      this.viewed = bytes;
      this.view = viewOf(bytes);
    }
    const { slots, hashes, view } = this;
    const hash = hashOf(kind, view, at, length);
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let taken = slots[slot] as number; taken !== 0; taken = slots[slot] as number) {
      if (hashes[taken - 1] === hash && this.isKey(taken - 1, kind, view, at, length)) return taken - 1;
      slot = (slot + 1) & mask;
    }
    const list = this.length++;
    slots[slot] = this.length;
    hashes[list] = hash;
    this.addKey(list, kind, bytes, at, length);
    if (this.length === hashes.length) this.growLists();
    return list;
  }

  /** The log that was begun last has this list's key. False where that was said before. */
  add(list: number): boolean {
    if (this.lasts[list] === this.logs) return false;
    this.lasts[list] = this.logs;
    const entry = this.entries++;
    if (entry === this.entryLists.length) {
      this.entryLists = grown(this.entryLists);
      this.entryLogs = grown(this.entryLogs);
    }
    this.entryLists[entry] = list;
    this.entryLogs[entry] = this.logs - 1;
    (this.counts[list] as number)++;
    return true;
  }

  /** As rows of posting: lists in the order in which they began. */
  write(rows: RowBuffer, chainId: number): void {
    const { length, entries, entryLists, entryLogs, counts, keys, keysAt, highs, lows } = this;
    const ends = new Int32Array(length);
    for (let list = 0, end = 0; list < length; list++) {
      ends[list] = end;
      end += counts[list] as number;
    }
    // A list's end moves on with each of its entries.
    const sorted = new Int32Array(entries);
    for (let i = 0; i < entries; i++) sorted[(ends[entryLists[i] as number] as number)++] = entryLogs[i] as number;
    for (let list = 0, at = 0; list < length; list++) {
      const key = keysAt[list] as number;
      const end = ends[list] as number;
      while (at < end) {
        const to = Math.min(at + MOST_POSITIONS, end);
        const last = sorted[to - 1] as number;
        rows.beginAt(chainId, highs[last] as number, lows[last] as number);
        rows.bytes(keys, key, (keysAt[list + 1] as number) - key);
        rows.positions(highs, lows, sorted, at, to);
        at = to;
      }
    }
  }

  private isKey(list: number, kind: number, view: DataView, at: number, length: number): boolean {
    const { keysView, keysAt } = this;
    const key = (keysAt[list] as number) + 1;
    if ((keysAt[list + 1] as number) - key !== length || keysView.getUint8(key - 1) !== kind) return false;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (keysView.getInt32(key + i) !== view.getInt32(at + i)) return false;
    for (; i < length; i++) if (keysView.getUint8(key + i) !== view.getUint8(at + i)) return false;
    return true;
  }

  private addKey(list: number, kind: number, bytes: Buffer, at: number, length: number): void {
    const key = this.keysAt[list] as number;
    const end = key + 1 + length;
    if (end > this.keys.length) {
      const keys = Buffer.allocUnsafe(Math.max(2 * this.keys.length, end));
      this.keys.copy(keys, 0, 0, key);
      this.keys = keys;
      this.keysView = viewOf(keys);
    }
    this.keys[key] = kind;
    for (let i = 0; i < length; i++) this.keys[key + 1 + i] = bytes[at + i] as number;
    this.keysAt[list + 1] = end;
  }

  private growLists(): void {
    this.hashes = grown(this.hashes);
    this.counts = grown(this.counts);
    this.lasts = grown(this.lasts);
    this.keysAt = grown(this.keysAt);
    const slots = new Int32Array(2 * this.hashes.length);
    const mask = slots.length - 1;
    for (let list = 0; list < this.length; list++) {
      let slot = (this.hashes[list] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = list + 1;
    }
    this.slots = slots;
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(2 * array.length);
  twice.set(array);
  return twice;
}

/** Of every byte: whoever writes keys on chain could make those that differ in the others alone. */
function hashOf(kind: number, view: DataView, at: number, length: number): number {
  let hash = kind;
  const end = at + length;
  let i = at;
  for (; i + 4 <= end; i += 4) {
    hash = Math.imul(hash ^ view.getInt32(i), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x9e3779b1);
  return hash ^ (hash >>> 16);
}
