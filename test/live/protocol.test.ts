import { WebSocket } from 'ws';
import { openFakeChain } from '../api/fakeChain';
import { type ApiHarness, openApi } from '../api/harness';
import { loopOnce } from '../api/loop';
import { startCursor } from '../api/stream';
import { until } from '../run/until';

/** Something of ours that fails before an operation runs. */
const FAULT = 'ofWhichWeKnowNothing';
jest.mock('../../api/limits/readDocument', () => {
  const actual = jest.requireActual('../../api/limits/readDocument') as typeof import('../../api/limits/readDocument');
  return {
    ...actual,
    unitsToValidate(document: Parameters<typeof actual.unitsToValidate>[0]) {
      if (document.loc?.source.body.includes(FAULT)) throw new TypeError('a fault');
      return actual.unitsToValidate(document);
    },
  };
});

let harness: ApiHarness;
beforeAll(async () => {
  harness = await openApi({ limits: { progressMs: 300 } });
  await (await openFakeChain(harness.database.pool)).extend(loopOnce);
});
afterAll(() => harness.close());

interface Raw {
  socket: WebSocket;
  messages: { id?: string; type: string; payload?: unknown }[];
  closed: { code: number; reason: string } | undefined;
}

/** A client that keeps to no protocol but what a test sends. */
async function open(protocol = 'graphql-transport-ws'): Promise<Raw> {
  const socket = new WebSocket(`${harness.api.url.replace('http', 'ws')}/graphql`, protocol);
  const raw: Raw = { socket, messages: [], closed: undefined };
  socket.on('message', (data) => raw.messages.push(JSON.parse(String(data))));
  socket.on('close', (code, reason) => {
    raw.closed = { code, reason: String(reason) };
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return raw;
}
const say = ({ socket }: Raw, message: object | string) =>
  socket.send(typeof message === 'string' ? message : JSON.stringify(message));
async function acknowledged(): Promise<Raw> {
  const raw = await open();
  say(raw, { type: 'connection_init' });
  await until(() => raw.messages.length === 1);
  return raw;
}
const subscribe = (id: string, query = 'subscription { events { cursor op } }') => ({
  id,
  type: 'subscribe',
  payload: { query },
});

test('an operation before the acknowledgement closes with 4401', async () => {
  const raw = await open();
  say(raw, subscribe('1'));
  await until(() => raw.closed !== undefined);
  expect(raw.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
});

test('a second connection_init closes with 4429', async () => {
  const raw = await acknowledged();
  say(raw, { type: 'connection_init' });
  await until(() => raw.closed !== undefined);
  expect(raw.closed?.code).toBe(4429);
});

test('a socket without connection_init is closed with 4408', async () => {
  const raw = await open();
  await until(() => raw.closed !== undefined);
  expect(raw.closed?.code).toBe(4408);
});

test('a subscription whose id is taken closes with 4409, and one whose id is free again does not', async () => {
  const raw = await acknowledged();
  say(raw, subscribe('1'));
  await until(() => raw.messages.some(({ id }) => id === '1'));
  say(raw, { id: '1', type: 'complete' });
  say(raw, subscribe('1'));
  const before = raw.messages.length;
  await until(() => raw.messages.length > before);
  expect(raw.closed).toBeUndefined();
  say(raw, subscribe('1'));
  await until(() => raw.closed !== undefined);
  expect(raw.closed).toEqual({ code: 4409, reason: 'Subscriber for 1 already exists' });
});

test.each([
  '{',
  'null',
  '[]',
  '{"type":"nothing"}',
  '{"id":"1","type":"subscribe"}',
  '{"id":1,"type":"subscribe","payload":{"query":"{x}"}}',
  '{"id":"1","type":"subscribe","payload":{"query":"{x}","variables":[]}}',
  '{"id":"","type":"complete"}',
])('%s closes with 4400', async (text) => {
  const raw = await acknowledged();
  say(raw, text);
  await until(() => raw.closed !== undefined);
  expect(raw.closed?.code).toBe(4400);
});

test('a frame of more than 64 KB closes with 1009', async () => {
  const raw = await acknowledged();
  say(raw, 'x'.repeat(70_000));
  await until(() => raw.closed !== undefined);
  expect(raw.closed?.code).toBe(1009);
});

test('another subprotocol is refused, or closed with 4406', async () => {
  const raw = await open('graphql-ws').catch(() => undefined);
  if (!raw) return;
  await until(() => raw.closed !== undefined);
  expect(raw.closed?.code).toBe(4406);
});

test('a ping is answered, and a completed operation is not heard of again', async () => {
  const raw = await acknowledged();
  say(raw, { type: 'ping', payload: { n: 1 } });
  await until(() => raw.messages.some(({ type }) => type === 'pong'));
  say(raw, subscribe('a'));
  await until(() => raw.messages.some(({ id }) => id === 'a'));
  say(raw, { id: 'a', type: 'complete' });
  say(raw, { type: 'ping' });
  await until(() => raw.messages.filter(({ type }) => type === 'pong').length === 2);
  const after = raw.messages.length;
  // Two others are told of their progress meanwhile: the one that was completed would have been too.
  say(raw, subscribe('b'));
  await until(() => raw.messages.filter(({ id }) => id === 'b').length > 2);
  expect(raw.messages.slice(after).filter(({ id }) => id === 'a')).toEqual([]);
  raw.socket.close();
});

test('an id that JSON has to escape comes back as it was', async () => {
  const raw = await acknowledged();
  const id = 'a"\\\u2028 é';
  say(raw, subscribe(id));
  await until(() => raw.messages.some(({ type }) => type === 'next'));
  expect(raw.messages.at(-1)).toMatchObject({ id, type: 'next', payload: { data: { events: { op: 'PROGRESS' } } } });
  raw.socket.close();
});

test('a broken subscription ends by itself, and the others go on', async () => {
  const raw = await acknowledged();
  say(raw, subscribe('good'));
  for (let n = 0; n < 50; n++) say(raw, subscribe(`bad${n}`, 'subscription { events(after: "rubbish") { cursor } }'));
  await until(() => raw.messages.filter(({ type }) => type === 'error').length === 50);
  const before = raw.messages.filter(({ id }) => id === 'good').length;
  await until(() => raw.messages.filter(({ id }) => id === 'good').length > before + 1);
  expect(raw.closed).toBeUndefined();
  raw.socket.close();
});

test('a fault of ours ends the operation that met it, as INTERNAL, and no other', async () => {
  const raw = await acknowledged();
  say(raw, subscribe('good'));
  say(raw, subscribe('bad', `{ ${FAULT} }`));
  await until(() => raw.messages.some(({ id }) => id === 'bad'));
  expect(raw.messages.find(({ id }) => id === 'bad')).toEqual({
    id: 'bad',
    type: 'error',
    payload: [{ message: expect.stringContaining('Internal error'), extensions: { code: 'INTERNAL' } }],
  });
  const before = raw.messages.length;
  await until(() => raw.messages.length > before);
  expect(raw.closed).toBeUndefined();
  expect(harness.failures.splice(0)).toMatchObject([{ fields: { error: 'a fault' } }]);
  raw.socket.close();
});

test('variables that are left out have their defaults in what is delivered, too', async () => {
  const raw = await acknowledged();
  const query = `subscription ($after: ChangeCursor, $with: Boolean = true, $first: Int = 1) {
    inferences(after: $after) { op inference @include(if: $with) { influences(first: $first) { totalCount nodes { id } } } }
  }`;
  say(raw, { id: 'a', type: 'subscribe', payload: { query, variables: { after: startCursor } } });
  const applied = () => raw.messages.find(({ payload }) => JSON.stringify(payload)?.includes('"APPLY"'));
  await until(() => applied() !== undefined);
  const influences = { totalCount: expect.any(Number), nodes: [{ id: expect.any(String) }] };
  expect(applied()).toMatchObject({ payload: { data: { inferences: { op: 'APPLY', inference: { influences } } } } });
  raw.socket.close();
});
