import type { Server } from 'node:http';
import { apiError } from '../errors';
import type { Strangers } from '../limits/strangers';
import { answerAndEnd } from './brokenRequests';

/** Ends a connection of an address that has too many before it asks anything. */
export function boundConnections(server: Server, strangers: Strangers): void {
  server.on('connection', (socket) => {
    const release = strangers.takeConnection(socket);
    if (release) {
      socket.once('close', release);
      return;
    }
    socket.on('error', () => socket.destroy());
    const error = apiError('RATE_LIMITED', 'Too many connections of this address.', { retryAfter: 1 });
    answerAndEnd(socket, '429 Too Many Requests', error.toJSON(), { 'retry-after': '1' });
  });
}
