import { WebSocket } from 'ws';
import { startApi } from '../../api/server';
import { type Change, follow, KeyedView } from '../../client';
import { announceOnRedis } from '../../db/wakeups';
import { address, openFakeChain } from '../api/fakeChain';
import { openApi } from '../api/harness';
import { loopOnce } from '../api/loop';
import { startCursor } from '../api/stream';
import { describeWithRedis, startRedis, type TestRedis } from '../run/redis';
import { startTcpProxy } from '../run/tcpProxy';
import { until } from '../run/until';
import { openEventStream, post } from './eventStream';
import { randomOf, Traffic } from './traffic';

const change = 'cursor op id at { eventId block { hash } }';
const streams: { name: string; document: string; variables?: object; overSse?: boolean }[] = [
  {
    name: 'events',
    document: `subscription ($after: ChangeCursor) { events(after: $after) { ${change} event { id name } } }`,
  },
  {
    name: 'rewards',
    document: `subscription ($after: ChangeCursor) { rewards(after: $after) { ${change} reward { id amount { amount } } } }`,
  },
  {
    name: 'rewards of one account',
    document: `subscription ($after: ChangeCursor, $where: RewardFilter) {
      rewards(after: $after, where: $where) { ${change} reward { id } }
    }`,
    variables: { where: { beneficiary: { eq: address(0xb3) } } },
  },
  {
    name: 'rewards over SSE',
    document: `subscription ($after: ChangeCursor) { rewards(after: $after) { ${change} reward { id } } }`,
    overSse: true,
  },
  {
    name: 'contributions',
    document: `subscription ($after: ChangeCursor) { contributions(after: $after) { ${change} contribution { id } } }`,
  },
  {
    name: 'influences',
    document: `subscription ($after: ChangeCursor) { influences(after: $after) { ${change} influence { id current } } }`,
  },
  {
    name: 'final rewards',
    document: `subscription ($after: ChangeCursor) {
      rewards(after: $after, finality: FINALIZED) { ${change} reward { id } }
    }`,
  },
];
const ROUNDS = 30;
const LIMIT_MS = 600_000;

const title =
  'cut, restarted and deaf again and again while the chain forks: nobody misses, repeats or mixes up a change';
test(`${title}, woken by the database`, () => cutAgainAndAgain(undefined), LIMIT_MS);
describeWithRedis('woken by Redis', () => {
  test(title, async () => cutAgainAndAgain(await startRedis()), LIMIT_MS);
});

