import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { HttpEndpoint } from '../../indexer/rpc/httpEndpoint';
import { UnfinishedAnswer } from '../../indexer/rpc/transport';

type Handle = (request: IncomingMessage & { body: string }, response: ServerResponse) => void;

/** Where Node tells of an answer whose head a client has read. */
const BEGUN = 'http.client.response.finish';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function serve(handle: Handle): Promise<{ url: string; server: Server; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    handle(Object.assign(request, { body }), response);
  });
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    close() {
      server.close();
      server.closeAllConnections();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, sockets };
}

function endpointAt(url: string, limits: Partial<{ timeoutMs: number; bytes: number }> = {}): HttpEndpoint {
  const endpoint = new HttpEndpoint(url, { timeoutMs: 5_000, bytes: 1_000_000, ...limits });
  opened.push(endpoint);
  return endpoint;
}

const said = async (endpoint: HttpEndpoint, body = '{}') => {
  const { status, bytes } = await endpoint.post(body);
  return `${status} ${bytes}`;
};

it('requests go out one after the other over a connection that is kept', async () => {
  const { url, sockets } = await serve(({ method, headers, body }, response) =>
    response.end(JSON.stringify([method, headers['content-type'], body])),
  );
  const endpoint = endpointAt(url);
  for (const body of ['1', '2', '3']) {
    expect(await said(endpoint, body)).toBe(`200 ["POST","application/json","${body}"]`);
  }
  expect(sockets).toHaveLength(1);
});

it('a kept connection that the server ends as a request comes is replaced by another', async () => {
  let requests = 0;
  const { url, sockets } = await serve((request, response) => {
    if (++requests === 2) request.socket.destroy();
    else response.end('{"a":1}');
  });
  const endpoint = endpointAt(url);
  expect(await said(endpoint)).toBe('200 {"a":1}');
  expect(await said(endpoint)).toBe('200 {"a":1}');
  expect([requests, sockets.length]).toEqual([3, 2]);
});

it('a new connection that is cut without an answer is no answer', async () => {
  let requests = 0;
  const { url } = await serve((request) => {
    requests++;
    request.socket.destroy();
  });
  await expect(said(endpointAt(url))).rejects.toThrow(`${url} can't be reached`);
  expect(requests).toBe(1);
});

describe('an answer that is', () => {
  const answer = `[${'1,'.repeat(50_000)}2]`;
  const packedAnswer = { gzip: gzipSync(answer), deflate: deflateSync(answer) };

  it.each(['gzip', 'deflate'] as const)('packed by %s is unpacked', async (encoding) => {
    const { url } = await serve(({ headers }, response) => {
      expect(headers['accept-encoding']).toContain(encoding);
      response.writeHead(200, { 'content-encoding': encoding }).end(packedAnswer[encoding]);
    });
    expect(await said(endpointAt(url))).toBe(`200 ${answer}`);
  });

  it('larger than it may be only when it is unpacked is given up', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packedAnswer.gzip),
    );
    const given = said(endpointAt(url, { bytes: 50_000 }));
    await expect(given).rejects.toMatchObject({ isTooLarge: true });
  });

  it('packed and cut off, or not packed at all as it says, is unfinished', async () => {
    const { url } = await serve(({ body }, response) => {
      const bytes = body === 'cut' ? packedAnswer.gzip.subarray(0, 60) : Buffer.from(answer);
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes);
    });
    for (const body of ['cut', 'plain']) await expect(said(endpointAt(url), body)).rejects.toThrow(UnfinishedAnswer);
  });

  it('shorter than it promises is unfinished', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"a":', () => request.socket.destroy());
    });
    await expect(said(endpointAt(url))).rejects.toThrow(UnfinishedAnswer);
  });

  it('begun, and never ended, is given up in time', async () => {
    const { url } = await serve((_, response) => response.writeHead(200).write('{'));
    const begun = new Promise<void>((resolve) => {
      subscribe(BEGUN, function once() {
        unsubscribe(BEGUN, once);
        resolve();
      });
    });
    // The time is over when the answer has begun, however long that took.
    jest.useFakeTimers({
      doNotFake: ['Date', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval'],
    });
    try {
      const waiting = said(endpointAt(url, { timeoutMs: 100 }));
      waiting.catch(() => undefined);
      await begun;
      jest.advanceTimersByTime(100);
      await expect(waiting).rejects.toThrow(`${url} didn't finish its answer: it took longer than 0.1 s`);
    } finally {
      jest.useRealTimers();
    }
  });

  it('never begun is given up in time', async () => {
    const { url } = await serve(() => undefined);
    await expect(said(endpointAt(url, { timeoutMs: 100 }))).rejects.toThrow(`${url} didn't answer within 0.1 s`);
  });
});

it('whoever waits for an answer when the endpoint is closed waits no longer', async () => {
  let came: () => void;
  const here = new Promise<void>((resolve) => {
    came = resolve;
  });
  const { url } = await serve(() => came());
  const endpoint = endpointAt(url);
  const waiting = said(endpoint);
  waiting.catch(() => undefined);
  await here;
  endpoint.close();
  await expect(waiting).rejects.toThrow(`${url} can't be reached`);
  await expect(said(endpoint)).rejects.toThrow(`${url} can't be reached`);
});

describe('an endpoint that has moved', () => {
  it.each([301, 302, 307, 308])('by %i is asked the same there', async (status) => {
    const { url } = await serve((request, response) => {
      if (request.url === '/new') response.end(JSON.stringify([request.method, request.body]));
      else response.writeHead(status, { location: '/new' }).end();
    });
    expect(await said(endpointAt(`${url}/old`), 'asked')).toBe('200 ["POST","asked"]');
  });

  it('gets the key of its URL again, and another host does not', async () => {
    const keys: (string | undefined)[] = [];
    const other = await serve(({ headers }, response) => {
      keys.push(headers.authorization);
      response.end('{}');
    });
    const { url } = await serve((request, response) => {
      keys.push(request.headers.authorization);
      response.writeHead(307, { location: request.url === '/' ? '/here' : other.url }).end();
    });
    await said(endpointAt(url.replace('//', '//me:my%20word@')));
    const key = `Basic ${Buffer.from('me:my word').toString('base64')}`;
    expect(keys).toEqual([key, key, undefined]);
  });

  it('and moves on without end is left, and a place that is none as well', async () => {
    const { url } = await serve((request, response) =>
      response.writeHead(307, { location: request.url === '/file' ? 'file:///etc/passwd' : '/' }).end(),
    );
    await expect(said(endpointAt(url))).rejects.toThrow("can't be reached: more than 5 redirects");
    await expect(said(endpointAt(`${url}/file`))).rejects.toThrow("can't be reached: a redirect to file:");
  });
});

it('a busy endpoint says when to come back, in seconds or as a date', async () => {
  const { url } = await serve(({ body }, response) => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    response.writeHead(body === 'date' ? 503 : 429, { 'retry-after': body === 'date' ? inAMinute : '7' }).end();
  });
  const endpoint = endpointAt(url);
  await expect(said(endpoint)).rejects.toMatchObject({ retryAfterMs: 7_000 });
  const { retryAfterMs } = await endpoint.post('date').catch((error) => error);
  expect(Math.round(retryAfterMs / 10_000)).toBe(6);
});
