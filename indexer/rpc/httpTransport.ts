import { AppError, messageOf, withoutCredentials } from '../../schema/appError';
import { CALL_TIMEOUT_MS, matchAnswers, type RpcAnswer, type RpcCall, type Transport } from './transport';

/** JSON-RPC over HTTP: a batch is one POST. */
export function httpTransport(url: string): Transport {
  const label = withoutCredentials(url);
  let nextId = 1;
  const closing = new AbortController();

  return {
    label,
    async send(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
      if (calls.length === 0) return [];
      const requests = calls.map(({ method, params }) => ({ jsonrpc: '2.0' as const, id: nextId++, method, params }));
      const text = await post(
        label,
        url,
        JSON.stringify(requests.length === 1 ? requests[0] : requests),
        closing.signal,
      );
      let answers: unknown;
      try {
        answers = JSON.parse(text);
      } catch (cause) {
        throw new AppError('RETRY', `${label} answered something that is not JSON: ${text.slice(0, 80)}`, { cause });
      }
      // Some nodes refuse a whole batch with a single error.
      return matchAnswers(label, requests, Array.isArray(answers) ? answers : [answers]);
    },
    async close() {
      closing.abort();
    },
  };
}

async function post(label: string, url: string, body: string, closing: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.any([closing, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
    });
    const text = await response.text();
    // Nodes answer some JSON-RPC errors with a 4xx and a body that says which.
    if (!response.ok && !text.trimStart().startsWith('{')) {
      throw new AppError('RETRY', `${label} answered HTTP ${response.status}`);
    }
    return text;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error && cause.cause ? messageOf(cause.cause) : messageOf(cause);
    throw new AppError('RETRY', `${label} can't be reached: ${reason}`, { cause });
  }
}
