import { WebSocket } from 'ws';
import { until } from '../run/until';
import { address, type FakeChain, log, openFakeChain, word } from './fakeChain';
import { type ApiHarness, openApi } from './harness';
import {
  events,
  follow,
  hasAll,
  hasTold,
  isLive,
  type Message,
  nobodyFollows,
  type Stream,
  startCursor,
} from './stream';

const pool = (n: number) =>
  log('RewardLedger', 'PoolCreated', { poolId: word(n), kind: 0n, subjectId: 1n, token: address(0) });
const reward = (n: number, beneficiary: number, amount = 5n) =>
  log('RewardLedger', 'RewardAccrued', {
    poolId: word(n),
    beneficiary: address(beneficiary),
    ref: word(0),
    role: 0n,
    contributionId: 0n,
    amount,
    epoch: 1n,
  });

let harness: ApiHarness;
let chain: FakeChain;
beforeEach(async () => {
  harness = await openApi({ limits: { progressMs: 300 } });
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([[pool(1)], [reward(1, 7)]]);
});
afterEach(() => harness.close());

test('tells what is applied from now on, and a reorg newest first, then its replacement', async () => {
  const stream = follow(harness.socket(), events);
  await isLive(stream);
  await chain.extend([[reward(1, 7), reward(1, 8)], []]);
  await hasTold(stream, 2);
  await chain.reorg(2, [[reward(1, 9)], [], []]);
  await hasTold(stream, 5);
  expect(stream.told()).toEqual([
    'APPLY event:31337:3-0 RewardAccrued',
    'APPLY event:31337:3-1 RewardAccrued',
    'RETRACT event:31337:3-1 RewardAccrued gone',
    'RETRACT event:31337:3-0 RewardAccrued gone',
    'APPLY event:31337:3-0 RewardAccrued',
  ]);
  const hashes = stream.messages.filter(({ at }) => at).map(({ at }) => at?.block.hash);
  expect(new Set(hashes.slice(0, 4)).size).toBe(1);
  expect(hashes[4]).not.toBe(hashes[0]);
});

test('goes on from any cursor without a seam, and the same stream comes from every replay', async () => {
  const whole = follow(harness.socket(), events, { after: startCursor });
  await isLive(whole);
  await chain.extend([[reward(1, 7), reward(1, 8), reward(1, 9)]]);
  await chain.reorg(1, [[reward(1, 4), pool(2)]]);
  await chain.extend([[reward(2, 5)]]);
  await hasTold(whole, 11);
  const changes = whole.messages.filter(({ op }) => op !== 'PROGRESS');
  const shape = (messages: Message[]) => messages.map(({ cursor, op, id, at }) => ({ cursor, op, id, at }));
  const client = harness.socket();
  for (const [index, { cursor }] of changes.entries()) {
    const rest = follow(client, events, { after: cursor });
    await hasAll(rest, harness);
    expect(shape(rest.messages.filter(({ op }) => op !== 'PROGRESS'))).toEqual(shape(changes.slice(index + 1)));
    rest.stop();
  }
  const again = follow(client, events, { after: startCursor });
  await hasAll(again, harness);
  // What a reorg undid since is told, with its place, and without a row.
  expect(again.told().slice(2, 6)).toEqual([
    'APPLY event:31337:3-0 RewardAccrued gone',
    'APPLY event:31337:3-1 RewardAccrued gone',
    'APPLY event:31337:3-2 RewardAccrued gone',
    'RETRACT event:31337:3-2 RewardAccrued gone',
  ]);
});

test("continues a page as a subscription from the page's own cursor", async () => {
  const { data } = await harness.ask('{ events(first: 1) { nodes { id } pageInfo { changeCursor } totalCount } }');
  const page = data?.['events'] as { nodes: { id: string }[]; pageInfo: { changeCursor: string }; totalCount: number };
  expect(page).toMatchObject({ nodes: [{ id: 'event:31337:2-0' }], totalCount: 2 });
  await chain.extend([[reward(1, 8)]]);
  const stream = follow(harness.socket(), events, { after: page.pageInfo.changeCursor });
  await hasAll(stream, harness);
  expect(stream.told()).toEqual(['APPLY event:31337:3-0 RewardAccrued']);
});

test('a restart closes the sockets with 1012, and a kept cursor goes on behind it', async () => {
  const client = harness.socket();
  let code: number | undefined;
  client.on('closed', (event) => {
    code = (event as { code: number }).code;
  });
  const stream = follow(client, events);
  await isLive(stream);
  await chain.extend([[reward(1, 8)]]);
  await hasTold(stream, 1);
  await harness.restart();
  await until(() => code !== undefined);
  expect(code).toBe(1012);
  await chain.reorg(1, [[]]);
  const after = stream.messages.at(-1)?.cursor;
  const next = follow(harness.socket(), events, { after });
  await hasAll(next, harness);
  expect(next.told()).toEqual(['RETRACT event:31337:3-0 RewardAccrued gone']);
});

