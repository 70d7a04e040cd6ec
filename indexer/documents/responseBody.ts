import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '../../schema/appError';

const decoders: Record<string, () => Duplex> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * The decoded body. Reading stops, and the connection ends, as soon as either the bytes that came or the bytes they
 * decode to are more than the limit: a small archive of a large file costs no more than the limit.
 * @throws AppError STOP when it is too large; RETRY for an encoding that was not asked for and is not known.
 */
export async function responseBody(response: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const declared = Number(response.headers['content-length'] ?? 0);
  if (declared > limitBytes) {
    response.destroy();
    throw tooLarge(limitBytes);
  }
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return collect(response, limitBytes);
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]?.() : undefined;
  if (!decoder) {
    response.destroy();
    throw new AppError('RETRY', `the answer's content-encoding ${encoding.slice(0, 40)} was not asked for`);
  }
  // The callback is required; its error also ends the decoder, whose reader below throws it.
  pipeline(
    response,
    (source: AsyncIterable<Buffer>) => upTo(source, limitBytes),
    decoder,
    () => undefined,
  );
  return collect(decoder, limitBytes);
}

async function collect(source: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of upTo(source, limitBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Leaving the loop early destroys the source. */
async function* upTo(source: AsyncIterable<Buffer>, limitBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limitBytes) throw tooLarge(limitBytes);
    yield chunk;
  }
}

export function tooLarge(limitBytes: number): AppError {
  return new AppError('STOP', `the document is larger than ${limitBytes / 1024} KiB`);
}
