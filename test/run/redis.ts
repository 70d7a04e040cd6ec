import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { until } from './until';

export interface TestRedis {
  url: string;
  /** Everything in it is gone. */
  flush(): Promise<void>;
  /** kill -9, and a new one that is empty; undefined for a server that is not ours. */
  restart?(): Promise<void>;
  close(): Promise<void>;
}

/** Whether tests that need Redis can run here: a redis-server on the PATH, or REDIS_URL. */
export const redisIsHere = Boolean(process.env.REDIS_URL) || spawnSync('redis-server', ['--version']).status === 0;

/**
 * `describe` where Redis is, else a single test that says that Redis tests were left out: neither silence nor a skipped
 * test that nobody reads.
 */
export function describeWithRedis(title: string, tests: () => void): void {
  if (redisIsHere) {
    describe(title, tests);
    return;
  }
  test(`${title}: left out, because neither redis-server nor REDIS_URL was found`, () => {
    process.stderr.write(`Redis tests left out (${title}): install redis-server or set REDIS_URL.\n`);
  });
}

/** A server of the caller's own that keeps nothing; with REDIS_URL that one, emptied first. */
export async function startRedis(): Promise<TestRedis> {
  if (process.env.REDIS_URL) {
    const url = process.env.REDIS_URL;
    const flush = () => withClient(url, (client) => client.flushdb());
    await flush();
    return { url, flush, close: async () => undefined };
  }
  const port = await freePort();
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const url = `redis://127.0.0.1:${port}`;
  const start = async () => {
    const child: ChildProcess = spawn('redis-server', flags, { stdio: 'ignore' });
    await until(() =>
      withClient(url, (client) => client.ping()).then(
        () => true,
        () => false,
      ),
    );
    return child;
  };
  let child = await start();
  const stop = () => void child.kill('SIGKILL');
  process.once('exit', stop);
  const end = async () => {
    const exited = once(child, 'exit');
    stop();
    await exited;
  };
  return {
    url,
    flush: () => withClient(url, (client) => client.flushdb()),
    async restart() {
      await end();
      child = await start();
    },
    async close() {
      process.off('exit', stop);
      await end();
    },
  };
}

async function withClient(url: string, use: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 100,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await use(client);
  } finally {
    client.disconnect();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
