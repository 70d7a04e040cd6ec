import { writeHex } from './hex';

const FIRST_BYTES = 1 << 16;
const CONTINUES = 0x80;

/** Numbers in LEB128, hashes as they are, in a buffer that grows. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private at = 0;

  /** A safe integer from 0 on. */
  number(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= CONTINUES) {
      this.buffer[this.at++] = (rest % CONTINUES) | CONTINUES;
      rest = Math.floor(rest / CONTINUES);
    }
    this.buffer[this.at++] = rest;
  }

  /** 0x hex; its length is the reader's to know. */
  hex(value: string): void {
    this.reserve(value.length >> 1);
    this.at = writeHex(this.buffer, this.at, value);
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }
}

/** Reads what ByteWriter wrote. */
export class ByteReader {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= CONTINUES) {
      const byte = this.buffer[this.at++];
      if (byte === undefined) throw new RangeError('its bytes end inside a number');
      value += (byte % CONTINUES) * scale;
      if (byte < CONTINUES) return value;
    }
  }

  hex(bytes: number): string {
    const start = this.at;
    this.at += bytes;
    if (this.at > this.buffer.length) throw new RangeError('its bytes end inside a hash');
    return `0x${this.buffer.toString('hex', start, this.at)}`;
  }
}
