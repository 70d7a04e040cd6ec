import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { type FakeChain, openFakeChain } from '../api/fakeChain';
import { type ApiHarness, openApi } from '../api/harness';
import { loopOnce, rewardFor } from '../api/loop';
import { haveAll, type Message, nobodyFollows, startCursor } from '../api/stream';
import { until } from '../run/until';
import { type EventStream, openEventStream, post } from './eventStream';

const rewards = `subscription ($after: ChangeCursor, $where: RewardFilter) {
  rewards(after: $after, where: $where) { cursor op id reward { id } }
}`;
const beneficiary = `0x${'b1'.padStart(40, '0')}`;

let harness: ApiHarness;
let chain: FakeChain;
beforeAll(async () => {
  harness = await openApi({ limits: { progressMs: 300 } });
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([...loopOnce, [rewardFor(beneficiary, 5n)]]);
});
afterAll(() => harness.close());

const url = () => `${harness.api.url}/graphql/stream`;
const messages = ({ events }: EventStream): Message[] =>
  events.flatMap(({ event, data }) => (event === 'next' ? [JSON.parse(data).data.rewards as Message] : []));
const told = (stream: EventStream) =>
  messages(stream).flatMap(({ op, id }) => (op === 'PROGRESS' ? [] : [`${op} ${id}`]));
const codes = ({ events }: EventStream) =>
  events.map(({ event, data }) => (event === 'next' ? JSON.parse(data).errors[0].extensions.code : event));

/** Messages, to everybody. */
const delivered = async ({ api }: ApiHarness) =>
  Number(/^flywheel_deliveries\S* (\d+)/m.exec(await (await fetch(`${api.url}/metrics`)).text())?.[1]);

test('a subscription over SSE: what was, what comes, and where to go on', async () => {
  const stream = await openEventStream(url(), post(rewards, { after: startCursor }));
  expect(stream.status).toBe(200);
  expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(stream.headers.get('access-control-allow-origin')).toBe('*');
  await haveAll(() => messages(stream), harness);
  expect(told(stream)).toEqual(['APPLY reward:31337:3-0']);
  await chain.extend([[rewardFor(beneficiary, 6n)]]);
  await chain.reorg(1, [[]]);
  await until(() => told(stream).length === 3);
  expect(told(stream).slice(1)).toEqual(['APPLY reward:31337:4-0', 'RETRACT reward:31337:4-0']);
  const cursor = messages(stream).find(({ id }) => id === 'reward:31337:4-0')?.cursor;
  stream.stop();
  const rest = await openEventStream(url(), post(rewards, { after: cursor }));
  await haveAll(() => messages(rest), harness);
  expect(told(rest)).toEqual(['RETRACT reward:31337:4-0']);
  rest.stop();
  await nobodyFollows(harness);
});

test('by GET, as EventSource asks, and a query is one event and the end', async () => {
  const asked = new URLSearchParams({
    query: 'query ($id: ID!) { reward(id: $id) { id } }',
    variables: JSON.stringify({ id: 'reward:31337:3-0' }),
  });
  const stream = await openEventStream(`${url()}?${asked}`);
  await until(() => stream.ended);
  expect(stream.events).toEqual([
    { event: 'next', data: '{"data":{"reward":{"id":"reward:31337:3-0"}}}' },
    { event: 'complete', data: '' },
  ]);
});

