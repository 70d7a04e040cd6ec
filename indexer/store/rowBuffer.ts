import { WORD_BYTES } from '../../schema/logBytes';
import type { ColumnType } from './columnTypes';
import type { FactRow, FactValue } from './factTables';
import { writeHex } from './hex';
import { NUMERIC_BYTES, writeNumeric, writeNumericWord } from './numericFormat';

/** Every table begins with chain_id and pos. */
const PLACED = 2;
const FIRST_BYTES = 1 << 12;
const CHUNK_BYTES = 1 << 18;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);
const BYTEA_OID = 17;
const INT8_OID = 20;
/** More than this is copied by native code. */
const SHORT_BYTES = 64;

/** Where a row's log stands in its chain. */
export interface RowPlace {
  blockNumber: number;
  logIndex: number;
}

/** Bytes that stand in a buffer: a Buffer of its own for each would be a hundred more bytes, and for the collector to find. */
export interface Piece {
  bytes: Buffer;
  at: number;
  length: number;
}

/** A position as schema/position.ts has it, in two halves of 32 bits: 1,024 blocks are 2^32 positions. */
export const highHalf = (blockNumber: number): number => Math.floor(blockNumber / 1024);
export const lowHalf = (blockNumber: number, logIndex: number): number => (blockNumber % 1024) * 2 ** 22 + logIndex;

const viewOf = ({ buffer, byteOffset, length }: Buffer) => new DataView(buffer, byteOffset, length);

/**
 * Rows of one table in COPY's binary format: a quarter of the text format's bytes where hashes are, and nothing for
 * Postgres to parse. Rows are kept as bytes, not as objects, so that a large batch costs the garbage collector nothing.
 * A row is begun and then written column by column.
 */
export class RowBuffer {
  rows = 0;
  private readonly full: Buffer[] = [SIGNATURE];
  private chunk = Buffer.allocUnsafe(FIRST_BYTES);
  private view = viewOf(this.chunk);
  private at = 0;

  /** Of the columns after chain_id and pos. */
  readonly types: readonly ColumnType[];
  private readonly columns: number;

  /** @param types of the table's columns; every table begins with chain_id and pos */
  constructor(types: readonly ColumnType[]) {
    this.columns = types.length;
    this.types = types.slice(PLACED);
  }

  /** @param row the table's columns after chain_id and pos */
  add(chainId: number, place: RowPlace, row: FactRow): void {
    this.begin(chainId, place);
    for (let i = 0; i < row.length; i++) this.value(this.types[i] as ColumnType, row[i] as FactValue | null);
  }

  /** What every row begins with; its position is that of schema/position.ts. */
  begin(chainId: number, { blockNumber, logIndex }: RowPlace): void {
    this.beginAt(chainId, highHalf(blockNumber), lowHalf(blockNumber, logIndex));
  }

  /** The same of a position in two halves. */
  beginAt(chainId: number, high: number, low: number): void {
    this.rows++;
    this.reserve(22);
    this.int16(this.columns);
    this.int32(4);
    this.int32(chainId);
    this.int32(8);
    this.int32(high);
    this.int32(low);
  }

  /** A row of which the first columns were written elsewhere, by `piece`. */
  resume(piece: Piece): void {
    this.rows++;
    this.columnsOf(piece);
  }

  /** Columns that were written elsewhere, by `piece`. */
  columnsOf({ bytes, at, length }: Piece): void {
    this.reserve(length);
    this.more(bytes, at, length);
  }

  /** The bytes of what is written meanwhile, which may take so many at most. */
  piece(mostBytes: number, write: () => void): Piece {
    this.reserve(mostBytes);
    const { chunk, at } = this;
    write();
    return { bytes: chunk, at, length: this.at - at };
  }

