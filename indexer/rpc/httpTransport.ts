import { AppError, messageOf, withoutCredentials } from '../../schema/appError';
import { BatchSize, Refused } from './batchSize';
import { isRateLimitOfBatch } from './rateLimit';
import { readAnswers } from './readAnswers';
import {
  CALL_TIMEOUT_MS,
  isRefusedBatch,
  MOST_ANSWER_BYTES,
  matchAnswers,
  RateLimited,
  type RpcAnswer,
  type RpcCall,
  type RpcFault,
  readAnswer,
  type Transport,
  type TransportOptions,
  UnfinishedAnswer,
} from './transport';

/** JSON-RPC over HTTP: a batch is one POST. */
export function httpTransport(url: string, options: TransportOptions = {}): Transport {
  const limits = {
    timeoutMs: options.callTimeoutMs ?? CALL_TIMEOUT_MS,
    bytes: options.mostAnswerBytes ?? MOST_ANSWER_BYTES,
  };
  const label = withoutCredentials(url);
  const endpoint = endpointOf(url);
  let nextId = 1;
  const batchSize = new BatchSize();
  const closing = new AbortController();

  async function sendBatch(calls: readonly RpcCall[], refused: Refused): Promise<RpcAnswer[]> {
    try {
      return await sendTogether(calls, refused);
    } catch (error) {
      if (!(error instanceof UnfinishedAnswer)) throw error;
      if (!error.isTooLarge || calls.length === 1) {
        batchSize.unfinished(calls.length);
        throw error;
      }
      const half = Math.ceil(calls.length / 2);
      return [...(await sendBatch(calls.slice(0, half), refused)), ...(await sendBatch(calls.slice(half), refused))];
    }
  }

  async function sendTogether(calls: readonly RpcCall[], refused: Refused): Promise<RpcAnswer[]> {
    const requests = calls.map(({ method, params }) => ({ jsonrpc: '2.0' as const, id: nextId++, method, params }));
    const body = JSON.stringify(requests.length === 1 ? requests[0] : requests);
    const { status, bytes } = await post(label, endpoint, body, closing.signal, limits);
    const plain = readAnswers(bytes, requests, calls);
    if (plain) {
      batchSize.answered(plain, refused);
      return plain;
    }
    const answer = parse(label, bytes);
    if (isRefusedBatch(requests.length, answer)) {
      const fault = faultOf(answer);
      if (fault && isRateLimitOfBatch(fault)) throw new RateLimited(`${label} wants fewer requests: ${fault.message}`);
      // A gateway without its node: nothing that is said of the batch.
      if (status > 500) {
        const message = `${label} answered HTTP ${status}: ${fault?.message}`;
        throw TOO_MUCH.includes(status) ? new UnfinishedAnswer(message) : new AppError('RETRY', message);
      }
      // Providers limit batches, and say so in many ways.
      refused.note(calls.length);
      return batchSize.sendAll(calls, refused, sendBatch);
    }
    const answers =
      requests.length === 1 && !Array.isArray(answer)
        ? [onlyAnswer(label, requests[0]?.method, answer)]
        : matchAnswers(label, requests, [answer].flat());
    batchSize.answered(answers, refused);
    return answers;
  }

  return {
    label,
    send: (calls) => batchSize.sendAll(calls, new Refused(), sendBatch),
    get maxBatch() {
      return batchSize.allowed;
    },
    async close() {
      closing.abort();
    },
  };
}

function parse(label: string, bytes: Buffer): unknown {
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('RETRY', `${label} answered something that is not JSON: ${text.slice(0, 80)}`, { cause });
  }
}

/** The answer to the only call of a POST: it can be of no other, whatever id it bears. */
function onlyAnswer(label: string, method: string | undefined, raw: unknown): RpcAnswer {
  const read = readAnswer(raw);
  if (!read) throw new AppError('RETRY', `${label} left ${method} unanswered`);
  return read.answer;
}

/** The error that answers a whole batch. */
function faultOf(answer: unknown): RpcFault | undefined {
  const read = readAnswer([answer].flat()[0])?.answer;
  return read && 'error' in read ? read.error : undefined;
}

