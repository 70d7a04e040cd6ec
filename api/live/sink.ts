import { setTimeout as delay } from 'node:timers/promises';
import type { Messages } from './messages';

/** Where a stream's messages go: one operation of a socket, or one SSE response. */
export interface Sink {
  /** Hands over results; nothing once the client is gone. */
  send(messages: Messages): void;
  /** Bytes that the network has not taken yet. */
  waiting(): number;
}

/** A client that has left so much untaken gets no more until it took it. */
export const FULL_BYTES = 131_072;
const FIRST_LOOK_MS = 2;
const LAST_LOOK_MS = 250;

export const isFull = (sink: Sink): boolean => sink.waiting() > FULL_BYTES;

/** Ends when there is room again, or never while `check` throws: it is asked at each look. */
export async function untilRoom(sink: Sink, signal: AbortSignal, check: () => void): Promise<void> {
  for (let ms = FIRST_LOOK_MS; isFull(sink) && !signal.aborted; ms = Math.min(2 * ms, LAST_LOOK_MS)) {
    check();
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }
}
