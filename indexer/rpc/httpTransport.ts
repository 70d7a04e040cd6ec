import { AppError, messageOf, withoutCredentials } from '../../schema/appError';
import { CALL_TIMEOUT_MS, matchAnswers, type RpcAnswer, type RpcCall, type Transport } from './transport';

/** JSON-RPC over HTTP: a batch is one POST. */
export function httpTransport(url: string): Transport {
  const label = withoutCredentials(url);
  const endpoint = endpointOf(url);
  let nextId = 1;
  /** The largest batch that it answers, as far as is known. */
  let maxBatch = Number.POSITIVE_INFINITY;
  const closing = new AbortController();

  async function sendBatch(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const requests = calls.map(({ method, params }) => ({ jsonrpc: '2.0' as const, id: nextId++, method, params }));
    const text = await post(
      label,
      endpoint,
      JSON.stringify(requests.length === 1 ? requests[0] : requests),
      closing.signal,
    );
    let answers: unknown;
    try {
      answers = JSON.parse(text);
    } catch (cause) {
      throw new AppError('RETRY', `${label} answered something that is not JSON: ${text.slice(0, 80)}`, { cause });
    }
    if (Array.isArray(answers) && !isRefusedBatch(requests.length, answers)) {
      return matchAnswers(label, requests, answers);
    }
    if (requests.length === 1) return matchAnswers(label, requests, [answers].flat());
    // One error for a whole batch: providers limit batches, and say so in many ways. Smaller ones from now on.
    maxBatch = Math.min(maxBatch, Math.ceil(requests.length / 2));
    return sendAll(calls);
  }

  async function sendAll(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const answers: RpcAnswer[] = [];
    while (answers.length < calls.length) {
      answers.push(...(await sendBatch(calls.slice(answers.length, answers.length + maxBatch))));
    }
    return answers;
  }

  return {
    label,
    send: sendAll,
    async close() {
      closing.abort();
    },
  };
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

function isRefusedBatch(requests: number, answers: readonly unknown[]): boolean {
  if (requests === 1 || answers.length !== 1) return false;
  return (answers[0] as { id?: unknown } | null)?.id === null;
}

/** Too many requests, or none at all without a better key: another endpoint may answer, a smaller request won't help. */
const REFUSED_CLIENT = [401, 403, 429];

async function post(label: string, endpoint: Endpoint, body: string, closing: AbortSignal): Promise<string> {
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: endpoint.headers,
      body,
      signal: AbortSignal.any([closing, AbortSignal.timeout(CALL_TIMEOUT_MS)]),
    });
    const text = await response.text();
    // Nodes answer some JSON-RPC errors with a 4xx and a body that says which.
    if (REFUSED_CLIENT.includes(response.status) || (!response.ok && !/^\s*[{[]/.test(text))) {
      throw new AppError('RETRY', `${label} answered HTTP ${response.status}`);
    }
    return text;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error && cause.cause ? messageOf(cause.cause) : messageOf(cause);
    throw new AppError('RETRY', `${label} can't be reached: ${reason}`, { cause });
  }
}
