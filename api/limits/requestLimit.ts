import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { apiError } from '../errors';

const WINDOW_S = 60;
/** One unit of RATE_LIMIT allows so many objects (see cost.ts); each request and each message costs one at least. */
const COST_PER_UNIT = 100;

/** What a client has left of its minute. */
export interface Allowance {
  /** Units a minute. */
  limit: number;
  remaining: number;
  /** Seconds until all of them are there again. */
  resetS: number;
  exceeded: boolean;
}

export interface RequestLimit {
  limit: number;
  charge(address: string, units: number): Promise<Allowance>;
}

export interface RequestLimitOptions {
  /** Units a minute and address. */
  limit: number;
  /** An ioredis client that several API processes share; without it each counts for itself. */
  redis?: unknown;
}

export function openRequestLimit({ limit, redis }: RequestLimitOptions): RequestLimit {
  const memory = new RateLimiterMemory({ points: limit, duration: WINDOW_S });
  const limiter: RateLimiterAbstract = redis
    ? new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: 'flywheel_requests',
        points: limit,
        duration: WINDOW_S,
        // While Redis is away, requests are counted here rather than refused.
        insuranceLimiter: memory,
      })
    : memory;
  return {
    limit,
    async charge(address, units) {
      // What costs more than a whole minute's units could never be asked: it takes what one leaves that was charged before.
      const [state, exceeded] = await limiter.consume(address, Math.min(units, Math.max(1, limit - 1))).then(
        (left) => [left, false] as const,
        (error) => {
          if (error instanceof RateLimiterRes) return [error, true] as const;
          throw error;
        },
      );
      return {
        limit,
        remaining: Math.max(0, state.remainingPoints),
        resetS: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
        exceeded,
      };
    },
  };
}

export function unitsOf(cost: number): number {
  return Math.max(1, Math.ceil(cost / COST_PER_UNIT));
}

export function rateLimited({ limit, resetS }: Allowance) {
  return apiError('RATE_LIMITED', `More than ${limit} cost units a minute. Ask again in ${resetS} s.`, {
    retryAfter: resetS,
  });
}
