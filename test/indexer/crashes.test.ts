import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { type Api, startApi } from '../../api/server';
import { type EmbeddedPostgres, openEmbedded } from '../../db/embedded';
import { migrate } from '../../db/migrate';
import { openPool } from '../../db/pool';
import { openQueues } from '../../db/queue';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { randomHistory } from '../oracle/history';
import { createDatabase, type TestDatabase } from '../run/database';
import { describeWithRedis, startRedis } from '../run/redis';
import { startTcpProxy, type TcpProxy } from '../run/tcpProxy';
import { until } from '../run/until';
import { cutConnections, emptyQueue, FAULTS, installFaults } from './faults';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectSurvived, type Watch, watchSnapshots } from './survives';

/** Databases and queues that break under a running indexer: it waits, says so, and goes on by itself. */
let chain: FakeChain;
let node: FakeNode;
let index: RunningIndex | undefined;
let watch: Watch | undefined;
let proxy: TcpProxy | undefined;
let api: Api | undefined;

beforeEach(async () => {
  chain = createFakeChain();
  node = await startFakeNode(chain);
});
afterEach(async () => {
  await closeWatched();
  await proxy?.close();
  await node.close();
  proxy = undefined;
});

/** What reads and writes the database, before it goes; of a test that failed, too, or it would fail the next ones. */
async function closeWatched(): Promise<void> {
  try {
    await watch?.end();
  } finally {
    await api?.close();
    await index?.close();
    index = watch = api = undefined;
  }
}

const config = (maxLogsRange = 10) => chain.config(node.url, { finality: { depth: 12 }, maxLogsRange });
const running = () => index as RunningIndex;
const reachHead = () => running().reach(chain.chainId, chain.head);
const survived = () => expectSurvived(running().database, config(), node.url);
const play = (seed: string, blocks: number) => {
  const { timestamp } = chain.head;
  return chain.play(randomHistory(seed, { logs: 24 * blocks, timestamp }).slice(0, blocks));
};
const fork = (depth: number, seed: string) => {
  chain.rewindTo(chain.head.number - depth);
  play(seed, depth + 1);
};

async function start(database?: TestDatabase, redisUrl?: string): Promise<void> {
  index = await startIndex([config()], database, undefined, redisUrl);
  watch = watchSnapshots(index.database.pool);
}

async function indexed(): Promise<number> {
  const sql = 'select coalesce(indexed_number, -1)::int as n from chain';
  return (await running().database.pool.query<{ n: number }>(sql)).rows[0]?.n ?? -1;
}

async function error(): Promise<string | null | undefined> {
  return (await running().database.pool.query<{ error: string | null }>('select error from chain')).rows[0]?.error;
}

it('whatever a transaction fails with, while rows change or at commit: it is done again', async () => {
  play('before', 20);
  await start();
  await reachHead();
  const faults = await installFaults(running().database.pool);
  const cases = Object.values(FAULTS).flatMap((code) => (['statement', 'commit'] as const).map((at) => ({ code, at })));
  for (const [i, { code, at }] of cases.entries()) {
    const before = await faults.raised();
    await faults.arm(code, 1, at);
    if (i % 3 === 0) play(`more ${i}`, 2);
    else fork(i % 8, `fork ${i}`);
    await until(async () => (await faults.raised()) > before);
    await reachHead();
  }
  expect(await error()).toBeNull();
  await survived();
});

it('a full disk stops nothing but time: the status says it as long as it lasts', async () => {
  play('before', 40);
  await start();
  await reachHead();
  const faults = await installFaults(running().database.pool);
  await faults.arm(FAULTS.diskFull, 1_000_000);
  fork(5, 'while the disk is full');
  await until(async () => (await error())?.includes('refused a transaction: a fault of the test') === true);
  const raised = await faults.raised();
  await until(async () => (await faults.raised()) > raised + 1);
  await faults.arm(FAULTS.diskFull, 0);
  await reachHead();
  expect(await error()).toBeNull();
  await survived();
});

it('a connection that is lost at commit: what the server did counts once, what it did not is done again', async () => {
  const database = await createDatabase();
  proxy = await startTcpProxy(database.url);
  play('before', 30);
  await start({ ...database, url: proxy.url });
  await reachHead();
  for (const when of ['before', 'after', 'before', 'after'] as const) {
    const { cuts } = proxy;
    proxy.cutAt('commit\0', when);
    if (when === 'after') fork(3, `fork ${cuts}`);
    else play(`more ${cuts}`, 3);
    await until(() => proxy?.cuts === cuts + 1);
    await reachHead();
  }
  await survived();
});

