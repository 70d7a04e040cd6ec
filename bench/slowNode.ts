import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface SlowNode {
  /** The address for one client. Providers limit a key; a worker on a machine of its own has a line of its own. */
  urlOf(client: string): string;
  close(): Promise<void>;
}

/**
 * A provider far away, in front of a node that is near: every answer comes `latencyMs` later, and each client's requests
 * (whole batches count as one) are served one after the other, however many connections it opens.
 */
export async function startSlowNode(url: string, latencyMs: number): Promise<SlowNode> {
  const lines = new Map<string, Promise<unknown>>();
  const server = createServer((request, response) => {
    const client = request.url ?? '';
    const answered = (lines.get(client) ?? Promise.resolve()).then(async () => {
      const body = await read(request);
      await delay(latencyMs);
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    // A client that hung up, or a node that is gone: its connection breaks, and the next one has its turn.
    lines.set(
      client,
      answered.catch(() => response.destroy()),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    urlOf: (client) => `http://127.0.0.1:${port}/${client}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += chunk;
  return body;
}
