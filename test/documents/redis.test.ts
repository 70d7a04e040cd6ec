import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { id } from 'ethers';
import { Redis } from 'ioredis';
import pino from 'pino';
import { openQueues } from '../../db/queue';
import { startDocumentWorker } from '../../indexer/documents/worker';
import { createDatabase, type TestDatabase } from '../run/database';
import { describeWithRedis, startRedis, type TestRedis } from '../run/redis';
import { until } from '../run/until';
import { localReach } from './localReach';
import { type LocalServer, startLocalServer } from './localServer';

describeWithRedis('documents with their jobs in Redis', () => {
  const text = '{"name":"A"}';
  let database: TestDatabase;
  let redis: TestRedis;
  let server: LocalServer;
  let answer: RequestListener;

  beforeAll(async () => {
    database = await createDatabase();
    redis = await startRedis();
    server = await startLocalServer((request, response) => answer(request, response));
  });
  afterAll(async () => {
    await server.close();
    await redis.close();
    await database.close();
  });

  async function startProgram(baseMs: number) {
    const queues = await openQueues({ databaseUrl: database.url, redisUrl: redis.url });
    const plan = { baseMs, capMs: baseMs * 10, attempts: 4 };
    const worker = startDocumentWorker({
      network: { chains: [] },
      pool: database.pool,
      queues,
      log: pino({ level: 'silent' }),
      reach: localReach,
      retries: { documents: plan, tokens: plan },
    });
    return async () => {
      await worker.close();
      await queues.close();
    };
  }

  async function insert(uri: string): Promise<void> {
    await database.pool.query('insert into document (hash, uri, uri_digest) values ($1, $2, $3)', [
      Buffer.from(id(text).slice(2), 'hex'),
      uri,
      createHash('sha256').update(uri).digest(),
    ]);
  }

  const has = (uri: string, state: string, attempts: number) => async () => {
    const { rows } = await database.pool.query(
      'select 1 from document where uri = $1 and state = $2 and attempts = $3',
      [uri, state, attempts],
    );
    return rows.length === 1;
  };

  it('are tried again with a growing pause', async () => {
    let asked = 0;
    answer = (_request, response) => (++asked < 3 ? response.writeHead(503).end() : response.end(text));
    const uri = `${server.url}/again`;
    await insert(uri);
    const close = await startProgram(20);
    await until(has(uri, 'fetched', 3));
    await close();
  });

  it('are fetched although Redis lost everything', async () => {
    answer = (_request, response) => response.writeHead(503).end();
    const uri = `${server.url}/lost`;
    await insert(uri);
    const closeFirst = await startProgram(3_600_000);
    await until(has(uri, 'failed', 1));
    await closeFirst();

    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    await database.pool.query(`update document set updated_at = now() - interval '2 hours' where uri = $1`, [uri]);
    answer = (_request, response) => response.end(text);
    const close = await startProgram(3_600_000);
    await until(has(uri, 'fetched', 2));
    await close();
  });
});
