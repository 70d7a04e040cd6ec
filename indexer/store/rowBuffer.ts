import type { ColumnType } from './columnTypes';
import type { FactRow } from './factTables';
import { NUMERIC_BYTES, writeNumeric } from './numericFormat';

/** Every table begins with chain_id and pos. */
const PLACED = 2;
const FIRST_BYTES = 1 << 12;
const CHUNK_BYTES = 1 << 18;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const BYTEA_OID = 17;
const WORD_BYTES = 32;
const WORD_CHARS = 64;

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
    this.reserve(2);
    this.at = this.chunk.writeInt16BE(types.length, this.at);
    this.write('int4', chainId);
    this.write('int8', pos);
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

  private write(type: ColumnType, value: string | number | bigint | boolean): void {
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
        this.writeHex(value as string);
        return;
      case 'text': {
        const text = value as string;
        this.reserve(4 + 3 * text.length);
        // A lone surrogate can't be UTF-8: it becomes U+FFFD.
        this.writeSized((start) => start + this.chunk.write(text, start, 'utf8'));
        return;
      }
      case 'bytea[]':
        this.writeWords(value as string);
    }
  }

  private writeSafeInteger(value: number): number {
    this.chunk.writeInt32BE(Math.floor(value / 2 ** 32), this.at);
    return this.chunk.writeUInt32BE(value >>> 0, this.at + 4);
  }

  /** 0x hex. */
  private writeHex(hex: string): void {
    const bytes = (hex.length - 2) >> 1;
    this.reserve(4 + bytes);
    this.at = this.chunk.writeInt32BE(bytes, this.at);
    if (bytes > 0) this.at += this.chunk.write(hex.slice(2), this.at, 'hex');
  }

  /** 0x hex of words, as an array of bytea. */
  private writeWords(hex: string): void {
    const words = (hex.length - 2) / WORD_CHARS;
    this.reserve(24 + words * (4 + WORD_BYTES));
    this.writeSized((start) => {
      const dimensions = words > 0 ? 1 : 0;
      let at = start;
      for (const value of [dimensions, 0, BYTEA_OID]) at = this.chunk.writeInt32BE(value, at);
      if (dimensions) for (const value of [words, 1]) at = this.chunk.writeInt32BE(value, at);
      for (let i = 0; i < words; i++) {
        at = this.chunk.writeInt32BE(WORD_BYTES, at);
        at += this.chunk.write(hex.slice(2 + i * WORD_CHARS, 2 + (i + 1) * WORD_CHARS), at, 'hex');
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