it('connections that are ended by the server, of the leader, the queue and everybody', async () => {
  play('before', 120);
  await start();
  const { pool } = running().database;
  for (const [names, progress] of [
    ['flywheel-indexer-%', 10],
    ['flywheel-queue', 40],
    ['%', 70],
  ] as const) {
    await until(async () => (await indexed().catch(() => -1)) >= progress);
    expect(await cutConnections(pool, names)).toBeGreaterThan(0);
  }
  await until(async () => (await indexed().catch(() => -1)) > 100);
  fork(5, 'after');
  await cutConnections(pool, '%');
  await reachHead();
  await survived();
});

it('a queue that lost all its jobs in the middle of history', async () => {
  play('before', 90);
  await start();
  for (const progress of [10, 30, 60]) {
    await until(async () => (await indexed()) >= progress);
    await emptyQueue(running().database.pool);
  }
  await reachHead();
  await survived();
});

it('a queue that is opened while the database is away works when it is back', async () => {
  const database = await createDatabase();
  proxy = await startTcpProxy(database.url);
  const queues = await openQueues({ databaseUrl: proxy.url });
  try {
    proxy.down = true;
    const done: string[] = [];
    const queue = queues.queue<{ name: string }>('late');
    queues.worker<{ name: string }>('late', async ({ data }) => void done.push(data.name));
    const added = queue.add('job', { name: 'first' });
    await expect(openQueues({ databaseUrl: proxy.url })).rejects.toThrow('could not be prepared');
    proxy.down = false;
    await added;
    await until(() => done.includes('first'));
  } finally {
    await queues.close();
    await database.close();
  }
});

it('a connection that breaks while it is held, between two queries, ends no process', async () => {
  const database = await createDatabase();
  proxy = await startTcpProxy(database.url);
  const pool = openPool(proxy.url);
  const held = await pool.connect();
  proxy.down = true;
  await until(() =>
    held.query('select 1').then(
      () => false,
      () => true,
    ),
  );
  held.release(true);
  proxy.down = false;
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
  await database.close();
});

describe('a database server of its own', () => {
  let dataDir: string;
  let server: EmbeddedPostgres;
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'flywheel-restarted-'));
    server = await openEmbedded({ dataDir, throwaway: true });
  });
  afterEach(async () => {
    await closeWatched();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is restarted in the middle of history, and of a rewind', async () => {
    proxy = await startTcpProxy(server.url);
    const pool = openPool(proxy.url, { applicationName: 'test' });
    await migrate(pool);
    play('before', 80);
    await start({ url: proxy.url, pool, close: () => pool.end() });
    const log = pino({ level: 'silent' });
    api = await startApi({ pool, databaseUrl: proxy.url, host: '127.0.0.1', port: 0, log });
    const status = async () => {
      const query = '{ indexStatus { chains { indexed { number hash } } } }';
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${(api as Api).url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query }),
      });
      const { data } = (await answer.json()) as { data?: { indexStatus: { chains: { indexed: unknown }[] } } };
      return data?.indexStatus.chains[0]?.indexed;
    };
    const restart = async () => {
      await server.close();
      server = await openEmbedded({ dataDir, throwaway: true });
      const { hostname, port } = new URL(server.url);
      (proxy as TcpProxy).target = { host: hostname, port: Number(port) };
    };
    await until(async () => (await indexed()) >= 20);
    await restart();
    await until(async () => (await indexed().catch(() => -1)) > 60);
    fork(8, 'while it restarts');
    await restart();
    await reachHead();
    expect(await status()).toEqual({ number: chain.head.number, hash: chain.head.hash });
    await survived();
  });
});

describeWithRedis('Redis in the middle of history', () => {
  it('is flushed, then gone for a while: time is lost, nothing else', async () => {
    const redis = await startRedis();
    proxy = await startTcpProxy(redis.url);
    play('before', 90);
    try {
      await start(undefined, proxy.url);
      await until(async () => (await indexed()) >= 10);
      await redis.flush();
      await until(async () => (await indexed()) >= 30);
      proxy.down = true;
      await redis.flush();
      const { answered } = node;
      // The head goes on where it needs no queue; history waits.
      await until(() => node.answered > answered);
      proxy.down = false;
      await reachHead();
      await survived();
    } finally {
      await closeWatched();
      await redis.close();
    }
  });
});
