import { Client } from 'pg';
import { openTurns } from '../../api/limits/turns';
import { until } from '../run/until';
import { type ApiHarness, openApi } from './harness';

const slow = '{ datanet(id: "datanet:1:1") { id } }';
const good = '{ node(id: "model:1:1") { id } }';

let harness: ApiHarness;
let holder: Client;

beforeAll(async () => {
  // Of four connections an address may use one.
  harness = await openApi(
    { trustProxy: ['127.0.0.1'], maxConnectionsPerAddress: 5 },
    { max: 4, readOnly: true, pipeline: false },
  );
  holder = new Client({ connectionString: harness.database.url });
  await holder.connect();
});
afterAll(async () => {
  await holder?.end();
  await harness?.close();
});

const askFrom = async (address: string, query: string, signal?: AbortSignal) => {
  const response = await fetch(`${harness.api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify({ query }),
    signal: signal ?? null,
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, data, code: errors?.[0]?.extensions.code, retryAfter };
};

test('an address with slow queries keeps nobody else from being answered', async () => {
  await holder.query('begin; lock table datanet_state in access exclusive mode');
  const leaving = new AbortController();
  const asked = Array.from({ length: 4 }, () => askFrom('203.0.113.1', slow, leaving.signal).catch(() => 'gone'));
  await until(async () => (await harness.waiting()) === 1);
  expect(await askFrom('203.0.113.2', good)).toMatchObject({ status: 200, data: { node: null } });
  // Behind its own.
  const last = askFrom('203.0.113.1', good);
  // As many as an address may wait for.
  await until(async () => {
    const refused = await askFrom('203.0.113.1', '{ __typename }');
    return refused.status === 429 && refused.code === 'RATE_LIMITED' && refused.retryAfter === '1';
  });
  expect(await harness.waiting()).toBe(1);
  leaving.abort();
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['gone']));
  expect(await last).toMatchObject({ status: 200, data: { node: null } });
  await holder.query('rollback');
  expect(await askFrom('203.0.113.1', slow)).toMatchObject({ status: 200, data: { datanet: null } });
});

test('turns are given in the order of coming, and none to who has left', async () => {
  const turns = openTurns(2);
  const forEver = new AbortController().signal;
  const order: string[] = [];
  const take = async (name: string, signal = forEver) => {
    const end = await turns.take('a', signal);
    order.push(end ? name : `${name} left`);
    return end;
  };
  const first = await take('first');
  const second = await take('second');
  const third = take('third');
  const leaving = new AbortController();
  const fourth = take('fourth', leaving.signal);
  const fifth = take('fifth');
  expect(await turns.take('b', forEver)).not.toBeNull();
  leaving.abort();
  expect(await fourth).toBeNull();
  expect(await turns.take('a', leaving.signal)).toBeNull();
  first?.();
  first?.();
  const endThird = await third;
  expect(order).toEqual(['first', 'second', 'fourth left', 'third']);
  second?.();
  const endFifth = await fifth;
  endThird?.();
  endFifth?.();
  expect(await take('sixth')).not.toBeNull();
  expect(order.slice(4)).toEqual(['fifth', 'sixth']);
});
