import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Browsers open connections ahead of need. Node takes one that has not asked anything for a busy one, and its `close`
 * waits for it for as long as it likes to be silent. Returns what ends those that are and those that still
 * come; upgraded ones are their owner's to end before.
 */
export function watchSilentConnections(server: Server): () => void {
  const silent = new Set<Socket>();
  let ending = false;
  server.on('connection', (socket) => {
    if (ending) {
      socket.destroy();
      return;
    }
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return () => {
    ending = true;
    for (const socket of silent) socket.destroy();
  };
}
