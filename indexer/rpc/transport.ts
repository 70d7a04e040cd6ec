import { AppError } from '../../schema/appError';
import type { JsonBytes } from './jsonBytes';

export interface RpcCall {
  method: string;
  params: readonly unknown[];
  /**
   * Reads a result where its JSON begins, for less than JSON.parse takes, and leaves the reader behind it; undefined where
   * it is not as it should be. Only a transport that has answers as bytes asks for it.
   */
  read?: (from: JsonBytes) => unknown;
}

/** What a node answers to one call: its result, or the error it states. */
export type RpcAnswer = { result: unknown } | { error: RpcFault };

export interface RpcFault {
  code: number;
  message: string;
}

/** One endpoint. Calls of one `send` go out together; the answers come in the order of the calls. */
export interface Transport {
  /** Without credentials, for messages. */
  readonly label: string;
  /** @throws AppError RETRY when the endpoint can't be reached, is too slow or answers something that isn't JSON-RPC */
  send(calls: readonly RpcCall[]): Promise<RpcAnswer[]>;
  /** Calls that it takes in one request, as far as is known. */
  readonly maxBatch?: number;
  /** Calls back with each header that the endpoint announces, as it sent it; only endpoints that push can. */
  onHead?(wake: (header: unknown) => void): void;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** For the whole answer to a batch; default 10 s. */
  callTimeoutMs?: number;
  /** An answer that is larger is refused before it fills the memory; default 256 MB. */
  mostAnswerBytes?: number;
}

/** Providers give up on a query of their own after about as long. */
export const CALL_TIMEOUT_MS = 10_000;

export const MOST_ANSWER_BYTES = 256 * 1024 * 1024;

/** An answer that was awaited in vain, was cut off or is too large: asking for less may help. */
export class UnfinishedAnswer extends AppError {
  readonly isTooLarge: boolean;

  constructor(message: string, { isTooLarge = false, ...options }: { cause?: unknown; isTooLarge?: boolean } = {}) {
    super('RETRY', message, options);
    this.isTooLarge = isTooLarge;
  }
}

/** The endpoint wants fewer requests: another one may answer, a smaller request won't help. */
export class RateLimited extends AppError {
  /** @param retryAfterMs as the endpoint said; undefined: it didn't say */
  constructor(
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super('RETRY', message);
  }
}

export interface WireRequest {
  jsonrpc: '2.0';
  id: number;
  method: string;
  params: readonly unknown[];
}

/** Checks the shape of one answer; nodes are not trusted to send what they should. */
export function readAnswer(answer: unknown): { id: unknown; answer: RpcAnswer } | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { id, result, error } = answer as { id?: unknown; result?: unknown; error?: unknown };
  if (typeof error === 'object' && error !== null) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    return { id, answer: { error: { code: Number(code), message: String(message) } } };
  }
  if (result === undefined) return undefined;
  return { id, answer: { result } };
}

/** One error for a whole batch instead of an answer to each call: not in a list, or with no id in one. */
export function isRefusedBatch(requests: number, answer: unknown): boolean {
  if (requests === 1) return false;
  const [only] = [answer].flat() as ({ id?: unknown; error?: unknown } | null | undefined)[];
  if (typeof only?.error !== 'object' || only.error === null) return false;
  return !Array.isArray(answer) || (answer.length === 1 && (only.id ?? null) === null);
}

/** Puts answers, which may come in any order, into the order of the requests. */
export function matchAnswers(
  label: string,
  requests: readonly WireRequest[],
  answers: readonly unknown[],
): RpcAnswer[] {
  const byId = new Map<unknown, RpcAnswer>();
  for (const raw of answers) {
    const read = readAnswer(raw);
    if (read) byId.set(read.id, read.answer);
  }
  return requests.map(({ id, method }) => {
    const answer = byId.get(id);
    if (!answer) throw new AppError('RETRY', `${label} left ${method} of a batch unanswered`);
    return answer;
  });
}