test('PROGRESS comes again and again, with a cursor that has left behind what the filter hid', async () => {
  const stream = follow(harness.socket(), events, { where: { name: { eq: 'ModelRegistered' } } });
  await isLive(stream);
  const first = stream.messages[0]?.cursor;
  await chain.extend([[reward(1, 8)]]);
  await until(() => stream.messages.at(-1)?.cursor !== first);
  expect(stream.messages.every(({ op, id, at }) => op === 'PROGRESS' && id === null && at === null)).toBe(true);
  await until(() => stream.messages.length > 4);
});

test('filters by name, contract, account, subject and block', async () => {
  const client = harness.socket();
  const told = async (where: object) => {
    const stream = follow(client, events, { after: startCursor, where });
    await hasAll(stream, harness);
    stream.stop();
    return stream.told().map((text) => text.split(' ')[1]);
  };
  const transfer = log('OpenToken', 'Transfer', { from: address(8), to: address(9), value: 1n });
  await chain.extend([[reward(1, 8), pool(3), transfer]]);
  expect(await told({ name: { in: ['PoolCreated'] } })).toEqual(['event:31337:1-0', 'event:31337:3-1']);
  expect(
    await told({ contract: { eq: chain.addressOf('RewardLedger').toUpperCase().replace('0X', '0x') } }),
  ).toHaveLength(4);
  expect(await told({ contract: { eq: address(1) } })).toEqual([]);
  expect(await told({ account: { in: [address(7), address(8)] } })).toEqual([
    'event:31337:2-0',
    'event:31337:3-0',
    'event:31337:3-2',
  ]);
  // An event names several accounts: one that eq says, and one of those in `in`.
  expect(await told({ account: { eq: address(8), in: [address(7), address(9)] } })).toEqual(['event:31337:3-2']);
  expect(await told({ subject: 'datanet:31337:1' })).toEqual(['event:31337:1-0', 'event:31337:3-1']);
  expect(await told({ subject: 'datanet:31338:1' })).toEqual([]);
  expect(await told({ subject: `pool:31337:${word(3)}`, block: { gte: 2 } })).toEqual(['event:31337:3-1']);
  expect(await told({ chainId: { eq: 1 } })).toEqual([]);
});

test('with a finality, tells blocks when they reach it, and never takes back what is final', async () => {
  const client = harness.socket();
  const safe = follow(client, events, { after: startCursor, finality: 'SAFE' });
  const final = follow(client, events, { after: startCursor, finality: 'FINALIZED' });
  await Promise.all([isLive(safe), isLive(final)]);
  await chain.extend([[reward(1, 8)], [reward(1, 9)]], { safe: 3, finalized: 1 });
  await hasTold(safe, 3);
  await hasTold(final, 1);
  expect(safe.told().map((text) => text.split(' ')[1])).toEqual([
    'event:31337:1-0',
    'event:31337:2-0',
    'event:31337:3-0',
  ]);
  expect(final.told()).toEqual(['APPLY event:31337:1-0 PoolCreated']);
  expect(final.messages.find(({ at }) => at)?.at?.block.finality).toBe('FINALIZED');
  // Below safe a reorg is a sequencer's mistake, and yet it is told to those who had the block.
  await chain.reorg(2, [[], [reward(1, 9)]]);
  await chain.extend([[]], { safe: 4, finalized: 2 });
  await hasTold(safe, 5);
  await hasTold(final, 2);
  expect(safe.told().slice(3)).toEqual([
    'RETRACT event:31337:3-0 RewardAccrued gone',
    'APPLY event:31337:4-0 RewardAccrued',
  ]);
  const replay = follow(client, events, { after: startCursor, finality: 'SAFE' });
  await hasAll(replay, harness);
  const cursors = (stream: Stream) => stream.messages.filter(({ op }) => op !== 'PROGRESS').map(({ cursor }) => cursor);
  expect(cursors(replay)).toEqual(cursors(safe));
});

test.each([
  ['rubbish', 'BAD_USER_INPUT'],
  [Buffer.from([1, 0, 0, 0, 0, 0, 1, 0, 0]).toString('base64url'), 'BAD_USER_INPUT'],
])('the cursor %s is %s and leaves the socket as it is', async (after, code) => {
  const client = harness.socket();
  const stream = follow(client, events, { after });
  await until(() => stream.ended);
  expect(stream.error).toMatchObject([{ extensions: { code } }]);
  await isLive(follow(client, events));
});

