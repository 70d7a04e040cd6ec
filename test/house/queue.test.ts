import { Client } from 'pg';
import { openQueues, type Queues } from '../../db/queue';
import { createDatabase, type TestDatabase } from '../run/database';
import { describeWithRedis, startRedis, type TestRedis } from '../run/redis';
import { startTcpProxy } from '../run/tcpProxy';
import { until } from '../run/until';

let database: TestDatabase;
let queues: Queues;
beforeEach(async () => {
  database = await createDatabase({ empty: true });
  queues = await openQueues({ databaseUrl: database.url });
});
afterEach(async () => {
  await queues.close();
  await database.close();
});

test('a job is done by a worker, its id can be given again afterwards', async () => {
  const done: number[] = [];
  const queue = queues.queue<{ n: number }>('numbers');
  queues.worker<{ n: number }>('numbers', async (job) => void done.push(job.data.n));
  await queue.add('one', { n: 1 }, { jobId: 'same' });
  await until(() => done.length === 1);
  await until(async () => (await queue.getJob('same')) === undefined);
  await queue.add('one', { n: 2 }, { jobId: 'same' });
  await until(() => done.length === 2);
  expect(done).toEqual([1, 2]);
});

test('workers go on by themselves after every connection was cut and refused for a while', async () => {
  const done: number[] = [];
  const queue = queues.queue<{ n: number }>('numbers');
  queues.worker<{ n: number }>('numbers', async (job) => void done.push(job.data.n), { concurrency: 3 });
  await queue.add('before', { n: 1 });
  await until(() => done.length === 1);

  const admin = new Client({ connectionString: new URL('/postgres', database.url).href });
  await admin.connect();
  const name = new URL(database.url).pathname.slice(1);
  await admin.query(`alter database ${name} with allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await expect(queue.add('during', { n: 2 })).rejects.toThrow();
  await admin.query(`alter database ${name} with allow_connections true`);
  await admin.end();

  await queue.add('after', { n: 3 });
  await until(() => done.includes(3));
});

test('a worker looks for jobs by itself, though it heard of none and expects none for an hour', async () => {
  const done: number[] = [];
  const queue = queues.queue<{ n: number }>('numbers');
  queues.worker<{ n: number }>('numbers', async (job) => void done.push(job.data.n));
  await queue.add('late', { n: 1 }, { delay: 3_600_000 });
  await queue.add('first', { n: 2 });
  await until(() => done.includes(2));
  await database.pool.query(`update bullmq.job set state = 'waiting'`);
  await until(() => done.includes(1));
});

test('a worker listens for jobs again after the connection for it ended as soon as it listened', async () => {
  const proxy = await startTcpProxy(database.url);
  let errors = 0;
  const far = await openQueues({ databaseUrl: proxy.url, onError: () => errors++ });
  try {
    const done: number[] = [];
    const queue = queues.queue<{ n: number }>('numbers');
    far.worker<{ n: number }>('numbers', async (job) => void done.push(job.data.n));
    await queue.add('before', { n: 1 });
    await until(() => done.includes(1));
    proxy.down = true;
    proxy.cutAt('LISTEN', 'with', 3);
    await until(() => errors > 10);
    proxy.down = false;
    // It listens again each time.
    await until(() => proxy.cuts === 3);
    await queue.add('after', { n: 2 });
    await until(() => done.includes(2));
  } finally {
    await far.close();
    await proxy.close();
  }
});

test('an unreachable database is an error that names it', async () => {
  await expect(openQueues({ databaseUrl: 'postgresql://u:secret@127.0.0.1:1/none' })).rejects.toThrow(
    /job queue.*ECONNREFUSED/,
  );
});

describeWithRedis('on Redis', () => {
  let redis: TestRedis;
  let onRedis: Queues;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    onRedis = await openQueues({ databaseUrl: database.url, redisUrl: redis.url });
  });
  afterEach(() => onRedis.close());
  afterAll(() => redis.close());

  test('the same code does jobs', async () => {
    const done: number[] = [];
    const queue = onRedis.queue<{ n: number }>('numbers');
    onRedis.worker<{ n: number }>('numbers', async (job) => void done.push(job.data.n));
    await queue.add('one', { n: 1 }, { jobId: 'same' });
    await until(async () => done.length === 1 && (await queue.getJob('same')) === undefined);
    await queue.add('one', { n: 2 }, { jobId: 'same' });
    await until(() => done.length === 2);
    expect(onRedis.store).toBe('redis');
  });

  test('two databases may share a Redis: neither sees the jobs or the workers of the other', async () => {
    const other = await createDatabase();
    const ofOther = await openQueues({ databaseUrl: other.url, redisUrl: redis.url });
    const taken: string[] = [];
    const worker = ofOther.worker('shared', async () => void taken.push('other'));
    await worker.waitUntilReady();
    const queue = onRedis.queue<{ n: number }>('shared');
    expect(await queue.getWorkersCount()).toBe(0);
    await queue.add('one', { n: 1 }, { jobId: 'same' });
    onRedis.worker('shared', async () => void taken.push('ours'));
    await until(() => taken.length > 0);
    expect(taken).toEqual(['ours']);
    expect(await queue.getWorkersCount()).toBe(1);
    await ofOther.close();
    await other.close();
  });
});

test('an unreachable Redis is an error that names it without its password', async () => {
  await expect(openQueues({ databaseUrl: database.url, redisUrl: 'redis://:secret@127.0.0.1:1' })).rejects.toThrow(
    /^Redis at redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/,
  );
});
