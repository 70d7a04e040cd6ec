import { randomBytes, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** What a subscriber hears. */
export interface Hearing {
  /** A message of the subscription: its bytes in `chunk`. */
  next(chunk: Buffer, from: number, to: number): void;
  /** The subscription, or the socket, has ended. */
  ended(why: string): void;
}

/**
 * One subscription over one graphql-transport-ws socket, read with as little work as possible, so that the generator
 * has time for 10,000 of them: frames are walked over, not copied. As graphql-ws' client does, it names its subscription
 * by a UUID.
 */
export interface SubscriberSocket {
  socket: Socket;
  close(): void;
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const END_OF_HEAD = '\r\n\r\n';

export function openSubscriber(port: number, payload: object, hearing: Hearing): SubscriberSocket {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  const prefix = `{"id":"${randomUUID()}","type":`;
  const isNext = Buffer.from(`${prefix}"next"`);
  let waiting: Buffer | undefined;
  let upgraded = false;
  let over = false;
  const end = (why: string) => {
    if (!over) hearing.ended(why);
    over = true;
  };
  const hear = (opcode: number, chunk: Buffer, from: number, to: number) => {
    if (opcode === PING) socket.write(frame(PONG, chunk.subarray(from, to)));
    else if (opcode === CLOSE) end(`closed with ${chunk.readUInt16BE(from)}`);
    else if (opcode === TEXT) {
      // Of a `next`, all up to here is the same in every one: one byte tells.
      if (to - from > isNext.length && chunk[from + prefix.length + 1] === NEXT_BEGINS) {
        hearing.next(chunk, from + isNext.length, to);
        return;
      }
      const text = chunk.toString('utf8', from, to);
      if (text === '{"type":"connection_ack"}') {
        socket.write(frame(TEXT, Buffer.from(`${prefix}"subscribe","payload":${JSON.stringify(payload)}}`)));
      } else end(text);
    }
  };
  socket.on('connect', () => {
    const head = [
      'GET /graphql HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: graphql-transport-ws',
    ];
    socket.write(head.join('\r\n') + END_OF_HEAD);
  });
  socket.on('data', (data) => {
    let chunk = waiting ? Buffer.concat([waiting, data]) : data;
    waiting = undefined;
    if (!upgraded) {
      const head = chunk.indexOf(END_OF_HEAD);
      if (head < 0) {
        waiting = chunk;
        return;
      }
      if (!chunk.toString('latin1', 0, 12).endsWith('101')) end(chunk.toString('latin1', 0, head));
      upgraded = true;
      socket.write(frame(TEXT, Buffer.from('{"type":"connection_init"}')));
      chunk = chunk.subarray(head + END_OF_HEAD.length);
    }
    let at = 0;
    while (at + 2 <= chunk.length) {
      let length = chunk[at + 1]!;
      let from = at + 2;
      if (length === 126) {
        if (from + 2 > chunk.length) break;
        length = chunk.readUInt16BE(from);
        from += 2;
      } else if (length === 127) {
        if (from + 8 > chunk.length) break;
        length = Number(chunk.readBigUInt64BE(from));
        from += 8;
      }
      if (from + length > chunk.length) break;
      hear(chunk[at]! & 0x0f, chunk, from, from + length);
      at = from + length;
    }
    if (at < chunk.length) waiting = chunk.subarray(at);
  });
  socket.on('error', ({ message }) => end(message));
  socket.on('close', () => end('the socket ended'));
  return {
    socket,
    close() {
      over = true;
      socket.destroy();
    },
  };
}

const NEXT_BEGINS = 'n'.charCodeAt(0);

/** As a client has to send it: masked, here with zeros, which change nothing. */
function frame(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (long ? 126 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