  value(type: ColumnType, value: FactValue | null): void {
    if (value === null) {
      this.reserve(4);
      this.int32(-1);
      return;
    }
    switch (type) {
      case 'int8':
        this.reserve(12);
        this.int32(8);
        if (typeof value === 'number') {
          this.int32(Math.floor(value / 2 ** 32));
          this.int32(value);
        } else this.at = this.chunk.writeBigInt64BE(value as bigint, this.at);
        return;
      case 'int4':
        this.reserve(8);
        this.int32(4);
        this.int32(Number(value));
        return;
      case 'int2':
        this.reserve(6);
        this.int32(2);
        this.int16(Number(value));
        return;
      case 'bool':
        this.reserve(5);
        this.int32(1);
        this.chunk[this.at++] = value ? 1 : 0;
        return;
      case 'numeric':
        this.reserve(4 + NUMERIC_BYTES);
        this.sized((start) => writeNumeric(this.chunk, start, value as number | bigint));
        return;
      case 'bytea': {
        const hex = value as string;
        const bytes = (hex.length - 2) >> 1;
        this.reserve(4 + bytes);
        this.int32(bytes);
        this.at = writeHex(this.chunk, this.at, hex);
        return;
      }
      case 'text': {
        const text = value as string;
        this.reserve(4 + 3 * text.length);
        // A lone surrogate can't be UTF-8: it becomes U+FFFD.
        this.sized((start) => start + this.chunk.write(text, start, 'utf8'));
        return;
      }
      case 'bytea[]':
        this.words(value as readonly string[]);
        return;
      default:
        throw new TypeError(`a ${type} is written piece by piece`);
    }
  }

  /** An unsigned integer of so many bytes, as numeric: those at `from`. */
  numeric(from: Buffer, at: number): void {
    this.reserve(4 + NUMERIC_BYTES);
    const start = this.at + 4;
    const end = writeNumericWord(this.chunk, start, from, at);
    this.int32(end - start);
    this.at = end;
  }

  /** A bytea: those at `from`. */
  bytes(from: Buffer, at: number, length: number): void {
    this.beginBytes(length);
    this.more(from, at, length);
  }

  /** A bytea whose bytes come piece by piece. */
  beginBytes(length: number): void {
    this.reserve(4 + length);
    this.int32(length);
  }

  /** The next of the bytes that were promised. */
  more(from: Buffer, at: number, length: number): void {
    const { chunk } = this;
    if (length > SHORT_BYTES) {
      from.copy(chunk, this.at, at, at + length);
      this.at += length;
      return;
    }
    let into = this.at;
    for (let i = at; i < at + length; i++) chunk[into++] = from[i] as number;
    this.at = into;
  }

  /** A bigint[] of positions in two halves: those that `which` holds from one place to before another. */
  positions(highs: Int32Array, lows: Int32Array, which: Int32Array, from: number, to: number): void {
    const count = to - from;
    this.reserve(24 + 12 * count);
    this.int32(20 + 12 * count);
    for (const value of [1, 0, INT8_OID, count, 1]) this.int32(value);
    const { view } = this;
    let { at } = this;
    for (let i = from; i < to; i++) {
      const log = which[i] as number;
      view.setInt32(at, 8);
      view.setInt32(at + 4, highs[log] as number);
      view.setInt32(at + 8, lows[log] as number);
      at += 12;
    }
    this.at = at;
  }

  /** What COPY ... (format binary) takes. */
  *chunks(): Generator<Buffer> {
    yield* this.full;
    if (this.at > 0) yield this.chunk.subarray(0, this.at);
    yield TRAILER;
  }

  /** 0x hex of words, as an array of bytea. */
  private words(words: readonly string[]): void {
    this.reserve(24 + words.length * (4 + WORD_BYTES));
    this.sized((start) => {
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
  private sized(write: (start: number) => number): void {
    const end = write(this.at + 4);
    this.int32(end - this.at - 4);
    this.at = end;
  }

  private int16(value: number): void {
    this.view.setInt16(this.at, value);
    this.at += 2;
  }

  /** The lowest 32 bits. */
  private int32(value: number): void {
    this.view.setInt32(this.at, value);
    this.at += 4;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.chunk.length) return;
    if (this.at > 0) this.full.push(this.chunk.subarray(0, this.at));
    this.chunk = Buffer.allocUnsafe(Math.max(bytes, Math.min(this.chunk.length * 4, CHUNK_BYTES)));
    this.view = viewOf(this.chunk);
    this.at = 0;
  }
}
