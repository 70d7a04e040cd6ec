import { setTimeout as delay } from 'node:timers/promises';

/** Whether `condition` held within the limit. */
export async function until(condition: () => Promise<boolean>, limitMs: number, pauseMs = 200): Promise<boolean> {
  for (const end = Date.now() + limitMs; ; await delay(pauseMs)) {
    if (await condition()) return true;
    if (Date.now() > end) return false;
  }
}
