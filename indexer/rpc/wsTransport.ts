import { WebSocket } from 'ws';
import { AppError, messageOf, withoutCredentials } from '../../schema/appError';
import { BatchSize, Refused } from './batchSize';
import { isRateLimitOfBatch } from './rateLimit';
import {
  CALL_TIMEOUT_MS,
  isRefusedBatch,
  MOST_ANSWER_BYTES,
  matchAnswers,
  RateLimited,
  type RpcAnswer,
  type RpcCall,
  readAnswer,
  type Transport,
  type TransportOptions,
  UnfinishedAnswer,
  type WireRequest,
} from './transport';

/** Calls sent together that wait for their answers. */
interface WaitingBatch {
  requests: readonly WireRequest[];
  answers: unknown[];
  settle(answers: unknown[] | 'refused'): void;
  fail(error: Error): void;
}

/** JSON-RPC over a websocket, opened when first used and again after it broke; announces heads (newHeads). */
export function wsTransport(url: string, options: TransportOptions = {}): Transport {
  const { callTimeoutMs = CALL_TIMEOUT_MS, mostAnswerBytes: maxPayload = MOST_ANSWER_BYTES } = options;
  const label = withoutCredentials(url);
  const waiting = new Set<WaitingBatch>();
  const listeners: ((header: unknown) => void)[] = [];
  let nextId = 1;
  let opening: Promise<WebSocket> | undefined;
  let current: WebSocket | undefined;
  let heardAt = 0;
  let closed = false;
  const batchSize = new BatchSize();

  const drop = (error: Error) => {
    opening = undefined;
    for (const { fail } of waiting) fail(error);
  };

  const open = (): Promise<WebSocket> => {
    if (closed) return Promise.reject(new AppError('RETRY', `${label} was closed`));
    opening ??= new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(url, { handshakeTimeout: callTimeoutMs, maxPayload });
      current = socket;
      let isBroken = false;
      const broken = (reason: string) => {
        // An error is followed by a close, and by then the next socket may be open.
        if (isBroken) return;
        isBroken = true;
        socket.terminate();
        const message = `${label} can't be reached: ${reason}`;
        // It may have broken on the size of an answer.
        drop(new UnfinishedAnswer(message));
        reject(new AppError('RETRY', message));
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
    heardAt = performance.now();
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    const { method, params } = (message ?? {}) as { method?: unknown; params?: { result?: unknown } | null };
    if (method === 'eth_subscription') {
      for (const wake of listeners) wake(params?.result);
      return;
    }
    const answers = Array.isArray(message) ? message : [message];
    const ids = new Set(answers.map((answer) => (answer as { id?: unknown } | null)?.id));
    const batch = [...waiting].find(({ requests }) => requests.some(({ id }) => ids.has(id)));
    if (batch) {
      // Some servers answer the calls of a batch one by one. An array that leaves one out leaves it out for good.
      batch.answers.push(...answers);
      if (Array.isArray(message) || batch.answers.length >= batch.requests.length) batch.settle(batch.answers);
      return;
    }
    // An error without an id is of a batch as a whole; the oldest is the one that is answered first.
    const refused = [...waiting].find(({ requests }) => isRefusedBatch(requests.length, message));
    const first = readAnswer(answers[0]);
    if (refused) {
      const fault = first && 'error' in first.answer ? first.answer.error : undefined;
      if (!fault || !isRateLimitOfBatch(fault)) refused.settle('refused');
      else refused.fail(new RateLimited(`${label} wants fewer requests: ${fault.message}`));
    } else if (first?.id === null) {
      const [oldest] = waiting;
      oldest?.fail(new AppError('RETRY', `${label} answers ${oldest.requests[0]?.method} with ${text.slice(0, 200)}`));
    }
  };

  async function sendBatch(calls: readonly RpcCall[], refused: Refused): Promise<RpcAnswer[]> {
    const socket = await open();
    if (socket.readyState !== WebSocket.OPEN) throw new AppError('RETRY', `${label} closes its socket`);
    const requests = calls.map(({ method, params }) => ({ jsonrpc: '2.0' as const, id: nextId++, method, params }));
    const answers = await new Promise<unknown[] | 'refused'>((resolve, reject) => {
      const sentAt = performance.now();
      const timer = setTimeout(() => {
        batch.fail(
          new UnfinishedAnswer(`${label} didn't answer ${requests[0]?.method} within ${callTimeoutMs / 1_000} s`),
        );
        // Not a word since: the connection may be half open, and the next call needs another.
        if (heardAt < sentAt) socket.terminate();
      }, callTimeoutMs);
      const end = () => {
        clearTimeout(timer);
        waiting.delete(batch);
      };
      const batch: WaitingBatch = {
        requests,
        answers: [],
        settle: (result) => {
          end();
          resolve(result);
        },
        fail: (error) => {
          end();
          if (error instanceof UnfinishedAnswer) batchSize.unfinished(calls.length);
          reject(error);
        },
      };
      waiting.add(batch);
      socket.send(JSON.stringify(requests.length === 1 ? requests[0] : requests));
    });
    if (answers === 'refused') {
      refused.note(calls.length);
      return batchSize.sendAll(calls, refused, sendBatch);
    }
    const matched = matchAnswers(label, requests, answers);
    batchSize.answered(matched, refused);
    return matched;
  }

  return {
    label,
    send: (calls) => batchSize.sendAll(calls, new Refused(), sendBatch),
    get maxBatch() {
      return batchSize.allowed;
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
