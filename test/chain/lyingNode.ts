import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RpcRequest } from './nodeProxy';

/** Said as a JSON-RPC error in place of a result. */
export class Refusal {
  constructor(
    readonly message: string,
    readonly code = -32000,
  ) {}
}

export type Answer = { jsonrpc: '2.0'; id: number | null; result?: unknown; error?: { code: number; message: string } };

/** Given a call and its true result, what is said instead: another result, or a Refusal. */
export type Bend = (call: RpcRequest, honest: unknown) => unknown;

/** A node in front of an honest one, over http and ws, that bends what it says. */
export interface LyingNode {
  url: string;
  wsUrl: string;
  /** URL of the honest node; of several, each request goes to the next one, as behind a load balancer. */
  target: string | string[];
  bend: Bend;
  /** Sends the whole answer in its own way over http; true: done. */
  reply: (answers: Answer[], response: ServerResponse, requests: RpcRequest[]) => boolean | Promise<boolean>;
  /** What goes out over ws for a request, and what for a head that is announced; undefined: nothing. */
  wsReply: (answers: Answer[], requests: RpcRequest[]) => unknown;
  /** HTTP requests and ws messages so far. */
  readonly requests: number;
  /** Announces a head to every subscriber. */
  announce(): void;
  /** Cuts every ws connection. */
  cut(): void;
  close(): Promise<void>;
}

export async function startLyingNode(target: string | string[]): Promise<LyingNode> {
  let requests = 0;
  const sockets = new Set<WebSocket>();

  const answersTo = async (calls: RpcRequest[]): Promise<Answer[] | undefined> => {
    const targets = [node.target].flat();
    const url = targets[requests++ % targets.length] as string;
    const body = JSON.stringify(calls);
    const headers = { 'content-type': 'application/json' };
    // A node that ends may do so in the middle of its answer.
    const answers = await fetch(url, { method: 'POST', headers, body })
      .then((response) => response.json())
      .catch(() => undefined);
    if (!answers) return undefined;
    const honest = [answers].flat() as Answer[];
    return honest.map((answer) => {
      if (answer.error) return answer;
      const call = calls.find(({ id }) => id === answer.id) as RpcRequest;
      const said = node.bend(call, answer.result);
      if (!(said instanceof Refusal)) return { ...answer, result: said };
      return { jsonrpc: '2.0', id: answer.id, error: { code: said.code, message: said.message } };
    });
  };

  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const parsed = JSON.parse(body) as RpcRequest | RpcRequest[];
    const calls = [parsed].flat();
    const answers = await answersTo(calls);
    if (!answers) return void request.socket.destroy();
    if (await node.reply(answers, response, calls)) return;
    sendJson(response, Array.isArray(parsed) ? answers : answers[0]);
  });
  const ws = new WebSocketServer({ server });
  ws.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', async (data) => {
      const parsed = JSON.parse(String(data)) as RpcRequest | RpcRequest[];
      const calls = [parsed].flat();
      const isSubscription = calls[0]?.method === 'eth_subscribe';
      const answers = isSubscription
        ? [{ jsonrpc: '2.0' as const, id: calls[0]?.id ?? null, result: '0x1' }]
        : await answersTo(calls);
      if (!answers) return socket.terminate();
      const said = node.wsReply(answers, calls);
      if (said !== undefined)
        socket.send(JSON.stringify(said === answers && !Array.isArray(parsed) ? answers[0] : said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const node: LyingNode = {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    target,
    bend: (_, honest) => honest,
    reply: () => false,
    wsReply: (answers) => answers,
    get requests() {
      return requests;
    },
    announce() {
      const params = { subscription: '0x1', result: {} };
      for (const socket of sockets) {
        socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params }));
      }
    },
    cut() {
      for (const socket of sockets) socket.terminate();
    },
    close: () =>
      new Promise((resolve) => {
        node.cut();
        ws.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return node;
}

export function sendJson(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
