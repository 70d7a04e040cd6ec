/** JSON-RPC over HTTP to the local chain. */
export type Rpc = ReturnType<typeof rpcTo>;

interface Answer {
  id: number;
  result?: unknown;
  error?: { code: number; message: string };
}

export class RpcError extends Error {
  override readonly name = 'RpcError';
}

const TIMEOUT_MS = 60_000;

/** Throws RpcError with the node's message; network failures and timeouts rise as they are. */
export function rpcTo(url: string) {
  const post = async (body: unknown): Promise<unknown> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.json();
  };
  const resultOf = (method: string, answer: Answer | undefined): unknown => {
    if (!answer || answer.error) throw new RpcError(`${method}: ${answer?.error?.message ?? 'no answer'}`);
    return answer.result;
  };
  return {
    url,
    async call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
      return resultOf(method, (await post({ jsonrpc: '2.0', id: 0, method, params })) as Answer) as T;
    },
    /** Many calls in one request, answered in their order. */
    async batch<T>(calls: readonly { method: string; params: readonly unknown[] }[]): Promise<T[]> {
      if (calls.length === 0) return [];
      const answers = (await post(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call })))) as Answer[];
      const byId = new Map(answers.map((answer) => [answer.id, answer]));
      return calls.map((call, id) => resultOf(call.method, byId.get(id)) as T);
    },
  };
}

export const toHex = (value: bigint | number): string => `0x${value.toString(16)}`;
