import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const LEAST_BYTES = 1_024;
const TEXT = /^(text\/|application\/(json|graphql-response\+json)|image\/svg)/;

const encoders = {
  // The levels at which compressing takes no longer than answering.
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 5 }),
};

/** Compresses text of more than 1 KB for whoever understands it. */
export function compressAnswers(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (!TEXT.test(String(reply.getHeader('content-type') ?? ''))) return payload;
    const vary = reply.getHeader('vary');
    reply.header('vary', vary ? `${vary}, accept-encoding` : 'accept-encoding');
    const encoding = acceptedOf(String(request.headers['accept-encoding'] ?? ''));
    const bytes = Buffer.from(payload as string);
    if (!encoding || bytes.length < LEAST_BYTES) return payload;
    reply.header('content-encoding', encoding);
    reply.removeHeader('content-length');
    return encoders[encoding](bytes);
  });
}

function acceptedOf(header: string): keyof typeof encoders | null {
  const accepted = header.split(',').flatMap((entry) => {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [name];
  });
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') ? 'gzip' : null;
}
