import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `condition` holds, asking it often; fails after `limitMs` with what was awaited. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  options: { limitMs?: number; what?: string } = {},
): Promise<void> {
  const { limitMs = 120_000, what = condition.toString() } = options;
  for (const end = Date.now() + limitMs; !(await condition()); ) {
    if (Date.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await delay(20);
  }
}
