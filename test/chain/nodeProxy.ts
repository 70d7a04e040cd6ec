import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RpcRequest {
  id: number;
  method: string;
  params: unknown[];
}

type OwnAnswer = { status?: number; body: unknown } | undefined;

/** A node in front of a real one, with the manners of providers. */
export interface NodeProxy {
  url: string;
  /** The node that answers. */
  target: string;
  /** Connections are cut. */
  down: boolean;
  /** Answers instead of the node, where it returns something; a promise holds the request up. */
  answer: (requests: RpcRequest[], request: IncomingMessage) => OwnAnswer | Promise<OwnAnswer>;
  close(): Promise<void>;
}

export async function startNodeProxy(target: string): Promise<NodeProxy> {
  const server = createServer(async (request, response) => {
    if (proxy.down) return void request.socket.destroy();
    let body = '';
    for await (const chunk of request) body += chunk;
    const own = await proxy.answer([JSON.parse(body)].flat() as RpcRequest[], request);
    const headers = { 'content-type': 'application/json' };
    if (own) {
      response.writeHead(own.status ?? 200, headers).end(JSON.stringify(own.body));
      return;
    }
    // A node that ends may do so in the middle of its answer.
    const answer = await fetch(proxy.target, { method: 'POST', headers, body })
      .then(async (said) => ({ status: said.status, text: await said.text() }))
      .catch(() => undefined);
    if (!answer) return void request.socket.destroy();
    response.writeHead(answer.status, headers).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: NodeProxy = {
    url: `http://127.0.0.1:${port}`,
    target,
    down: false,
    answer: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

/** Every call of a request refused with one message. */
export function refusal(requests: RpcRequest[], message: string): { body: unknown } {
  const answers = requests.map(({ id }) => ({ jsonrpc: '2.0', id, error: { code: -32000, message } }));
  return { body: answers.length === 1 ? answers[0] : answers };
}
