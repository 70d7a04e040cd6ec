import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

export const LEAST_BYTES = 1_024;
const TEXT = /^(text\/|application\/(json|graphql-response\+json)|image\/svg)/;

export const encoders = {
  // The levels at which compressing takes no longer than answering.
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 5 }),
};

/** Compresses text of more than 1 KB for whoever understands it; files, which are always the same bytes, once. */
export function compressAnswers(server: FastifyInstance): void {
  const files = new WeakMap<Buffer, Map<string, Promise<Buffer>>>();
  const compressed = (payload: string | Buffer, encoding: keyof typeof encoders): Promise<Buffer> => {
    if (typeof payload === 'string') return encoders[encoding](Buffer.from(payload));
    const known = files.get(payload) ?? new Map<string, Promise<Buffer>>();
    files.set(payload, known);
    const bytes = known.get(encoding) ?? encoders[encoding](payload);
    known.set(encoding, bytes);
    return bytes;
  };
  server.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (!TEXT.test(String(reply.getHeader('content-type') ?? ''))) return payload;
    const vary = reply.getHeader('vary');
    reply.header('vary', vary ? `${vary}, accept-encoding` : 'accept-encoding');
    const encoding = acceptedOf(String(request.headers['accept-encoding'] ?? ''));
    if (!encoding || Buffer.byteLength(payload) < LEAST_BYTES) return payload;
    reply.header('content-encoding', encoding);
    reply.removeHeader('content-length');
    return compressed(payload, encoding);
  });
}

export function acceptedOf(header: string): keyof typeof encoders | null {
  const accepted = header.split(',').flatMap((entry) => {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name];
  });
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') ? 'gzip' : null;
}
