/**
 * A log as bytes: where its parts stand in a buffer that it shares with others. Nothing of it is copied, let alone written
 * as hex, before somebody needs it so.
 */
export interface LogBytes {
  blockNumber: number;
  logIndex: number;
  bytes: Buffer;
  /** Of 32 bytes. */
  transactionAt: number;
  /** Of 20 bytes. */
  addressAt: number;
  topicCount: number;
  /** The first topic; the signature's hash, but in anonymous events. */
  topic0At: number;
  /** The second topic; the others follow it. */
  topicsAt: number;
  dataAt: number;
  dataBytes: number;
}

export const WORD_BYTES = 32;
export const ADDRESS_BYTES = 20;

/** Where topic `i` stands. */
export function topicAt(log: LogBytes, i: number): number {
  return i === 0 ? log.topic0At : log.topicsAt + (i - 1) * WORD_BYTES;
}

/** Topics and data as one buffer, topics first; of no block and no transaction. */
export function logBytesOf(bytes: Buffer, topicCount: number): LogBytes {
  const dataAt = topicCount * WORD_BYTES;
  return {
    blockNumber: 0,
    logIndex: 0,
    bytes,
    transactionAt: 0,
    addressAt: 0,
    topicCount,
    topic0At: 0,
    topicsAt: WORD_BYTES,
    dataAt,
    dataBytes: bytes.length - dataAt,
  };
}

/** A part as 0x hex. */
export function hexAt(bytes: Buffer, at: number, length: number): string {
  return `0x${bytes.toString('hex', at, at + length)}`;
}

/** A part as a key of a map: a character for each byte, half of hex. */
export function keyAt(bytes: Buffer, at: number, length: number): string {
  return bytes.toString('latin1', at, at + length);
}

/** The same of 0x hex. */
export function keyOf(hex: string): string {
  return Buffer.from(hex.slice(2), 'hex').toString('latin1');
}

/** All topics as 0x hex. */
export function topicsOf(log: LogBytes): string[] {
  return Array.from({ length: log.topicCount }, (_, i) => hexAt(log.bytes, topicAt(log, i), WORD_BYTES));
}
