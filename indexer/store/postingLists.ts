import { MOST_POSITIONS } from '../../schema/posting';
import type { RowBuffer, RowPlace } from './rowBuffer';

const FIRST_LISTS = 1 << 8;
const FIRST_KEY_BYTES = 1 << 13;

/**
 * Postings of a batch of logs: for each key a list of the positions of the logs that have it. Keys and positions stand in
 * arrays of numbers, found by a hash table of our own: a Map of strings took five times as long, and there are half a
 * dozen keys a log.
 */
export class PostingLists {
  /** Of lists so far. */
  length = 0;
  /** List + 1 by the hash of its key; 0: free. Twice as long as the arrays by list. */
  private slots = new Int32Array(2 * FIRST_LISTS);
  private hashes = new Int32Array(FIRST_LISTS);
  private counts = new Int32Array(FIRST_LISTS);
  /** Where a list's key begins in `keys`: it ends where the next begins. */
  private keysAt = new Int32Array(FIRST_LISTS + 1);
  private keys = Buffer.allocUnsafe(FIRST_KEY_BYTES);
  /** Which list got which log, in the order of coming. */
  private entries = 0;
  private entryLists = new Int32Array(4 * FIRST_LISTS);
  private entryPlaces = new Int32Array(4 * FIRST_LISTS);
  private readonly places: RowPlace[] = [];

  /** The next log, which stands after all before it. */
  begin({ blockNumber, logIndex }: RowPlace): void {
    this.places.push({ blockNumber, logIndex });
  }

  /** The list of a key: a byte and so many others. One that nobody asked for yet has the number that `length` was. */
  listOf(kind: number, bytes: Buffer, at: number, length: number): number {
    const hash = hashOf(kind, bytes, at, length);
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let taken = slots[slot] as number; taken !== 0; taken = slots[slot] as number) {
      if (this.hashes[taken - 1] === hash && this.isKey(taken - 1, kind, bytes, at, length)) return taken - 1;
      slot = (slot + 1) & mask;
    }
    const list = this.length++;
    slots[slot] = this.length;
    this.hashes[list] = hash;
    this.addKey(list, kind, bytes, at, length);
    if (this.length === this.hashes.length) this.growLists();
    return list;
  }

  /** The log that was begun last has this list's key. Once per log and list. */
  add(list: number): void {
    if (this.entries === this.entryLists.length) {
      this.entryLists = grown(this.entryLists);
      this.entryPlaces = grown(this.entryPlaces);
    }
    this.entryLists[this.entries] = list;
    this.entryPlaces[this.entries++] = this.places.length - 1;
    (this.counts[list] as number)++;
  }

  /** As rows of posting: lists in the order in which they began. */
  write(rows: RowBuffer, chainId: number): void {
    const { length, entries, counts, keys, keysAt, places } = this;
    const ends = new Int32Array(length);
    for (let list = 0, end = 0; list < length; list++) {
      ends[list] = end;
      end += counts[list] as number;
    }
    // A list's end moves on with each of its entries.
    const sorted = new Int32Array(entries);
    for (let i = 0; i < entries; i++) {
      const list = this.entryLists[i] as number;
      sorted[(ends[list] as number)++] = this.entryPlaces[i] as number;
    }
    for (let list = 0, at = 0; list < length; list++) {
      const key = keysAt[list] as number;
      const keyBytes = (keysAt[list + 1] as number) - key;
      const end = ends[list] as number;
      while (at < end) {
        const to = Math.min(at + MOST_POSITIONS, end);
        rows.begin(chainId, places[sorted[to - 1] as number] as RowPlace);
        rows.bytes(keys, key, keyBytes);
        rows.beginPositions(to - at);
        for (; at < to; at++) rows.position(places[sorted[at] as number] as RowPlace);
      }
    }
  }

  private isKey(list: number, kind: number, bytes: Buffer, at: number, length: number): boolean {
    const { keys, keysAt } = this;
    const key = keysAt[list] as number;
    if ((keysAt[list + 1] as number) - key !== length + 1 || keys[key] !== kind) return false;
    for (let i = 0; i < length; i++) if (keys[key + 1 + i] !== bytes[at + i]) return false;
    return true;
  }

  private addKey(list: number, kind: number, bytes: Buffer, at: number, length: number): void {
    const key = this.keysAt[list] as number;
    const end = key + 1 + length;
    if (end > this.keys.length) {
      const keys = Buffer.allocUnsafe(Math.max(2 * this.keys.length, end));
      this.keys.copy(keys, 0, 0, key);
      this.keys = keys;
    }
    this.keys[key] = kind;
    for (let i = 0; i < length; i++) this.keys[key + 1 + i] = bytes[at + i] as number;
    this.keysAt[list + 1] = end;
  }

  private growLists(): void {
    this.hashes = grown(this.hashes);
    this.counts = grown(this.counts);
    const keysAt = new Int32Array(this.hashes.length + 1);
    keysAt.set(this.keysAt);
    this.keysAt = keysAt;
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
function hashOf(kind: number, bytes: Buffer, at: number, length: number): number {
  let hash = kind;
  const end = at + length;
  let i = at;
  for (; i + 4 <= end; i += 4) {
    const word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x9e3779b1);
  return hash ^ (hash >>> 16);
}