interface Said {
  status: number;
  bytes: Buffer;
}

interface Limits {
  /** For a whole answer. */
  timeoutMs: number;
  bytes: number;
}

interface Endpoint {
  url: string;
  headers: Record<string, string>;
}

/** fetch refuses credentials inside a URL. */
function endpointOf(url: string): Endpoint {
  const target = new URL(url);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (target.username || target.password) {
    const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
    headers['authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`;
    target.username = '';
    target.password = '';
  }
  return { url: target.href, headers };
}

/** None at all without a better key: another endpoint may answer, a smaller request won't help. */
const REFUSED_CLIENT = [401, 402, 403];
/** A gateway that found a request or an answer too large, or waited too long for the node behind it (524: Cloudflare). */
const TOO_MUCH = [413, 504, 524];
/** These may say when to come back. */
const BUSY = [429, 503];
/** Why a call was given up. */
const TOO_LATE = new Error('it took too long');

async function post(
  label: string,
  endpoint: Endpoint,
  body: string,
  closing: AbortSignal,
  limits: Limits,
): Promise<Said> {
  const call = new AbortController();
  const end = () => call.abort(closing.reason);
  closing.addEventListener('abort', end, { once: true });
  if (closing.aborted) end();
  // Not AbortSignal.any with AbortSignal.timeout: Node 20 collects that timeout as garbage, and it never comes.
  const timer = setTimeout(() => call.abort(TOO_LATE), limits.timeoutMs);
  try {
    return await postUntil(label, endpoint, body, call.signal, limits);
  } finally {
    clearTimeout(timer);
    closing.removeEventListener('abort', end);
  }
}

async function postUntil(
  label: string,
  endpoint: Endpoint,
  body: string,
  signal: AbortSignal,
  limits: Limits,
): Promise<Said> {
  const { timeoutMs } = limits;
  let response: Response;
  try {
    response = await fetch(endpoint.url, { method: 'POST', headers: endpoint.headers, body, signal });
  } catch (cause) {
    if (signal.reason === TOO_LATE)
      throw new UnfinishedAnswer(`${label} didn't answer within ${timeoutMs / 1_000} s`, { cause });
    const reason = cause instanceof Error && cause.cause ? messageOf(cause.cause) : messageOf(cause);
    throw new AppError('RETRY', `${label} can't be reached: ${reason}`, { cause });
  }
  const { status } = response;
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'));
  if (status === 429 || (BUSY.includes(status) && retryAfterMs !== undefined)) {
    await response.body?.cancel().catch(() => undefined);
    throw new RateLimited(`${label} answered HTTP ${status}`, retryAfterMs);
  }
  const bytes = await bytesOf(label, response, signal, limits);
  // Nodes answer some JSON-RPC errors with a 4xx and a body that says which.
  const isJson = /^\s*[{[]/.test(bytes.toString('latin1', 0, 80));
  if (!isJson && TOO_MUCH.includes(status)) throw new UnfinishedAnswer(`${label} answered HTTP ${status}`);
  if (REFUSED_CLIENT.includes(status) || (!response.ok && !isJson)) {
    throw new AppError('RETRY', `${label} answered HTTP ${status}`);
  }
  return { status, bytes };
}

async function bytesOf(
  label: string,
  response: Response,
  signal: AbortSignal,
  { timeoutMs, bytes: most }: Limits,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > most) {
        throw new UnfinishedAnswer(`${label} sends more than ${most} bytes for one answer`, { isTooLarge: true });
      }
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof UnfinishedAnswer) throw cause;
    const reason = signal.reason === TOO_LATE ? `it took longer than ${timeoutMs / 1_000} s` : messageOf(cause);
    throw new UnfinishedAnswer(`${label} didn't finish its answer: ${reason}`, { cause });
  }
  return Buffer.concat(chunks);
}

/** Seconds, or a date (RFC 9110, 10.2.3); as milliseconds from now on. */
export function parseRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.ceil(Number(value) * 1_000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
