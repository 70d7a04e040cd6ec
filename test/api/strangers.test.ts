import type { IncomingMessage } from 'node:http';
import { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { clientAddressBehind } from '../../api/limits/clientAddress';
import { describeWithRedis, startRedis } from '../run/redis';
import { type ApiHarness, openApi } from './harness';

const query = '{ indexStatus { synced } }';
const served = { indexStatus: { synced: false } };

/** A POST of somebody whom the proxy on this machine speaks for. */
const askFrom = async (harness: ApiHarness, address: string, document = query) => {
  const response = await fetch(`${harness.api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ query: document }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  const header = (name: string) => Number(response.headers.get(name) ?? Number.NaN);
  return {
    status: response.status,
    data,
    code: errors?.[0]?.extensions.code,
    remaining: header('ratelimit-remaining'),
    limit: header('ratelimit-limit'),
    reset: header('ratelimit-reset'),
    retryAfter: header('retry-after'),
  };
};

describe('an API that limits strangers', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await openApi({ trustProxy: ['127.0.0.1'], rateLimit: 20, maxSocketsPerAddress: 2 });
  });
  afterAll(() => harness.close());

  test('tells an address what it has left, and refuses it alone when that is nothing', async () => {
    const first = await askFrom(harness, '203.0.113.1');
    expect(first).toMatchObject({ status: 200, limit: 20, remaining: 19, data: served });
    expect(first.reset).toBeGreaterThan(0);
    expect(first.retryAfter).toBeNaN();
    for (let left = 18; left >= 0; left -= 1) expect((await askFrom(harness, '203.0.113.1')).remaining).toBe(left);
    const refused = await askFrom(harness, '203.0.113.1');
    expect(refused).toMatchObject({ status: 429, code: 'RATE_LIMITED', remaining: 0, data: undefined });
    expect(refused.retryAfter).toBeGreaterThan(0);
    expect(await askFrom(harness, '203.0.113.2')).toMatchObject({ status: 200, data: served });
    expect(await harness.ask(query)).toEqual({ status: 200, data: served });
  });

  test('charges by what an answer may hold', async () => {
    const large = '{ rewards(first: 100) { nodes { contribution { datanet { id } } } } }';
    expect(await askFrom(harness, '203.0.113.3', large)).toMatchObject({ status: 200, remaining: 16 });
    const larger = '{ rewards(first: 100) { nodes { contribution { influences { nodes { id } } } } } }';
    expect(await askFrom(harness, '203.0.113.3', larger)).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(await harness.ask(larger)).toMatchObject({ status: 200 });
  });

  /** Validating it takes the square of its fields. */
  const laborious = (fields: number) => `{ ${'__typename '.repeat(fields)}}`;

  test('charges for the work of validating what it has not seen yet', async () => {
    const ask = async (address: string, document: string) => (await askFrom(harness, address, document)).remaining;
    expect(await ask('203.0.113.11', '{ indexStatus { synced } again: indexStatus { synced } }')).toBe(19);
    expect(await ask('203.0.113.11', laborious(240))).toBe(13);
    expect(await ask('203.0.113.12', laborious(240))).toBe(19);
    expect(await askFrom(harness, '203.0.113.11', laborious(600))).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
    });
    expect(await askFrom(harness, '203.0.113.13', laborious(600))).toMatchObject({ status: 200, remaining: 0 });
    expect(await harness.ask(laborious(700))).toMatchObject({ status: 200 });
  });

  test('charges for it over a socket too, and before the work is done', async () => {
    const { socket } = await open('203.0.113.14');
    const acknowledged = message(socket, 'connection_ack');
    say(socket, { type: 'connection_init' });
    await acknowledged;
    for (const [id, text] of Object.entries({ a: laborious(600), b: '{ nothingOfThisName }' })) {
      const error = message(socket, 'error');
      say(socket, { type: 'subscribe', id, payload: { query: text } });
      expect(await error).toMatchObject({ id, payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
    }
    socket.terminate();
  });

  test('charges for what is no request, too', async () => {
    await expect(askFrom(harness, '203.0.113.4', '{')).resolves.toMatchObject({ status: 400, remaining: 19 });
    const nowhere = await fetch(`${harness.api.url}/nowhere`, { headers: { 'x-forwarded-for': '203.0.113.4' } });
    expect([nowhere.status, nowhere.headers.get('ratelimit-remaining')]).toEqual([404, '18']);
  });

  test('counts the addresses of one IPv6 network together', async () => {
    expect((await askFrom(harness, '2001:db8:1:2::a')).remaining).toBe(19);
    expect((await askFrom(harness, '2001:db8:1:2:ffff::b')).remaining).toBe(18);
    expect((await askFrom(harness, '2001:db8:1:3::a')).remaining).toBe(19);
  });

  test('never limits its own machine', async () => {
    for (let n = 0; n < 30; n += 1) expect((await harness.ask(query)).status).toBe(200);
  });

  const open = (address: string) =>
    new Promise<{ socket: WebSocket; status: number }>((resolve) => {
      const url = `${harness.api.url.replace('http', 'ws')}/graphql`;
      const socket = new WebSocket(url, 'graphql-transport-ws', { headers: { 'x-forwarded-for': address } });
      socket.once('open', () => resolve({ socket, status: 101 }));
      socket.once('unexpected-response', (_, response) => {
        socket.on('error', () => undefined);
        socket.terminate();
        resolve({ socket, status: response.statusCode ?? 0 });
      });
    });
  const closed = (socket: WebSocket) => {
    const done = new Promise<number>((resolve) => socket.once('close', resolve));
    return done;
  };
  /** The next message of that type. */
  const message = (socket: WebSocket, type: string) =>
    new Promise<{ id?: string; payload?: unknown }>((resolve) => {
      const listen = (bytes: Buffer) => {
        const parsed = JSON.parse(String(bytes)) as { type: string; id?: string; payload?: unknown };
        if (parsed.type !== type) return;
        socket.off('message', listen);
        resolve(parsed);
      };
      socket.on('message', listen);
    });
  const say = (socket: WebSocket, value: object) => socket.send(JSON.stringify(value));

  test('gives an address so many sockets, and another one when one is closed', async () => {
    const { socket: first } = await open('203.0.113.5');
    const { socket: second } = await open('203.0.113.5');
    expect((await open('203.0.113.5')).status).toBe(429);
    const other = await open('203.0.113.6');
    expect(other.status).toBe(101);
    const done = closed(first);
    first.close();
    await done;
    const again = await open('203.0.113.5');
    expect(again.status).toBe(101);
    for (const socket of [second, other.socket, again.socket]) socket.terminate();
  });

  test('charges each operation of a socket, and refuses one without ending the socket', async () => {
    const { socket } = await open('203.0.113.7');
    const acknowledged = message(socket, 'connection_ack');
    say(socket, { type: 'connection_init' });
    await acknowledged;
    const running = message(socket, 'next');
    say(socket, { type: 'subscribe', id: 'live', payload: { query: 'subscription { indexStatus { name } }' } });
    for (let n = 0; n < 18; n += 1) {
      const answer = message(socket, 'next');
      say(socket, { type: 'subscribe', id: `q${n}`, payload: { query } });
      expect((await answer).payload).toEqual({ data: served });
    }
    const error = message(socket, 'error');
    say(socket, { type: 'subscribe', id: 'more', payload: { query } });
    expect(await error).toMatchObject({
      id: 'more',
      payload: [{ extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } }],
    });
    const pong = message(socket, 'pong');
    say(socket, { type: 'ping' });
    await pong;
    const ended = closed(socket);
    for (let n = 0; n < 120; n += 1) say(socket, { type: 'ping' });
    expect(await ended).toBe(4429);
    void running;
    expect(await harness.ask(query)).toEqual({ status: 200, data: served });
  });

  test('runs a hundred operations over one socket at a time', async () => {
    const client = harness.socket();
    const refused = new Promise((resolve) => {
      for (let n = 0; n < 101; n += 1) {
        client.subscribe(
          { query: 'subscription { events { cursor } }' },
          { next: () => undefined, complete: () => undefined, error: resolve },
        );
      }
    });
    expect(await refused).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  });
});

test('whoever is not a trusted proxy may write into X-Forwarded-For what it likes', async () => {
  const address = clientAddressBehind(['10.0.0.0/8', '::1', 'fd00::/8']);
  const from = (remoteAddress: string, forwarded?: string) =>
    address({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage);
  expect(from('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
  expect(from('203.0.113.9', '127.0.0.1')).toBe('203.0.113.9');
  expect(from('127.0.0.1', '198.51.100.1')).toBeNull();
  expect(from('::ffff:127.0.0.1')).toBeNull();
  expect(from('::ffff:10.0.0.1', '198.51.100.1')).toBe('198.51.100.1');
  expect(from('10.0.0.1', '127.0.0.1, 198.51.100.1, 10.3.2.1')).toBe('198.51.100.1');
  expect(from('10.0.0.1', '198.51.100.1:4711')).toBe('198.51.100.1');
  expect(from('10.0.0.1', 'rubbish')).toBe('10.0.0.1');
  expect(from('10.0.0.1')).toBe('10.0.0.1');
  expect(from('fd00::1', '[2001:db8::1]:80')).toBe('2001:db8:0:0::/64');
  expect(from('2001:0DB8:0:0:0:0:0:1')).toBe('2001:db8:0:0::/64');
  expect(from('::1')).toBeNull();
});

describeWithRedis('APIs that share a Redis', () => {
  test('count together, and each for itself while it is away', async () => {
    const server = await startRedis();
    const options = { enableOfflineQueue: false, maxRetriesPerRequest: 1, disconnectTimeout: 100 };
    const clients = [new Redis(server.url, options), new Redis(server.url, options)];
    for (const client of clients) client.on('error', () => undefined);
    await Promise.all(clients.map((client) => new Promise((resolve) => client.once('ready', resolve))));
    const apis = await Promise.all(
      clients.map((redis) => openApi({ trustProxy: ['127.0.0.1'], rateLimit: 20, redis })),
    );
    const [one, other] = apis as [ApiHarness, ApiHarness];
    try {
      expect((await askFrom(one, '203.0.113.1')).remaining).toBe(19);
      expect((await askFrom(other, '203.0.113.1')).remaining).toBe(18);
      for (const client of clients) client.disconnect();
      expect(await askFrom(one, '203.0.113.1')).toMatchObject({ status: 200, remaining: 19 });
    } finally {
      await Promise.all(apis.map((api) => api.close()));
      await server.close();
    }
  });
});
