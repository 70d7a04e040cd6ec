import type { ColumnType } from './columnTypes';
import type { FactRow, FactValue } from './factTables';
import { writeHex } from './hex';
import { NUMERIC_BYTES, writeNumeric } from './numericFormat';

/** Every table begins with chain_id and pos. */
const PLACED = 2;
const FIRST_BYTES = 1 << 12;
const CHUNK_BYTES = 1 << 18;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const BYTEA_OID = 17;
const WORD_BYTES = 32;

/** The last position written, as two words: a log has rows in several tables. */
let place = -1n;
let placeHigh = 0;
let placeLow = 0;

/**
 * Rows of one table in COPY's binary format: a quarter of the text format's bytes where hashes are, and nothing for
 * Postgres to parse. Rows are kept as bytes, not as objects, so that a large batch costs the garbage collector nothing.
 */
export class RowBuffer {
  rows = 0;
  private readonly full: Buffer[] = [SIGNATURE];
  private chunk = Buffer.allocUnsafe(FIRST_BYTES);
  private at = 0;

  constructor(private readonly types: readonly ColumnType[]) {}

  /** @param row the table's columns after chain_id and pos */
  add(chainId: number, pos: bigint, row: FactRow): void {
    const { types } = this;
    this.rows++;
    this.reserve(22);
    this.at = this.chunk.writeInt16BE(types.length, this.at);
    this.at = this.chunk.writeInt32BE(4, this.at);
    this.at = this.chunk.writeInt32BE(chainId, this.at);
    if (pos !== place) {
      place = pos;
      placeHigh = Number(pos >> 32n);
      placeLow = Number(pos & 0xffffffffn);
    }
    this.at = this.chunk.writeInt32BE(8, this.at);
    this.at = this.chunk.writeInt32BE(placeHigh, this.at);
    this.at = this.chunk.writeUInt32BE(placeLow, this.at);
    for (let i = PLACED; i < types.length; i++) {
      const value = row[i - PLACED];
      if (value === null || value === undefined) {
        this.reserve(4);
        this.at = this.chunk.writeInt32BE(-1, this.at);
      } else this.write(types[i] as ColumnType, value);
    }
  }

  /** What COPY ... (format binary) takes. */
  *chunks(): Generator<Buffer> {
    yield* this.full;
    if (this.at > 0) yield this.chunk.subarray(0, this.at);
    yield TRAILER;
  }

  private write(type: ColumnType, value: FactValue): void {
    switch (type) {
      case 'int8':
        this.reserve(12);
        this.at = this.chunk.writeInt32BE(8, this.at);
        this.at =
          typeof value === 'number'
            ? this.writeSafeInteger(value)
            : this.chunk.writeBigInt64BE(value as bigint, this.at);
        return;
      case 'int4':
        this.reserve(8);
        this.at = this.chunk.writeInt32BE(4, this.at);
        this.at = this.chunk.writeInt32BE(Number(value), this.at);
        return;
      case 'int2':
        this.reserve(6);
        this.at = this.chunk.writeInt32BE(2, this.at);
        this.at = this.chunk.writeInt16BE(Number(value), this.at);
        return;
      case 'bool':
        this.reserve(5);
        this.at = this.chunk.writeInt32BE(1, this.at);
        this.at = this.chunk.writeUInt8(value ? 1 : 0, this.at);
        return;
      case 'numeric':
        this.reserve(4 + NUMERIC_BYTES);
        this.writeSized((start) => writeNumeric(this.chunk, start, value as number | bigint));
        return;
      case 'bytea':
        if (typeof value === 'string') this.writeBytes(value);
        else this.writeJoined(value as readonly string[]);
        return;
      case 'text': {
        const text = value as string;
        this.reserve(4 + 3 * text.length);
        // A lone surrogate can't be UTF-8: it becomes U+FFFD.
        this.writeSized((start) => start + this.chunk.write(text, start, 'utf8'));
        return;
      }
      case 'bytea[]':
        this.writeWords(value as readonly string[]);
    }
  }

  private writeSafeInteger(value: number): number {
    this.chunk.writeInt32BE(Math.floor(value / 2 ** 32), this.at);
    return this.chunk.writeUInt32BE(value >>> 0, this.at + 4);
  }

  /** 0x hex. */
  private writeBytes(hex: string): void {
    const bytes = (hex.length - 2) >> 1;
    this.reserve(4 + bytes);
    this.at = this.chunk.writeInt32BE(bytes, this.at);
    this.at = writeHex(this.chunk, this.at, hex);
  }

  /** 0x hex of words, as one bytea. */
  private writeJoined(words: readonly string[]): void {
    this.reserve(4 + words.length * WORD_BYTES);
    this.writeSized((start) => {
      let at = start;
      for (const word of words) at = writeHex(this.chunk, at, word);
      return at;
    });
  }

  /** 0x hex of words, as an array of bytea. */
  private writeWords(words: readonly string[]): void {
    this.reserve(24 + words.length * (4 + WORD_BYTES));
    this.writeSized((start) => {
      const dimensions = words.length > 0 ? 1 : 0;
      let at = start;
      for (const value of [dimensions, 0, BYTEA_OID]) at = this.chunk.writeInt32BE(value, at);
      if (dimensions) for (const value of [words.length, 1]) at = this.chunk.writeInt32BE(value, at);
      for (const word of words) {
        at = this.chunk.writeInt32BE(WORD_BYTES, at);
        at = writeHex(this.chunk, at, word);
      }
      return at;
    });
  }

  /** A field whose size is known once it is written. */
  private writeSized(write: (start: number) => number): void {
    const end = write(this.at + 4);
    this.chunk.writeInt32BE(end - this.at - 4, this.at);
    this.at = end;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.chunk.length) return;
    if (this.at > 0) this.full.push(this.chunk.subarray(0, this.at));
    this.chunk = Buffer.allocUnsafe(Math.max(bytes, Math.min(this.chunk.length * 4, CHUNK_BYTES)));
    this.at = 0;
  }
}
