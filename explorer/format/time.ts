const UNITS = [
  ['y', 31_557_600],
  ['mo', 2_629_800],
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** "3 min ago", and "in 3 min" for a block whose clock is ahead of ours. */
export function relativeTime(timestamp: string, now: number): string {
  const seconds = Math.round((now - Date.parse(timestamp)) / 1000);
  const text = duration(Math.abs(seconds));
  if (Math.abs(seconds) < 5) return 'just now';
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

/** The largest unit in which it is at least one. */
export function duration(seconds: number): string {
  for (const [unit, length] of UNITS) if (seconds >= length) return `${Math.floor(seconds / length)} ${unit}`;
  return `${Math.floor(seconds)} s`;
}

/** "2026-11-23 05:01:22 UTC" */
export function exactTime(timestamp: string): string {
  return `${new Date(timestamp).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

/** "Nov 23", and "Nov 23, 2025" of another year than this. */
export function dayOf(timestamp: string, now = Date.now()): string {
  const date = new Date(timestamp);
  const year = date.getUTCFullYear() === new Date(now).getUTCFullYear() ? undefined : 'numeric';
  return date.toLocaleDateString('en', { day: 'numeric', month: 'short', year, timeZone: 'UTC' });
}
