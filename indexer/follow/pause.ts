import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../schema/appError';

/** Until then, or until the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error) => {
    if (!signal.aborted) throw new Error(messageOf(error));
  });
}
