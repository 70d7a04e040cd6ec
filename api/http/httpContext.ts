import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Context, openContext, type Program } from '../context';
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
  return Object.assign(openContext(program, gone.signal), {
    charge: (units: number) => charge(strangers, request, reply, units),
  });
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

function headersOf({ limit, remaining, resetS, exceeded }: Allowance): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetS),
    ...(exceeded ? { 'retry-after': String(resetS) } : {}),
  };
}
