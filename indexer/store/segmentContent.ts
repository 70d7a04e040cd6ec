import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, inflate } from 'node:zlib';
import type { Header } from './blockRange';
import { ByteReader, ByteWriter } from './bytes';
import { LogPack } from './logPack';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
const inflateAsync = promisify(inflate);

export interface SegmentContent {
  headers: Header[];
  logs: LogPack;
}

/** First byte of what is stored; a zlib stream, which the first segments were, begins with 0x78. */
const VERSION = 2;
/** A segment is megabytes: by zlib's own chunks of 16 KB unpacking it took more than twice the CPU. */
const CHUNKS = { chunkSize: 1 << 18 };
/** The fastest that still finds the zeros of ABI words: on logs half of deflate's time, at two thirds of its size. */
const OPTIONS = { ...CHUNKS, params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 20 } };
const HASH_BYTES = 32;

/** The headers, and the logs as they are packed. */
export async function encodeSegment({ headers, logs }: SegmentContent): Promise<Buffer> {
  const out = new ByteWriter();
  out.number(headers.length);
  for (const { number, hash, parentHash, timestamp } of headers) {
    out.number(number);
    out.hex(hash);
    out.hex(parentHash);
    out.number(timestamp);
  }
  return Buffer.concat([Buffer.of(VERSION), await compress(Buffer.concat([out.bytes(), logs.bytes]), OPTIONS)]);
}

/** @throws TypeError for content of a version that isn't known */
export async function decodeSegment(content: Buffer): Promise<SegmentContent> {
  if (content[0] === 0x78) {
    const { headers, logs } = JSON.parse((await inflateAsync(content)).toString());
    return { headers, logs: LogPack.of(logs) };
  }
  if (content[0] !== VERSION) throw new TypeError(`a stored segment is of version ${content[0]}`);
  const bytes = await decompress(content.subarray(1), CHUNKS);
  const from = new ByteReader(bytes);
  const headers = Array.from({ length: from.number() }, () => ({
    number: from.number(),
    hash: from.hex(HASH_BYTES),
    parentHash: from.hex(HASH_BYTES),
    timestamp: from.number(),
  }));
  return { headers, logs: new LogPack(bytes.subarray(from.position)) };
}
