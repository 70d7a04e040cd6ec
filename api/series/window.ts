import { badUserInput } from '../errors';
import type { Bucket } from '../types/bucket';
import { bucketAt, bucketStart } from './buckets';

/** [from, to), in milliseconds. */
export interface Window {
  from: number;
  to: number;
}

/** The part of a bucket that lies in the window asked for. */
export interface BucketWindow extends Window {
  /** Of the whole bucket. */
  start: number;
}

/** As the client gave them. */
export interface WindowArgs {
  from?: Date | null | undefined;
  to?: Date | null | undefined;
}

export const DAY_MS = 86_400_000;
const MOST_BUCKETS = 400;
const DEFAULT_BUCKETS = 90;

/**
 * The window asked for, by default the 7 days up to and including the newest block, whose timestamp is in seconds.
 * @throws BAD_USER_INPUT for one that ends before it begins.
 */
export function windowOf(args: WindowArgs, newest: bigint): Window {
  const to = endOf(args, newest);
  return checked({ from: args.from?.getTime() ?? to - 7 * DAY_MS, to });
}

/**
 * The buckets of the window asked for, oldest first, by default the newest 90.
 * @throws BAD_USER_INPUT for a window that ends before it begins, and for more than 400 buckets.
 */
export function bucketsOf(bucket: Bucket, args: WindowArgs, newest: bigint): BucketWindow[] {
  const to = endOf(args, newest);
  const last = bucketAt(bucket, to - 1);
  const window = checked({ from: args.from?.getTime() ?? bucketStart(bucket, last - DEFAULT_BUCKETS + 1), to });
  const first = bucketAt(bucket, window.from);
  const count = last - first + 1;
  if (count > MOST_BUCKETS) {
    throw badUserInput('from', `from here to \`to\` are ${count} buckets, at most ${MOST_BUCKETS} may be asked for`);
  }
  return Array.from({ length: count }, (_, i) => {
    const start = bucketStart(bucket, first + i);
    return { start, from: Math.max(start, window.from), to: Math.min(bucketStart(bucket, first + i + 1), to) };
  });
}

/** The window of the same length before. */
export function windowBefore({ from, to }: Window): Window {
  return { from: from - (to - from), to: from };
}

function endOf({ to }: WindowArgs, newest: bigint): number {
  return to?.getTime() ?? (Number(newest) + 1) * 1000;
}

function checked(window: Window): Window {
  if (window.from < window.to) return window;
  throw badUserInput('from', 'must be before `to`, which is by default a second after the newest indexed block');
}
