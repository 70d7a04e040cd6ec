import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Fonts and some pictures are in its style sheet; dialogs add style elements to the page, which have the nonce. */
const policyOf = (nonce: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; font-src data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
const SAFE = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };
/** The names hold a hash of the contents. */
const FOR_EVER = { ...SAFE, 'cache-control': 'public, max-age=31536000, immutable' };
const PAGE = { ...SAFE, 'cache-control': 'no-store', vary: 'accept' };

/**
 * GraphiQL for whoever opens `url`, which answers GraphQL too, in a browser; its files under /graphiql/. Without `folder`,
 * which start/buildGraphiql.mjs makes, there is none.
 */
export function serveGraphiql(server: FastifyInstance, url: string, folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const type = TYPES[path.extname(name)];
    if (!type) continue;
    const body = readFileSync(path.join(folder, name));
    server.get(`/graphiql/${name}`, (_, reply) => reply.headers(FOR_EVER).type(type).send(body));
  }
  const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
  server.addHook('onRequest', async (request, reply) => {
    if (!wantsPage(request, url)) return;
    const nonce = randomBytes(16).toString('base64url');
    reply.headers({ ...PAGE, 'content-security-policy': policyOf(nonce) }).type('text/html; charset=utf-8');
    return reply.send(page.replaceAll('"NONCE"', `"${nonce}"`));
  });
}

/** A browser that was given the address; a query in it is answered as any other. */
function wantsPage({ method, url, query, headers }: FastifyRequest, path: string): boolean {
  if (!['GET', 'HEAD'].includes(method) || url.split('?')[0] !== path) return false;
  if (!/(^|,)\s*text\/html\s*(,|;|$)/i.test(headers.accept ?? '')) return false;
  return !('query' in (query as object)) && !('extensions' in (query as object));
}
