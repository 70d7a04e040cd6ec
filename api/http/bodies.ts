import type { FastifyInstance } from 'fastify';
import { badUserInput } from '../errors';

export const MAX_BODY_BYTES = 262_144;

/**
 * JSON alone, in UTF-8 without a mistake in it: what is read as U+FFFD would be looked for as such. Compressed bodies
 * are refused, so none can grow while it is unpacked.
 */
export function readBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  server.addHook('onRequest', async ({ headers, url, hostname }) => {
    if (!URL.canParse(url, `http://${hostname}/`)) throw badUserInput('host', 'this host and path make no URL');
    const encoding = headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return;
    throw Object.assign(new Error('Content-Encoding: expected none'), { statusCode: 415 });
  });
  server.removeContentTypeParser(['application/json', 'text/plain']);
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string;
    try {
      text = utf8.decode(body as Buffer);
    } catch {
      done(badUserInput('body', 'not UTF-8'));
      return;
    }
    parse(request, text, done);
  });
}
