import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Context, openContext, type Program } from '../context';
import { apiError } from '../errors';
import { type Allowance, rateLimited } from '../limits/requestLimit';
import type { Strangers } from '../limits/strangers';

/** What the resolvers share, and what only HTTP knows of the request. */
export interface HttpContext extends Context {
  /** @throws RATE_LIMITED once its address has used up its units */
  charge(units: number): Promise<void>;
}

export function openHttpContext(
  program: Program,
  strangers: Strangers,
  request: FastifyRequest,
  reply: FastifyReply,
): HttpContext {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return Object.assign(openContext(program, gone.signal, strangers.turnOf(request.raw)), {
    charge: (units: number) => charge(strangers, request, reply, units),
  });
}

/** Counts a request until it is answered. @throws RATE_LIMITED where its address has too many that are not. */
export async function admit(strangers: Strangers, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const release = strangers.takeRequest(request.raw);
  if (!release) {
    reply.header('retry-after', '1');
    throw apiError('RATE_LIMITED', 'Too many requests of this address are being answered.', { retryAfter: 1 });
  }
  reply.raw.once('close', release);
}

/** Charges a request for coming, or says what is left where that was done `before`. @throws RATE_LIMITED */
export async function chargeOnce(
  strangers: Strangers,
  request: FastifyRequest,
  reply: FastifyReply,
  before: Allowance | null | undefined,
): Promise<void> {
  if (before === undefined) await charge(strangers, request, reply, 1);
  else if (before) reply.headers(headersOf(before));
}

/** Says in the headers what is left. @throws RATE_LIMITED */
export async function charge(
  strangers: Strangers,
  request: FastifyRequest,
  reply: FastifyReply,
  units: number,
): Promise<void> {
  const allowance = await strangers.charge(request.raw, units);
  if (!allowance) return;
  reply.headers(headersOf(allowance));
  if (allowance.exceeded) throw rateLimited(allowance);
}

export function headersOf({ limit, remaining, resetS, exceeded }: Allowance): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetS),
    ...(exceeded ? { 'retry-after': String(resetS) } : {}),
  };
}
