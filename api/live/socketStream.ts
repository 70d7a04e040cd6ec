import type { ExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import type { Sink } from './sink';

/** Messages of one operation of a socket, whose result is made already: their bytes are shared, all but the id's. */
export function socketSink(socket: WebSocket, id: string, signal: AbortSignal): Sink {
  const before = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  return {
    send(json) {
      if (!signal.aborted && socket.readyState === socket.OPEN) socket.send(`${before}${json}}`);
    },
    waiting: () => socket.bufferedAmount,
  };
}

/**
 * What graphql-ws iterates while messages go their own way: it yields nothing, ends as `run` does, and aborts it when the
 * client completes the operation or is gone. Then it ends at once, however long `run` takes: graphql-ws gives the id free
 * before, and what ends later would end the operation that has the id next.
 */
export function running(run: (signal: AbortSignal) => Promise<void>): AsyncGenerator<ExecutionResult, void, void> {
  const abort = new AbortController();
  const aborted = new Promise<void>((resolve) =>
    abort.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const ended = Promise.race([run(abort.signal), aborted]);
  // Whoever iterates hears of it.
  ended.catch(() => undefined);
  const stream = {
    next: () => ended.then(() => ({ done: true as const, value: undefined })),
    async return() {
      abort.abort();
      return { done: true as const, value: undefined };
    },
    async throw(error: unknown) {
      abort.abort();
      throw error;
    },
    [Symbol.asyncIterator]: () => stream,
    async [Symbol.asyncDispose]() {
      abort.abort();
    },
  };
  return stream as AsyncGenerator<ExecutionResult, void, void>;
}
