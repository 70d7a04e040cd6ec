import type { Duplex } from 'node:stream';
import type { FastifyServerOptions } from 'fastify';

const STATUS: Record<string, [status: string, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to come.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
};
const BROKEN: [string, string] = ['400 Bad Request', 'This is no HTTP request.'];

/** What Node could not read as a request: the answer has a code as any other has. */
export const answerBrokenRequest: FastifyServerOptions['clientErrorHandler'] = (error, socket) => {
  // Whoever hung up hears nothing more.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = STATUS[error.code] ?? BROKEN;
  answerAndEnd(socket, status, { message, extensions: { code: 'BAD_USER_INPUT' } });
};

/** An answer to what was not read as a request, and the end of its connection. */
export function answerAndEnd(
  socket: Duplex,
  status: string,
  error: object,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify({ errors: [error] });
  const all = {
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy());
}