test('a cursor that is no longer kept is CURSOR_EXPIRED, with the oldest that is', async () => {
  await harness.database.pool.query('delete from change where position < (select max(position) from change)');
  const client = harness.socket();
  const stream = follow(client, events, { after: startCursor });
  await until(() => stream.ended);
  const [error] = stream.error as { extensions: { code: string; oldest: string } }[];
  expect(error?.extensions.code).toBe('CURSOR_EXPIRED');
  const kept = follow(client, events, { after: error?.extensions.oldest });
  await hasAll(kept, harness);
  expect(kept.told()).toEqual(['APPLY event:31337:2-0 RewardAccrued']);
});

test('an operation that is wrong is told so over the socket too', async () => {
  const client = harness.socket();
  const codeOf = async (query: string, variables = {}) => {
    const stream = follow(client, query, variables);
    await until(() => stream.ended);
    return (stream.error as { extensions: { code: string } }[])[0]?.extensions.code;
  };
  expect(await codeOf('subscription { nothing }')).toBe('GRAPHQL_VALIDATION_FAILED');
  expect(await codeOf('subscription {')).toBe('GRAPHQL_PARSE_FAILED');
  expect(await codeOf('subscription { events(where: { subject: "rubbish" }) { cursor } }')).toBe('BAD_USER_INPUT');
  expect(await codeOf('subscription { events(after: "") { cursor } }')).toBe('BAD_USER_INPUT');
  for (const where of [{ name: 5 }, { nothing: 5 }, { contract: { eq: '0x1' } }]) {
    expect(await codeOf(events, { where })).toBe('BAD_USER_INPUT');
    const query = 'query ($where: EventFilter) { events(where: $where) { totalCount } }';
    expect(await codeOf(query, { where })).toBe('BAD_USER_INPUT');
  }
  expect(await codeOf('query A { __typename } query B { __typename }')).toBe('BAD_USER_INPUT');
  expect(harness.failures).toEqual([]);
  const query = follow(client, '{ indexStatus { synced } }');
  await until(() => query.ended);
  expect(query.messages).toEqual([{ synced: true }]);
});

test('the status of a chain comes now and with each of its blocks', async () => {
  const stream = follow(
    harness.socket(),
    'subscription { indexStatus(chainId: 31337) { chainId indexed { number } safe { number } reorgs } }',
  );
  const last = () => stream.messages.at(-1) as unknown;
  await until(() => stream.messages.length === 1);
  expect(last()).toEqual({ chainId: 31337, indexed: { number: 2 }, safe: null, reorgs: 0 });
  await chain.extend([[]], { safe: 1 });
  await until(() => stream.messages.length === 2);
  expect(last()).toEqual({ chainId: 31337, indexed: { number: 3 }, safe: { number: 1 }, reorgs: 0 });
  await chain.reorg(1, [[]]);
  await until(() => stream.messages.length === 3);
  expect(last()).toEqual({ chainId: 31337, indexed: { number: 3 }, safe: { number: 1 }, reorgs: 1 });
});

test('a client that stops reading is told so with the cursor to go on from, and costs no memory meanwhile', async () => {
  await harness.close();
  harness = await openApi({ limits: { progressMs: 300, slowMs: 300, slowPositions: 20n } });
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([[pool(1)]]);
  const socket = new WebSocket(`${harness.api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages: {
    type: string;
    payload: { data: { events: Message } } & { extensions: Record<string, string> }[];
  }[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"type":"connection_init"}');
  await until(() => messages.length === 1);
  // Big answers, so that what the network holds on its own is soon full.
  const big = Array.from({ length: 60 }, (_, i) => `a${i}: event { args { value } }`).join(' ');
  socket.send(
    JSON.stringify({ id: '1', type: 'subscribe', payload: { query: `subscription { events { cursor ${big} } }` } }),
  );
  await until(() => messages.length === 2);
  socket.pause();
  const uri = 'x'.repeat(20_000);
  const update = log('DatanetRegistry', 'DatanetUpdated', {
    datanetId: 1n,
    status: 0n,
    metadataHash: word(1),
    metadataURI: uri,
  });
  for (let block = 0; block < 10; block++) await chain.extend([Array(10).fill(update)]);
  // What the network holds by itself is full, and the server has waited long enough.
  await nobodyFollows(harness);
  socket.resume();
  await until(() => messages.some(({ type }) => type === 'error'));
  const [error] = messages.find(({ type }) => type === 'error')?.payload ?? [];
  const last = messages.filter(({ type }) => type === 'next').at(-1)?.payload.data.events.cursor;
  expect(error?.extensions).toEqual({ code: 'SLOW_CONSUMER', cursor: last });
  socket.close();
  const rest = follow(harness.socket(), events, { after: last });
  await hasAll(rest, harness);
  const told = messages.filter(({ type, payload }) => type === 'next' && 'data' in payload).length;
  expect(rest.told().length).toBeGreaterThan(20);
  expect(told).toBeGreaterThan(1);
});
