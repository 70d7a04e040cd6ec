import { type Client, createClient } from 'graphql-sse';
import { KeyedView, type ViewChange } from '../../client';
import { type FakeChain, openFakeChain } from '../api/fakeChain';
import { type ApiHarness, openApi } from '../api/harness';
import { loopOnce, rewardFor } from '../api/loop';
import { nobodyFollows, startCursor } from '../api/stream';
import { until } from '../run/until';

/** What others follow by: graphql-sse's client, as it is. */
const rewards = `subscription ($after: ChangeCursor) {
  rewards(after: $after) { cursor op id at { eventId block { hash } } reward { id } }
}`;
const beneficiary = `0x${'b1'.padStart(40, '0')}`;
type Reward = ViewChange & { reward: { id: string } | null };

let harness: ApiHarness;
let chain: FakeChain;
let client: Client;
beforeEach(async () => {
  harness = await openApi({ limits: { progressMs: 300 } });
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([...loopOnce, [rewardFor(beneficiary, 5n)]]);
  client = createClient({ url: () => `${harness.api.url}/graphql/stream`, retryAttempts: 0 });
});
afterEach(async () => {
  client.dispose();
  await harness.close();
});

const told = (changes: readonly Reward[]) =>
  changes.flatMap(({ op, id }) => (op === 'PROGRESS' ? [] : [`${op} ${id?.replace('reward:31337:', '')}`]));

test('the client of graphql-sse follows over a reorg and a restart, from the cursor that it had last', async () => {
  const changes: Reward[] = [];
  const view = new KeyedView<unknown>();
  let after = startCursor;
  let connections = 0;
  let over = false;
  const follow = async () => {
    while (!over) {
      connections += 1;
      try {
        for await (const { data } of client.iterate<{ rewards: Reward }>({ query: rewards, variables: { after } })) {
          if (!data) continue;
          changes.push(data.rewards);
          view.change(data.rewards, data.rewards.reward);
          after = data.rewards.cursor;
        }
      } catch {
        // Cut off: from the last cursor again.
      }
    }
  };
  const following = follow();
  await until(() => told(changes).length === 1);
  await chain.extend([[rewardFor(beneficiary, 6n)], [rewardFor(beneficiary, 7n)]]);
  await until(() => told(changes).length === 3);
  await harness.api.close();
  await chain.reorg(1, [[], [rewardFor(beneficiary, 8n)]]);
  await harness.start();
  await until(() => told(changes).length === 5);
  await chain.extend([[rewardFor(beneficiary, 9n)]]);
  await until(() => told(changes).length === 6);
  over = true;
  client.dispose();
  await following;
  expect(told(changes)).toEqual(['APPLY 3-0', 'APPLY 4-0', 'APPLY 5-0', 'RETRACT 5-0', 'APPLY 6-0', 'APPLY 7-0']);
  const { rows } = await harness.database.pool.query<{ id: string }>(
    `select 'reward:31337:' || block_of(pos) || '-0' as id from reward order by pos`,
  );
  expect([...view].map(([id]) => id)).toEqual(rows.map(({ id }) => id));
  expect(connections).toBeGreaterThan(1);
});

test('it tries again by itself, with what it was given, when a restart has cut it off', async () => {
  const patient = createClient({
    url: () => `${harness.api.url}/graphql/stream`,
    retry: () => Promise.resolve(),
    retryAttempts: Number.POSITIVE_INFINITY,
  });
  const changes: Reward[] = [];
  patient.subscribe<{ rewards: Reward }>(
    { query: rewards, variables: { after: startCursor } },
    {
      next: ({ data }) => void (data && changes.push(data.rewards)),
      error: () => undefined,
      complete: () => undefined,
    },
  );
  await until(() => told(changes).length === 1);
  await harness.restart();
  await until(() => told(changes).length === 2);
  expect(told(changes)).toEqual(['APPLY 3-0', 'APPLY 3-0']);
  patient.dispose();
});

test.each([
  ['subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  [rewards, { after: 'rubbish' }, 'BAD_USER_INPUT'],
])('it hears what is wrong with %s %j, and of the end', async (query, variables, code) => {
  const results: unknown[] = [];
  for await (const { errors } of client.iterate({ query, variables })) results.push(errors?.[0]?.extensions?.code);
  expect(results).toEqual([code]);
});

test('a query by it is one result', async () => {
  const results: unknown[] = [];
  for await (const result of client.iterate({ query: '{ reward(id: "reward:31337:3-0") { id } }' }))
    results.push(result);
  expect(results).toEqual([{ data: { reward: { id: 'reward:31337:3-0' } } }]);
});

test('who stops listening is let go', async () => {
  for await (const { data } of client.iterate({ query: rewards })) {
    expect(data).toMatchObject({ rewards: { op: 'PROGRESS' } });
    break;
  }
  await nobodyFollows(harness);
});
