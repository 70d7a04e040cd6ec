import { Redis } from 'ioredis';
import { startApi } from '../../api/server';
import { announceOnRedis } from '../../db/wakeups';
import { openFakeChain } from '../api/fakeChain';
import { openApi } from '../api/harness';
import { loopOnce, rewardFor } from '../api/loop';
import { events, follow, hasTold, isLive } from '../api/stream';
import { describeWithRedis, startRedis } from '../run/redis';
import { until } from '../run/until';

const beneficiary = `0x${'b1'.padStart(40, '0')}`;

test('a listening connection that is cut, and a wake-up that nobody heard, cost time and no event', async () => {
  const harness = await openApi({ limits: { progressMs: 300 } });
  const { pool } = harness.database;
  const chain = await openFakeChain(pool);
  await chain.extend(loopOnce);
  const stream = follow(harness.socket(), events);
  await isLive(stream);
  const listeners = async () =>
    (
      await pool.query<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'flywheel-api-listen' and datname = current_database()
         and query like 'listen%'`,
      )
    ).rows.map(({ pid }) => pid);
  await until(async () => (await listeners()).length === 1);
  const before = await listeners();
  await pool.query('select pg_terminate_backend($1)', [before[0]]);
  await chain.extend([[rewardFor(beneficiary, 1n)]]);
  await hasTold(stream, 1);
  await until(async () => (await listeners()).some((pid) => !before.includes(pid)));
  await chain.extend([[rewardFor(beneficiary, 2n)]]);
  await hasTold(stream, 2);
  await harness.close();
});

describeWithRedis('with Redis', () => {
  test('wake-ups come by Redis, which may forget everything, and no API holds a connection for them', async () => {
    const redis = await startRedis();
    const harness = await openApi({ redisUrl: redis.url, limits: { progressMs: 300 } });
    const { pool, url } = harness.database;
    const lost: string[] = [];
    const announcer = announceOnRedis(url, redis.url, (reason) => lost.push(reason));
    const heard: string[] = [];
    const ear = new Redis(redis.url);
    await ear.subscribe('flywheel_change');
    ear.on('message', (channel) => heard.push(channel));
    const chain = await openFakeChain(pool);
    await chain.extend(loopOnce);
    await until(() => heard.length > 0);
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const other = await startApi({ pool, databaseUrl: url, redisUrl: redis.url, host: '127.0.0.1', port: 0, log });
    const stream = follow(harness.socket(), events);
    await isLive(stream);
    for (let n = 1; n <= 3; n++) {
      await chain.extend([[rewardFor(beneficiary, BigInt(n))]]);
      await hasTold(stream, n);
      await redis.flush();
      // Every connection to Redis goes, those of readers too.
      if (n === 2) await ear.call('client', 'kill', 'type', 'pubsub', 'skipme', 'yes').catch(() => undefined);
    }
    const { rows } = await pool.query(
      `select count(*)::integer as n from pg_stat_activity
       where application_name = 'flywheel-api-listen' and datname = current_database()`,
    );
    // The announcer's own.
    expect(rows).toEqual([{ n: 1 }]);
    await other.close();
    await announcer.close();
    ear.disconnect();
    await harness.close();
    await redis.close();
  });
});
