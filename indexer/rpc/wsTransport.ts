import { WebSocket } from 'ws';
import { AppError, messageOf, withoutCredentials } from '../../schema/appError';
import { CALL_TIMEOUT_MS, matchAnswers, type RpcAnswer, type RpcCall, readAnswer, type Transport } from './transport';

interface Waiting {
  settle(answer: unknown): void;
  fail(error: Error): void;
}

/** JSON-RPC over a websocket, opened when first used and again after it broke; announces heads (newHeads). */
export function wsTransport(url: string): Transport {
  const label = withoutCredentials(url);
  const waiting = new Map<number, Waiting>();
  const listeners: (() => void)[] = [];
  let nextId = 1;
  let opening: Promise<WebSocket> | undefined;
  let current: WebSocket | undefined;
  let closed = false;

  const drop = (error: Error) => {
    opening = undefined;
    for (const { fail } of waiting.values()) fail(error);
    waiting.clear();
  };

  const open = (): Promise<WebSocket> => {
    if (closed) return Promise.reject(new AppError('RETRY', `${label} was closed`));
    opening ??= new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(url, { handshakeTimeout: CALL_TIMEOUT_MS });
      current = socket;
      let isBroken = false;
      const broken = (reason: string) => {
        // An error is followed by a close, and by then the next socket may be open.
        if (isBroken) return;
        isBroken = true;
        const error = new AppError('RETRY', `${label} can't be reached: ${reason}`);
        drop(error);
        reject(error);
      };
      socket.on('error', (error) => broken(messageOf(error)));
      socket.on('close', (code) => broken(`its socket closed (${code})`));
      socket.on('message', (data) => receive(String(data)));
      socket.on('open', () => {
        resolve(socket);
        socket.send(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'eth_subscribe', params: ['newHeads'] }));
      });
    });
    return opening;
  };

  const receive = (text: string) => {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if ((message as { method?: unknown } | null)?.method === 'eth_subscription') {
      for (const wake of listeners) wake();
      return;
    }
    for (const raw of Array.isArray(message) ? message : [message]) {
      const id = readAnswer(raw)?.id;
      if (typeof id !== 'number') continue;
      waiting.get(id)?.settle(raw);
      waiting.delete(id);
    }
  };

  return {
    label,
    async send(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
      if (calls.length === 0) return [];
      const socket = await open();
      const requests = calls.map(({ method, params }) => ({ jsonrpc: '2.0' as const, id: nextId++, method, params }));
      const answers = Promise.all(requests.map(({ id, method }) => answerTo(waiting, label, id, method)));
      socket.send(JSON.stringify(requests.length === 1 ? requests[0] : requests));
      return matchAnswers(label, requests, await answers);
    },
    onHead(wake) {
      listeners.push(wake);
      // A socket that can't be opened now is opened by the next call; polling covers the time between.
      open().catch(() => undefined);
    },
    async close() {
      closed = true;
      current?.terminate();
      drop(new AppError('RETRY', `${label} was closed`));
    },
  };
}

function answerTo(waiting: Map<number, Waiting>, label: string, id: number, method: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(id);
      reject(new AppError('RETRY', `${label} didn't answer ${method} within ${CALL_TIMEOUT_MS / 1000} s`));
    }, CALL_TIMEOUT_MS);
    waiting.set(id, {
      settle: (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      fail: (error) => {
        clearTimeout(timer);
        reject(error);
      },
    });
  });
}
