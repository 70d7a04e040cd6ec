/** Of each method that a node knows: the result as JSON text. */
export type Methods = Readonly<Record<string, (params: unknown[]) => string>>;

interface Request {
  id: unknown;
  method: string;
  params?: unknown[];
}

/** The answer to the text of a JSON-RPC call, or of a batch of them. */
export function answerCalls(methods: Methods, text: string): string {
  const asked = JSON.parse(text) as Request | Request[];
  const answer = ({ id, method, params = [] }: Request): string => {
    const result = methods[method]?.(params);
    return result === undefined
      ? `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":{"code":-32601,"message":"no method ${method}"}}`
      : `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`;
  };
  return Array.isArray(asked) ? `[${asked.map(answer).join(',')}]` : answer(asked);
}
