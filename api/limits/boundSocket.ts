import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';

const MINUTE_MS = 60_000;
/** Pings, for a client whose limit is low. */
const SPARE_MESSAGES = 60;
const TOO_MANY_MESSAGES = 4429;
/** More than all answers hold that an honest page asks for at once. */
const MOST_UNTAKEN_BYTES = 8 * 1024 * 1024;
const LOOKS = 5;

/**
 * Operations are charged to the address, and one that is refused leaves the socket open. What else comes over the socket
 * (ends of operations, pings) is cheap, but not to be had without end.
 * @param limit units a minute; null: none
 */
export function boundMessages(client: WebSocket, limit: number | null): void {
  if (limit === null) return;
  let count = 0;
  let startedAt = performance.now();
  client.on('message', () => {
    if (performance.now() - startedAt > MINUTE_MS) {
      count = 0;
      startedAt = performance.now();
    }
    count += 1;
    if (count > 2 * limit + SPARE_MESSAGES) client.close(TOO_MANY_MESSAGES, 'Too many messages');
  });
}

/**
 * Whatever is said is answered, pings too, and an answer that nobody takes is the server's memory. A client that goes on
 * asking with too much untaken, or takes nothing for `limitMs`, is ended: pongs, which graphql-ws waits for, can be sent
 * without reading.
 */
export function boundUntaken(client: WebSocket, { socket }: IncomingMessage, limitMs: number): void {
  const end = () => {
    if (client.bufferedAmount > MOST_UNTAKEN_BYTES) client.terminate();
  };
  client.on('message', end);
  client.on('ping', end);
  let taken = 0;
  let takenAt = performance.now();
  const look = setInterval(() => {
    const now = socket.bytesWritten - socket.writableLength;
    if (now !== taken || socket.writableLength === 0) {
      taken = now;
      takenAt = performance.now();
    } else if (performance.now() - takenAt > limitMs) client.terminate();
  }, limitMs / LOOKS);
  look.unref();
  client.once('close', () => clearInterval(look));
}
