import type { JobsOptions } from 'bullmq';

/** Attempt n + 1 comes baseMs * 2^(n-1), at most capMs, after attempt n failed. */
export interface RetryPlan {
  baseMs: number;
  capMs: number;
  /** The attempts after which it is given up; none: never. */
  attempts?: number;
}

/** Twelve attempts within six hours: an outage of a night, or a document that is uploaded after its datanet. */
export const documentRetries: RetryPlan = { baseMs: 10_000, capMs: 6 * 3_600_000, attempts: 12 };
/** A node that is configured is meant to answer again. */
export const tokenRetries: RetryPlan = { baseMs: 2_000, capMs: 600_000 };

/** Rows hold how often they were tried, so that a queue made anew goes on where the lost one was. */
export function jobOptionsOf(plan: RetryPlan, attemptsMade: number): Pick<JobsOptions, 'attempts' | 'backoff'> {
  const untilCap = Math.ceil(Math.log2(plan.capMs / plan.baseMs)) + 1 - attemptsMade;
  const left = (plan.attempts ?? Number.POSITIVE_INFINITY) - attemptsMade;
  return {
    attempts: Math.max(1, Math.min(untilCap, left)),
    backoff: { type: 'exponential', delay: Math.min(plan.capMs, plan.baseMs * 2 ** attemptsMade), jitter: 0.2 },
  };
}
