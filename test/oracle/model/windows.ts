import type { Fact } from './fact';

export type BucketName = 'HOUR' | 'DAY' | 'WEEK' | 'MONTH';

/** [from, to), in milliseconds. */
export interface TimeWindow {
  from: number;
  to: number;
}

export function isWithin({ from, to }: TimeWindow): (fact: Fact) => boolean {
  return ({ block }) => block.timestamp * 1000 >= from && block.timestamp * 1000 < to;
}

/** The UTC hour, day, week (from Monday on) or month that holds the time: when it began. */
export function beginningOf(bucket: BucketName, time: number): number {
  const date = new Date(time);
  date.setUTCMinutes(0, 0, 0);
  if (bucket === 'HOUR') return date.getTime();
  date.setUTCHours(0);
  if (bucket === 'WEEK') while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1);
  if (bucket === 'MONTH') date.setUTCDate(1);
  return date.getTime();
}

/** The beginnings of all buckets that the window touches, oldest first. */
export function beginningsIn(bucket: BucketName, { from, to }: TimeWindow): number[] {
  const beginnings: number[] = [];
  for (let time = from; time < to; ) {
    const beginning = beginningOf(bucket, time);
    beginnings.push(beginning);
    // A step into the next one, whose beginning the next turn looks for.
    time = beginning;
    while (beginningOf(bucket, time) === beginning) time += 3_600_000;
  }
  return beginnings;
}
