import type { Duplex } from 'node:stream';
import { CloseCode, type CompleteMessage, MessageType, parseMessage, type SubscribeMessage } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { messageOf } from '../../schema/appError';
import type { Log } from '../log';
import { SocketOperation } from './socketOperation';

/** What the sockets of a server share. */
export interface SocketWork {
  log: Log;
  /** Takes an operation up: it ends itself when it is over. */
  begin(operation: SocketOperation, payload: SubscribeMessage['payload']): Promise<void>;
  ended(socket: LiveSocket): void;
}

/** Who a socket belongs to. */
export interface SocketClient {
  /** Messages a minute; null: any number. */
  messages: number | null;
  /** How long it may take nothing of what is sent to it. */
  untakenMs: number;
}

const INIT_MS = 3_000;
const CLOSE_MS = 2_000;
const MINUTE_MS = 60_000;
/** Who has not answered a ping by the next is gone. */
export const PING_MS = 12_000;
/** More than all answers hold that an honest page asks for at once; a stream leaves far less untaken (sink.ts). */
const MOST_UNTAKEN_BYTES = 8 * 1024 * 1024;

/**
 * One client of graphql-transport-ws, by the messages and codes of its protocol (PROTOCOL.md of graphql-ws, whose parser
 * this is). Not by that package's server: of a client that does nothing but listen it keeps three times as much, a timer
 * each, and what is wrong with a client's message, or that he left, it writes to the console.
 *
 * States: opened (until connection_init, 3 s at most), acknowledged, over.
 */
export class LiveSocket {
  readonly operations = new Map<string, SocketOperation>();
  private init: NodeJS.Timeout | undefined;
  private ending: NodeJS.Timeout | undefined;
  private acknowledged = false;
  private isOver = false;
  private isThere = true;
  private messages = 0;
  private minute = performance.now();
  private taken = 0;
  private takenAt = this.minute;
  private pingedAt = this.minute;

  /** @param stream below the socket: what is sent often is written there as finished frames */
  constructor(
    private readonly socket: WebSocket,
    readonly stream: Duplex,
    readonly client: SocketClient,
    private readonly work: SocketWork,
  ) {
    owners.set(socket, this);
    this.init = setTimeout(() => this.close(CloseCode.ConnectionInitialisationTimeout, INIT_TIMEOUT), INIT_MS);
    socket.on('message', onMessage);
    socket.on('ping', onSign);
    socket.on('pong', onSign);
    socket.on('error', onError);
    socket.on('close', onClose);
  }

  get isOpen(): boolean {
    return !this.isOver && this.socket.readyState === this.socket.OPEN;
  }

  /** Who doesn't hear of it is not waited for. */
  close(code: number, reason: string): void {
    this.socket.close(code, reason);
    this.ending ??= setTimeout(() => this.socket.terminate(), CLOSE_MS);
    this.ending.unref();
  }

  send(message: object): void {
    if (this.isOpen) this.socket.send(JSON.stringify(message));
  }

  /** Called again and again; who has not been heard of since, or took nothing for so long, is gone. */
  look(): void {
    const now = performance.now();
    const taken = bytesTaken(this.stream);
    if (taken !== this.taken || this.stream.writableLength === 0) {
      this.taken = taken;
      this.takenAt = now;
    }
    if (now - this.takenAt > this.client.untakenMs) this.socket.terminate();
    if (now - this.pingedAt < PING_MS) return;
    if (!this.isThere) this.socket.terminate();
    else if (this.isOpen) this.socket.ping();
    this.isThere = false;
    this.pingedAt = now;
  }

  /** Whatever is said is answered: who says too much, or takes nothing of the answers, is ended. */
  hear(): boolean {
    this.isThere = true;
    const { messages } = this.client;
    if (messages !== null) {
      if (performance.now() - this.minute > MINUTE_MS) {
        this.messages = 0;
        this.minute = performance.now();
      }
      this.messages += 1;
      if (this.messages > messages) {
        this.close(CloseCode.TooManyInitialisationRequests, 'Too many messages');
        return false;
      }
    }
    if (this.stream.writableLength > MOST_UNTAKEN_BYTES) this.socket.terminate();
    return this.isOpen;
  }

  take(data: RawData): void {
    let message: ReturnType<typeof parseMessage>;
    try {
      message = parseMessage(String(data));
    } catch {
      this.close(CloseCode.BadRequest, 'Invalid message received');
      return;
    }
    switch (message.type) {
      case MessageType.ConnectionInit:
        this.acknowledge();
        break;
      case MessageType.Ping:
        this.send({ type: MessageType.Pong, ...(message.payload ? { payload: message.payload } : {}) });
        break;
      case MessageType.Pong:
        break;
      case MessageType.Subscribe:
        this.subscribe(message);
        break;
      case MessageType.Complete:
        this.complete(message);
        break;
      default:
        // Messages that only a server sends.
        this.close(CloseCode.BadRequest, 'Invalid message received');
    }
  }

  over(): void {
    this.isOver = true;
    clearTimeout(this.init);
    clearTimeout(this.ending);
    for (const operation of this.operations.values()) operation.stop();
    this.operations.clear();
    this.work.ended(this);
  }

  broke(error: unknown): void {
    this.work.log.error({ error: messageOf(error), stack: (error as Error)?.stack }, 'a message of a socket failed');
    this.close(CloseCode.InternalServerError, 'Internal server error');
  }

  private acknowledge(): void {
    if (this.init === undefined) {
      this.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
      return;
    }
    clearTimeout(this.init);
    this.init = undefined;
    this.acknowledged = true;
    this.send({ type: MessageType.ConnectionAck });
  }

  private subscribe({ id, payload }: SubscribeMessage): void {
    if (!this.acknowledged) {
      this.close(CloseCode.Unauthorized, 'Unauthorized');
      return;
    }
    if (this.operations.has(id)) {
      const reason = Buffer.from(`Subscriber for ${id} already exists`);
      this.close(
        CloseCode.SubscriberAlreadyExists,
        reason.length <= MOST_REASON_BYTES ? String(reason) : 'Subscriber exists',
      );
      return;
    }
    const operation = new SocketOperation(this, id);
    this.operations.set(id, operation);
    this.work.begin(operation, payload).catch((error) => this.broke(error));
  }

  private complete({ id }: CompleteMessage): void {
    const operation = this.operations.get(id);
    this.operations.delete(id);
    operation?.stop();
  }
}

const INIT_TIMEOUT = 'Connection initialisation timeout';
/** Of a close frame. */
const MOST_REASON_BYTES = 123;

// Functions that all sockets share, where closures of each would be there ten thousand times.
const owners = new WeakMap<WebSocket, LiveSocket>();

function onMessage(this: WebSocket, data: RawData): void {
  const owner = owners.get(this);
  if (!owner?.hear()) return;
  try {
    owner.take(data);
  } catch (error) {
    owner.broke(error);
  }
}

function onSign(this: WebSocket): void {
  owners.get(this)?.hear();
}

/** A frame that is none, or too long: `ws` has closed with the code that says so. */
function onError(): void {}

function onClose(this: WebSocket): void {
  owners.get(this)?.over();
}

function bytesTaken(stream: Duplex & { bytesWritten?: number }): number {
  return (stream.bytesWritten ?? 0) - stream.writableLength;
}
