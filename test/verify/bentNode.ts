import { type RpcRequest, startNodeProxy } from '../chain/nodeProxy';

type Answer = { id: unknown; result?: unknown; error?: { code: number; message: string } };

/** A node in front of a real one that answers some calls in its own way. */
export interface BentNode {
  url: string;
  /** Given a call and the true answer, what to say instead; an Error is said as one. */
  bend: (call: RpcRequest, result: unknown) => unknown;
  /** Calls of each method so far. */
  readonly calls: Record<string, number>;
  close(): Promise<void>;
}

export async function startBentNode(target: string): Promise<BentNode> {
  const proxy = await startNodeProxy(target);
  const node: BentNode = { url: proxy.url, bend: (_, result) => result, calls: {}, close: () => proxy.close() };
  proxy.answer = async (requests) => {
    for (const { method } of requests) node.calls[method] = (node.calls[method] ?? 0) + 1;
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requests),
    });
    const answers = (await response.json()) as Answer[];
    const bent = answers.map((answer) => {
      const call = requests.find(({ id }) => id === answer.id) as RpcRequest;
      const said = node.bend(call, structuredClone(answer.result));
      if (!(said instanceof Error)) return answer.error ? answer : { ...answer, result: said };
      return { jsonrpc: '2.0', id: answer.id, error: { code: -32601, message: said.message } };
    });
    return { body: bent.length === 1 ? bent[0] : bent };
  };
  return node;
}
