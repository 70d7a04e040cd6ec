import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiError } from './errors';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.png': 'image/png',
};

/** Nothing from elsewhere, nothing inline, in nobody's frame, and no text from chain becomes markup by a mistake of ours. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** The explorer's own pages; those of things are at their ids, which have a colon. */
const PAGES =
  /^\/(datanets|models|contributors|contributions|inferences|rewards|flywheel|status|search|paths|[a-z]+(:|%3A)[^/]+)?\/?$/i;

const LONGEST_SHOWN = 200;

interface StaticFile {
  body: Buffer;
  type: string;
  etag: string;
}

/**
 * Serves the folder's files, read once, by their names, and its index.html for each page of the explorer, whose place is
 * in the URL alone. Other paths get the same page with 404 where a page is what is asked for.
 */
export function serveFiles(server: FastifyInstance, folder: string): void {
  const page = existsSync(folder) ? readFile(path.join(folder, 'index.html')) : undefined;
  refuseUnknown(server, page);
  if (!page) return;
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const file = readFile(path.join(folder, name));
    if (!file) continue;
    // Names of assets hold a hash of what is in them.
    const lasting = name.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'no-cache';
    server.get(`/${name.split(path.sep).join('/')}`, (request, reply) => send(request, reply, file, lasting));
  }
  server.get('/', (request, reply) => send(request, reply, page, 'no-cache'));
}

/** Who doesn't ask for a page is told with a code, as of any error. */
function refuseUnknown(server: FastifyInstance, page: StaticFile | undefined): void {
  server.setNotFoundHandler((request, reply) => {
    const asked = request.url.split('?')[0] ?? '';
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (page && reads && PAGES.test(asked)) return send(request, reply, page, 'no-cache');
    reply.code(404);
    if (page && reads && request.headers.accept?.includes('text/html')) return send(request, reply, page, 'no-cache');
    const message = `There is nothing at ${request.method} ${asked.slice(0, LONGEST_SHOWN)}`;
    return reply.send({ errors: [apiError('BAD_USER_INPUT', message).toJSON()] });
  });
}

function readFile(file: string): StaticFile | undefined {
  const type = TYPES[path.extname(file)];
  if (!type || !existsSync(file)) return undefined;
  const body = readFileSync(file);
  return { body, type, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"` };
}

function send(request: FastifyRequest, reply: FastifyReply, { body, type, etag }: StaticFile, lasting: string) {
  reply.headers({ ...HEADERS, 'cache-control': lasting, etag });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type(type).send(body);
}
