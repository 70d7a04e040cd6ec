/** Why the blocks of a range job can't be fetched, kept with the job while it is tried again. */
export interface RangeFailure {
  /** The first block that isn't stored; everything of the job before it is. */
  fromBlock: number;
  /** How many blocks from there the last attempt asked for. */
  blocks: number;
  /** Whether the node answers otherwise: then it is these blocks. */
  isolates: boolean;
  reason: string;
  /** Attempts that failed at this block, one after the other. */
  attempts: number;
  /** When the first of them did, ms since 1970. */
  sinceMs: number;
}

export type FailedAttempt = Pick<RangeFailure, 'fromBlock' | 'blocks' | 'isolates' | 'reason'> & { atMs: number };

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
const LAST_OUTAGE_RETRY_MS = 10_000;
/** A thousand blocks are one after three more attempts: within the ten seconds of their delays. */
const SHRINKS_BY = 8;
/** What fails once or twice is a node that was busy; then the status says it. */
const ATTEMPTS_BEFORE_SAID = 3;

/** What is known after a further attempt; one that got further than the last begins to count anew. */
export function afterAttempt(before: RangeFailure | undefined, failed: FailedAttempt): RangeFailure {
  const { atMs, ...now } = failed;
  if (before?.fromBlock !== now.fromBlock) return { ...now, attempts: 1, sinceMs: atMs };
  return { ...now, attempts: before.attempts + 1, sinceMs: before.sinceMs };
}

/** How many blocks the next attempt asks for at most. */
export function blocksToTry(failure: RangeFailure | undefined): number {
  if (!failure) return Number.POSITIVE_INFINITY;
  return failure.isolates ? Math.max(1, Math.floor(failure.blocks / SHRINKS_BY)) : failure.blocks;
}

/**
 * For ever, because history can't go on without these blocks, but ever more rarely: 1, 2, 4 ... 60 s, the later half of
 * each at random, so that jobs that failed together don't come back together. A node that is gone is asked at least
 * every ten seconds: it comes back for all jobs at once.
 * @param random from 0 up to 1
 */
export function retryDelayMs(
  { attempts, isolates }: Pick<RangeFailure, 'attempts' | 'isolates'>,
  random: number,
): number {
  const delayMs = Math.min(
    isolates ? LAST_RETRY_MS : LAST_OUTAGE_RETRY_MS,
    FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 30),
  );
  return Math.round(delayMs * (0.5 + random / 2));
}

/** Which blocks, since when, and why. */
export function describeFailure({ fromBlock, blocks, reason, attempts, sinceMs }: RangeFailure): string {
  const which = blocks === 1 ? `block ${fromBlock}` : `blocks ${fromBlock} to ${fromBlock + blocks - 1}`;
  const often = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  return `${which} can't be fetched since ${new Date(sinceMs).toISOString().slice(0, 19)}Z (${often}): ${reason}`;
}

/** What stands in the status while these blocks hold up the chain; undefined while it isn't worth it. */
export function failureText(failure: RangeFailure): string | undefined {
  if (failure.attempts < ATTEMPTS_BEFORE_SAID) return undefined;
  return (
    `${describeFailure(failure)}. All blocks before are indexed; it is tried again at least once a minute. ` +
    'Check the endpoint, or add another that has these blocks'
  );
}