/** @param redis behind a network of its own, which goes away, as what Redis holds does, and Redis itself */
async function cutAgainAndAgain(redis: TestRedis | undefined): Promise<void> {
  const redisNetwork = redis && (await startTcpProxy(redis.url));
  const redisUrl = redisNetwork?.url;
  const harness = await openApi({ redisUrl, limits: { progressMs: 200 } });
  const announcer = redisUrl ? announceOnRedis(harness.database.url, redisUrl, () => undefined) : undefined;
  const chain = await openFakeChain(harness.database.pool);
  const random = randomOf(Number(process.env['LIVE_SEED'] ?? 7));
  await chain.extend(loopOnce);
  const traffic = new Traffic(chain, random, loopOnce.length);
  const proxy = await startTcpProxy(harness.api.url);
  const stop = new AbortController();
  const clients = streams.map((stream) => ({
    ...stream,
    told: [] as string[],
    last: '',
    connections: 0,
    /** How many it had opened when it was cut last. */
    cutAt: 0,
    view: new KeyedView<unknown>(),
  }));
  const line = ({ cursor, op, id, at }: Change) => `${op} ${id} ${at?.eventId} ${at?.block?.hash} ${cursor}`;
  const following = clients.map((client) => {
    class Counted extends WebSocket {
      constructor(...args: ConstructorParameters<typeof WebSocket>) {
        super(...args);
        client.connections += 1;
      }
    }
    const onChange = (each: Change) => {
      if (each.op !== 'PROGRESS') client.told.push(line(each));
      client.last = each.cursor;
    };
    if (client.overSse) return followEvents(proxy.url, client, stop.signal, onChange);
    return follow<Change>(
      {
        url: new URL('/graphql', proxy.url).href,
        document: client.document,
        variables: { ...client.variables },
        webSocket: Counted,
      },
      { after: startCursor, view: client.view, signal: stop.signal, onChange },
    );
  });

  for (let round = 0; round < ROUNDS; round++) {
    const before = clients.map(({ last }) => last);
    await until(() => clients.every(({ connections, cutAt }) => connections > cutAt), { what: 'everybody is back' });
    for (let n = random(4); n >= 0; n--) await traffic.next();
    // Somebody, not everybody, has heard of something: the others are cut in the middle.
    await until(() => clients.some(({ last }, n) => last !== before[n]), { what: 'news' });
    if (round % 10 !== 4) for (const client of clients) client.cutAt = client.connections;
    if (round % 10 === 9) {
      await harness.api.close();
      await traffic.next();
      await harness.start();
      proxy.lead(harness.api.url);
    } else if (round % 10 === 4) {
      await harness.database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'flywheel-api-listen'
         and datname = current_database()`,
      );
    } else if (redisNetwork && round % 10 === 7) {
      await redis?.flush();
      redisNetwork.down = true;
      proxy.down = true;
      await traffic.next();
      proxy.down = false;
      await traffic.next();
      if (round % 20 === 7) await redis?.restart?.();
      redisNetwork.down = false;
    } else {
      proxy.down = true;
      await traffic.next();
      proxy.down = false;
    }
  }

  // Another process on the same database tells the same, from the beginning and in one go.
  const { database } = harness;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const other = await startApi({ pool: database.pool, databaseUrl: database.url, host: '127.0.0.1', port: 0, log });
  const ended = await endOf(`${other.url}/graphql`);
  for (const client of clients) {
    const whole: string[] = [];
    const done = new AbortController();
    await follow<Change>(
      {
        url: `${other.url}/graphql`,
        document: client.document,
        variables: { ...client.variables },
        webSocket: WebSocket,
      },
      {
        after: startCursor,
        signal: done.signal,
        onChange(each) {
          if (each.op !== 'PROGRESS') whole.push(line(each));
          if (positionOf(each.cursor) >= ended) done.abort();
        },
      },
    );
    await until(() => positionOf(client.last) >= ended, { what: `the end of ${client.name}` });
    expect({ name: client.name, told: client.told }).toEqual({ name: client.name, told: whole });
    expect(client.connections).toBeGreaterThan(ROUNDS / 3);
  }
  stop.abort();
  await Promise.all(following);

  const rows = async (sql: string) => (await database.pool.query<{ id: string }>(sql)).rows.map(({ id }) => id).sort();
  const placed = `block_of(pos) || '-' || (pos - position_of(block_of(pos), 0))`;
  const settled = 'inference_id in (select inference_id from inference)';
  const folds: Record<string, string> = {
    events: `select 'event:31337:' || ${placed} as id from event`,
    rewards: `select 'reward:31337:' || ${placed} as id from reward`,
    'rewards over SSE': `select 'reward:31337:' || ${placed} as id from reward`,
    'rewards of one account': `select 'reward:31337:' || ${placed} as id from reward
      where beneficiary = '\\x${address(0xb3).slice(2)}'`,
    contributions: `select 'contribution:31337:' || contribution_id as id from contribution`,
    // A fork may have taken back what they are edges of.
    influences: `select 'influence:31337:' || ${placed} as id from influence where weight_ppm > 0 and ${settled}`,
    'final rewards': `select 'reward:31337:' || ${placed} as id from reward
      where block_of(pos) <= (select finalized_number from chain)`,
  };
  for (const { name, view } of clients) {
    expect({ name, ids: [...view].map(([id]) => id).sort() }).toEqual({ name, ids: await rows(folds[name] as string) });
  }
  const edges = clients.find(({ name }) => name === 'influences')?.view as KeyedView<{ id: string; current: boolean }>;
  const current = await rows(`select 'influence:31337:' || ${placed} as id from influence e
    where weight_ppm > 0 and ${settled} and pos > coalesce((select max(pos) from attribution_revision), -1)`);
  expect([...edges].flatMap(([id, row]) => (row.current ? [id] : [])).sort()).toEqual(current);

  await other.close();
  await proxy.close();
  await announcer?.close();
  await harness.close();
  await redisNetwork?.close();
  await redis?.close();
  expect(harness.failures).toEqual([]);
}

/** As follow() does, over SSE: from the last cursor on, as often as it ends. */
async function followEvents(
  url: string,
  client: { document: string; connections: number; view: KeyedView<unknown> },
  signal: AbortSignal,
  onChange: (change: Change) => void,
): Promise<void> {
  let after = startCursor;
  while (!signal.aborted) {
    client.connections += 1;
    const opened = openEventStream(new URL('/graphql/stream', url).href, post(client.document, { after }));
    const stream = await opened.catch(() => undefined);
    const stopped = () => stream?.stop();
    signal.addEventListener('abort', stopped);
    let read = 0;
    await until(
      () => {
        for (const { event, data } of stream?.events.slice(read) ?? []) {
          read += 1;
          if (event !== 'next') continue;
          const each = (JSON.parse(data) as { data: { rewards: Change & { reward: unknown } } }).data.rewards;
          after = each.cursor;
          client.view.change(each, each.reward);
          onChange(each);
        }
        return !stream || stream.ended || signal.aborted;
      },
      { limitMs: LIMIT_MS },
    );
    signal.removeEventListener('abort', stopped);
  }
}

async function endOf(url: string): Promise<bigint> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ indexStatus { changeCursor } }' }),
  });
  const { data } = (await response.json()) as { data: { indexStatus: { changeCursor: string } } };
  return positionOf(data.indexStatus.changeCursor);
}

function positionOf(cursor: string): bigint {
  return cursor === '' ? 0n : Buffer.from(cursor, 'base64url').readBigInt64BE(1);
}
