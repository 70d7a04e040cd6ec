import type { FastifyInstance } from 'fastify';

export const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after',
};
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers':
    'accept, apollo-require-preflight, apollographql-client-name, apollographql-client-version, content-type, if-none-match, x-apollo-operation-name',
  'access-control-max-age': '86400',
};

/** Pages of any origin may ask `path`, without credentials: there is nothing here that a login would open. */
export function allowAnyOrigin(server: FastifyInstance, path: string): void {
  server.addHook('onRequest', async (request, reply) => {
    if (request.url.split('?')[0] !== path) return;
    reply.headers(ANY_ORIGIN);
    if (request.method === 'OPTIONS') return reply.headers(PREFLIGHT).code(204).send();
  });
}
