import type { ExecutionResult, GraphQLError } from 'graphql';
import { MessageType } from 'graphql-ws';
import type { Following } from './hub';
import type { LiveSocket } from './liveSocket';
import type { Messages } from './messages';
import type { Sink } from './sink';

/** An operation of a socket, from `subscribe` to `complete`. It is what its messages are sent to. */
export class SocketOperation implements Sink {
  isOver = false;
  /** As JSON. */
  private readonly id: string;
  private work: Following | undefined;

  constructor(
    readonly socket: LiveSocket,
    id: string,
  ) {
    this.id = JSON.stringify(id);
  }

  /** What is to be stopped when the client wants no more, or is gone. */
  set runs(work: Following) {
    if (this.isOver) work.stop();
    else this.work = work;
  }

  send(messages: Messages): void {
    if (!this.isOver && this.socket.isOpen) this.socket.stream.write(messages.frames(this.id));
  }

  waiting(): number {
    return this.socket.stream.writableLength;
  }

  /** Of a query. */
  answer(result: ExecutionResult): void {
    this.tell(MessageType.Next, result);
    if (this.end()) this.socket.send({ id: JSON.parse(this.id), type: MessageType.Complete });
  }

  fail(errors: readonly GraphQLError[]): void {
    this.tell(MessageType.Error, errors);
    this.end();
  }

  /** The client has ended it, and its id may be another's already. */
  stop(): void {
    this.isOver = true;
    this.work?.stop();
    this.work = undefined;
  }

  private tell(type: MessageType, payload: unknown): void {
    if (!this.isOver) this.socket.send({ id: JSON.parse(this.id), type, payload });
  }

  private end(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.work = undefined;
    this.socket.operations.delete(JSON.parse(this.id));
    return true;
  }
}
