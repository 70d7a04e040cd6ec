import type { Bucket } from '../types/bucket';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** The epoch was a Thursday. */
const A_MONDAY_MS = -3 * DAY_MS;

/** Which bucket holds that time, counted from one that lies about the epoch. */
export function bucketAt(bucket: `${Bucket}`, timeMs: number): number {
  switch (bucket) {
    case 'HOUR':
      return Math.floor(timeMs / HOUR_MS);
    case 'DAY':
      return Math.floor(timeMs / DAY_MS);
    case 'WEEK':
      return Math.floor((timeMs - A_MONDAY_MS) / WEEK_MS);
    case 'MONTH': {
      const date = new Date(timeMs);
      return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
    }
  }
}

/** When a bucket of `bucketAt` begins, in milliseconds: inclusive, and the end of the one before. */
export function bucketStart(bucket: `${Bucket}`, index: number): number {
  switch (bucket) {
    case 'HOUR':
      return index * HOUR_MS;
    case 'DAY':
      return index * DAY_MS;
    case 'WEEK':
      return A_MONDAY_MS + index * WEEK_MS;
    case 'MONTH':
      return new Date(0).setUTCFullYear(1970, index, 1);
  }
}