test.each([
  ['subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
  [rewards, { after: 'rubbish' }, 'BAD_USER_INPUT'],
  [rewards, { where: { amount: { gt: 'x' } } }, 'BAD_USER_INPUT'],
])('what is wrong with %s %j comes as an event', async (query, variables, code) => {
  const stream = await openEventStream(url(), post(query, variables));
  expect(stream.status).toBe(200);
  await until(() => stream.ended);
  expect(codes(stream)).toEqual([code, 'complete']);
});

test.each([
  [{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query": 5}' }, 400],
  [{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query": "{x}", "variables": []}' }, 400],
  [{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }, 400],
  [{ method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }, 415],
  [{ method: 'GET' }, 400],
  [{ method: 'DELETE' }, 405],
])('what is no request at all has a status: %j', async (init, status) => {
  expect((await fetch(url(), init)).status).toBe(status);
});

test('a restart ends streams without a complete, so that clients come again', async () => {
  const stream = await openEventStream(url(), post(rewards));
  await until(() => stream.events.length > 0);
  const cursor = messages(stream)[0]?.cursor;
  await harness.restart();
  await until(() => stream.ended);
  expect(stream.events.map(({ event }) => event)).not.toContain('complete');
  const next = await openEventStream(url(), post(rewards, { after: cursor }));
  await until(() => next.events.length > 0);
  next.stop();
});

test('who comes again while a restart still waits for others does not hold it up', async () => {
  const deaf = new WebSocket(url().replace('http', 'ws').replace('/stream', ''), 'graphql-transport-ws');
  await once(deaf, 'open');
  // The restart waits for it to answer the close.
  deaf.pause();
  let opened = 0;
  let restarted = false;
  const comeAgain = async () => {
    while (!restarted) {
      const stream = await openEventStream(url(), post(rewards)).catch(() => undefined);
      if (stream?.status !== 200) continue;
      opened += 1;
      await until(() => stream.ended || restarted);
      stream.stop();
    }
  };
  const coming = comeAgain();
  await until(() => opened === 1);
  await harness.restart();
  restarted = true;
  await coming;
  expect(opened).toBeGreaterThan(1);
  deaf.terminate();
});

test('who takes nothing of a stream does not hold up a restart', async () => {
  const beneficiary = `0x${'b9'.padStart(40, '0')}`;
  await chain.extend([Array.from({ length: 2_000 }, () => rewardFor(beneficiary, 1n))]);
  // More than the connection's buffers hold, told by few changes.
  const long = ['a', 'b', 'c', 'd'].map((letter) => `${letter.repeat(1_000)}: id`);
  const query = rewards.replace('reward { id }', `reward { ${long.join(' ')} }`);
  const { host, hostname, port } = new URL(url());
  const body = JSON.stringify({
    query,
    variables: { after: startCursor, where: { beneficiary: { eq: beneficiary } } },
  });
  const deaf = connect({ host: hostname, port: Number(port) }).pause();
  deaf.on('error', () => undefined);
  const head = `POST /graphql/stream HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  deaf.write(`${head}\r\n\r\n${body}`);
  let before = -1;
  // Until it is told no more, for it takes nothing.
  await until(async () => {
    const now = await delivered(harness);
    const stuck = now > 0 && now === before;
    before = now;
    return stuck;
  });
  await harness.restart();
  deaf.destroy();
});

test('who reads too slowly is told so as an event, with the cursor to go on from', async () => {
  const strict = await openApi({ limits: { progressMs: 300, slowMs: 300, slowPositions: 20n } });
  try {
    const growing = await openFakeChain(strict.database.pool);
    await growing.extend(loopOnce);
    const long = ['a', 'b', 'c', 'd'].map((letter) => `${letter.repeat(1_000)}: id`).join(' ');
    const { method, headers, body } = post(`subscription { rewards { cursor op reward { ${long} } } }`);
    const asked = request(`${strict.api.url}/graphql/stream`, { method, headers: headers as Record<string, string> });
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    let text = '';
    response.on('data', (part) => {
      text += String(part);
    });
    await until(() => text.includes('PROGRESS'));
    response.pause();
    for (let n = 0; n < 10; n++) await growing.extend([Array(200).fill(rewardFor(beneficiary, 1n))]);
    // What the network holds by itself is full, and the server has waited long enough.
    await nobodyFollows(strict);
    response.resume();
    await until(() => response.readableEnded);
    const events = text.split('\n\n').filter((block) => block.startsWith('event:'));
    expect(events.at(-1)).toMatch(/^event: complete/);
    const payloads = events.slice(0, -1).map((block) => JSON.parse(block.slice(block.indexOf('data:') + 5)));
    const { errors } = payloads.pop();
    const { cursor } = payloads.pop().data.rewards;
    expect(errors[0].extensions).toEqual({ code: 'SLOW_CONSUMER', cursor });
  } finally {
    await strict.close();
  }
});

test('streams count as sockets of their address', async () => {
  const limited = await openApi({ maxSocketsPerAddress: 2, trustProxy: ['127.0.0.1'] });
  try {
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const open = () => {
      const init = post('subscription { events { cursor op } }');
      return openEventStream(`${limited.api.url}/graphql/stream`, {
        ...init,
        headers: { ...init.headers, ...headers },
      });
    };
    const [first, second] = [await open(), await open()];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect((await open()).status).toBe(429);
    first.stop();
    await until(async () => {
      const again = await open();
      again.stop();
      return again.status === 200;
    });
    second.stop();
  } finally {
    await limited.close();
  }
});
