import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { inParts, Messages } from '../../api/live/messages';
import fc from '../run/fastCheck';
import { until } from '../run/until';

/** Our frames go to a socket of the `ws` package as they are: what it makes of them is what a client hears. */
let server: Server;
let stream: Duplex;
let client: WebSocket;
let heard: string[] = [];
beforeAll(async () => {
  server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    stream = socket;
    sockets.handleUpgrade(request, socket, head, () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  client.on('message', (data, isBinary) => heard.push(isBinary ? 'binary' : String(data)));
  await once(client, 'open');
});
afterAll(async () => {
  client.terminate();
  await new Promise((resolve) => server.close(resolve));
});

async function heardOf(messages: Messages, id: string): Promise<unknown[]> {
  heard = [];
  stream.write(messages.frames(JSON.stringify(id)));
  await until(() => heard.length === messages.results.length || client.readyState !== WebSocket.OPEN);
  return heard.map((text) => JSON.parse(text));
}
const next = (id: string, payload: unknown) => ({ id, type: 'next', payload });

test('whatever the results and the id are, each result is a message of its own', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
      async (payloads, id) => {
        const plain = payloads.map((payload) => JSON.parse(JSON.stringify(payload)) as unknown);
        const messages = new Messages(plain.map((payload) => JSON.stringify(payload)));
        expect(await heardOf(messages, id)).toEqual(plain.map((payload) => next(id, payload)));
      },
    ),
    { numRuns: 50 },
  );
});

/** Around each length at which the head of a frame grows (RFC 6455, 5.2). */
test.each([125, 126, 127, 65_535, 65_536, 65_537, 200_000])('a message of %i bytes comes whole', async (length) => {
  const around = Buffer.byteLength(JSON.stringify(next('1', '')));
  const text = 'é'.repeat(Math.floor((length - around) / 2)) + 'x'.repeat((length - around) % 2);
  const messages = new Messages([JSON.stringify(text), '1']);
  expect(await heardOf(messages, '1')).toEqual([next('1', text), next('1', 1)]);
  expect(Buffer.byteLength(heard[0] as string)).toBe(length);
});

test('clients whose ids are as long as each other, longer, or the same get their own id', async () => {
  const messages = new Messages(['{"a":1}', '{"a":2}']);
  for (const id of ['1', '2', '2', 'a longer one', '1', 'ö', '"', '😀', '1']) {
    expect(await heardOf(messages, id)).toEqual([next(id, { a: 1 }), next(id, { a: 2 })]);
  }
});

test('clients with the same id share their bytes, and those with another never see theirs change', () => {
  const messages = new Messages(['{"a":1}']);
  const first = messages.frames('"1"');
  expect(messages.frames('"1"')).toBe(first);
  const copy = Buffer.from(first);
  expect(messages.frames('"2"')).not.toBe(first);
  expect(first).toEqual(copy);
});

test('as events, each result is one, on one line of data', () => {
  expect(new Messages(['{"a":1}', '{"a":"\\n"}']).asEvents()).toBe(
    'event: next\ndata: {"a":1}\n\nevent: next\ndata: {"a":"\\n"}\n\n',
  );
});

test('parts hold everything in order, and only what is too long by itself is longer than what is sent at a time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 30 }), (lengths) => {
      const results = lengths.map((length, n) => String(n % 10).repeat(length));
      const parts = inParts(results);
      expect(parts.flat()).toEqual(results);
      for (const part of parts) {
        expect(part.length).toBeGreaterThan(0);
        expect(part.length === 1 || part.join('').length <= 32_768).toBe(true);
      }
    }),
  );
});
