import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { openContext, type Program } from '../context';
import { formatError, toClientError } from '../formatError';
import { type Allowance, rateLimited } from '../limits/requestLimit';
import type { Strangers } from '../limits/strangers';
import { answerCompiled, askedIn, type CompiledAnswers } from './answerCompiled';
import { MAX_BODY_BYTES } from './bodies';
import { acceptedOf, encoders, LEAST_BYTES } from './compression';
import { ANY_ORIGIN } from './cors';
import { NOT_KEPT } from './freshness';
import { headersOf } from './httpContext';
import { statusOf } from './refusals';

export interface QuickRequests extends CompiledAnswers {
  path: string;
  program: Program;
  strangers: Strangers;
}

/** The types of an answer that need no negotiation. */
const TYPES: Readonly<Record<string, string>> = {
  '*/*': 'application/json; charset=utf-8',
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
};
const JSON_TYPE = /^application\/json(; ?charset=utf-8)?$/i;
/** A parser that knows no better would take these for more than names. */
const SUSPECT = /\\u|__proto__|constructor/;

type Headers = Record<string, string>;
type Ordinary = (request: IncomingMessage, response: ServerResponse) => void;

/** What was found out of a request that the ordinary way takes up in the middle. */
interface Begun {
  body: Buffer;
  allowance?: Allowance | null;
}
const begun = new WeakMap<IncomingMessage, Begun>();

/**
 * Answers what is asked again and again without the framework, whose hooks and streams are two thirds of what a small
 * answer costs: a POST of JSON with an operation that is compiled. Everything else, and whatever is unusual about one,
 * goes the ordinary way, with the body that was read and the unit that was charged.
 */
export function answerQuickly(server: FastifyInstance, options: QuickRequests): void {
  interpose(server.server, (request, response, ordinary) => {
    if (isQuick(request, options.path)) answer(options, request, response, ordinary);
    else ordinary(request, response);
  });
  server.addHook('preParsing', (request, _, payload, done) => {
    const { body } = begun.get(request.raw) ?? {};
    done(null, body ? Readable.from([body]) : payload);
  });
}

/** What a request was charged for coming, where that was done already; undefined where it wasn't. */
export function chargedBefore(request: IncomingMessage): Allowance | null | undefined {
  return begun.get(request)?.allowance;
}

function interpose(
  server: Server,
  handle: (request: IncomingMessage, response: ServerResponse, ordinary: Ordinary) => void,
): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    handle(request, response, (...passed) => {
      for (const listener of listeners) void listener.apply(server, passed as Parameters<RequestListener>);
    });
  });
}

let goodHost = '';

function isQuick({ method, url, headers, httpVersion }: IncomingMessage, path: string): boolean {
  const { host = '', accept = '*/*' } = headers;
  if (method !== 'POST' || url !== path || httpVersion !== '1.1' || !(accept in TYPES)) return false;
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) return false;
  const length = headers['content-length'];
  if (length === undefined || Number(length) > MAX_BODY_BYTES || headers['content-encoding'] !== undefined)
    return false;
  if (host !== goodHost) {
    if (!/^[\w.-]+(:\d+)?$/.test(host) || !URL.canParse(`http://${host}${path}`)) return false;
    goodHost = host;
  }
  return true;
}

function answer(options: QuickRequests, request: IncomingMessage, response: ServerResponse, ordinary: Ordinary): void {
  const release = options.strangers.takeRequest(request);
  if (!release) {
    ordinary(request, response);
    return;
  }
  response.once('close', release);
  const giveUp = () => {
    // In the same turn: no other request of the address comes between.
    response.off('close', release);
    release();
    ordinary(request, response);
  };
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [only] = chunks;
    const noted: Begun = { body: only && chunks.length === 1 ? only : Buffer.concat(chunks) };
    begun.set(request, noted);
    run(options, request, response, noted).then(
      (isAnswered) => {
        if (!isAnswered) giveUp();
      },
      (error: unknown) => {
        const { status, errors } = refused(options, error);
        if (!response.headersSent)
          send(request, response, status, JSON.stringify({ errors }), { 'content-type': TYPES['*/*']! });
      },
    );
  });
}

/** Whether it was answered. */
async function run(
  options: QuickRequests,
  request: IncomingMessage,
  response: ServerResponse,
  noted: Begun,
): Promise<boolean> {
  const { operations, program, strangers } = options;
  const asked = parsed(noted.body);
  const compiled = asked && operations.find(asked.query, asked.operationName);
  if (!compiled) return false;
  let left: Headers = {};
  const charge = async (units: number) => {
    const allowance = await strangers.charge(request, units);
    noted.allowance ??= allowance;
    if (!allowance) return;
    left = headersOf(allowance);
    if (allowance.exceeded) throw rateLimited(allowance);
  };
  const { accept = '*/*' } = request.headers;
  try {
    await charge(1);
    const answered = await answerCompiled(options, compiled, asked, {
      accept,
      charge,
      open: () => openContext(program, leaving(response), strangers.turnOf(request)),
    });
    if (!answered) return false;
    const headers = { 'content-type': TYPES[accept]!, 'cache-control': NOT_KEPT, ...left };
    send(request, response, answered.status, answered.text, headers);
  } catch (error) {
    const { status, errors } = refused(options, error);
    send(request, response, status, JSON.stringify({ errors }), { 'content-type': TYPES['*/*']!, ...left });
  }
  return true;
}

function parsed(body: Buffer): ReturnType<typeof askedIn> {
  if (!isUtf8(body)) return undefined;
  const text = body.toString();
  if (SUSPECT.test(text)) return undefined;
  try {
    return askedIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Aborted when the client is gone. */
function leaving(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

function refused({ log }: QuickRequests, error: unknown): { status: number; errors: unknown[] } {
  if (error instanceof GraphQLError) {
    return { status: statusOf(error), errors: [toClientError(log, error, 'BAD_USER_INPUT').toJSON()] };
  }
  const formatted = { message: 'Internal error.', extensions: { code: 'INTERNAL' } };
  return { status: 500, errors: [formatError(log, formatted, error)] };
}

const LONG_TEXT = 16_384;

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Headers,
): void {
  const all: Headers = { ...ANY_ORIGIN, ...headers, vary: 'accept-encoding' };
  // A text is counted, copied behind the headers and made bytes: of a long one that takes twice as long as to do so at once.
  const body = text.length > LONG_TEXT ? Buffer.from(text) : text;
  const accepts = request.headers['accept-encoding'];
  const encoding = accepts ? acceptedOf(String(accepts)) : null;
  if (encoding && Buffer.byteLength(body) >= LEAST_BYTES) {
    all['content-encoding'] = encoding;
    encoders[encoding](typeof body === 'string' ? Buffer.from(body) : body).then(
      (bytes) => response.writeHead(status, { ...all, 'content-length': String(bytes.length) }).end(bytes),
      () => response.destroy(),
    );
    return;
  }
  all['content-length'] = String(Buffer.byteLength(body));
  response.writeHead(status, all).end(body);
}
