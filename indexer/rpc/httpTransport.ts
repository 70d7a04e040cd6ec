import { AppError } from '../../schema/appError';
import { BatchSize, Refused } from './batchSize';
import { HttpEndpoint, TOO_MUCH } from './httpEndpoint';
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
  const endpoint = new HttpEndpoint(url, limits);
  const { label } = endpoint;
  let nextId = 1;
  const batchSize = new BatchSize();

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
    const { status, bytes } = await endpoint.post(body);
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
      endpoint.close();
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
