import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { type NodeProxy, refusal, startNodeProxy } from '../chain/nodeProxy';
import { blockOf, expectSurvived } from '../indexer/survives';
import { randomHistory } from '../oracle/history';
import { createDatabase, type TestDatabase } from '../run/database';
import { describeWithRedis, startRedis, type TestRedis } from '../run/redis';
import { until } from '../run/until';
import { type Program, startProgram } from '../start/program';
import { openIndexerPart, openWorkerPart, rangeAsked } from './rangeParts';

/** A job holds 20 blocks, of which the nodes give seven at a time; the first worker dies over the second piece of one. */
const RANGE = 20;
const PIECE = 7;
const CELL = 120;

function story(redisUrl: () => string | undefined): void {
  let folder: string;
  let chain: EmittedChain;
  let nodes: [NodeProxy, NodeProxy];
  let database: TestDatabase;
  let parts: { close(): Promise<void> }[];
  let killed: Program;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'killed-worker-'));
    chain = await startEmittedChain({ maxLogsRange: RANGE });
    await chain.play(randomHistory('killed', { logs: 200, fromBlock: chain.nextBlock }));
    await chain.send('anvil_mine', ['0x12c']);
    nodes = [await startNodeProxy(chain.url), await startNodeProxy(chain.url)];
    database = await createDatabase();
    parts = [];
  });
  afterEach(async () => {
    killed.child.kill('SIGKILL');
    await killed.exited;
    for (const part of parts.reverse()) await part.close();
    for (const node of nodes) await node.close();
    await chain.close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  it('what a worker that is killed had stored stays, another one goes on behind it within seconds', async () => {
    const [first, second] = nodes;
    const letGo = new AbortController();
    let isHeld = false;
    const held = new Promise<undefined>((resolve) => {
      letGo.signal.addEventListener('abort', () => resolve(undefined));
    });
    const limited: NodeProxy['answer'] = (requests) => {
      const asked = rangeAsked(requests);
      if (!asked || asked.toBlock - asked.fromBlock < PIECE) return undefined;
      return refusal(requests, `eth_getLogs is limited to ${PIECE} blocks`);
    };
    first.answer = (requests, request) => {
      const asked = rangeAsked(requests);
      if (asked?.fromBlock !== CELL + PIECE) return limited(requests, request);
      isHeld = true;
      return held;
    };
    const askedOfSecond: number[] = [];
    second.answer = (requests, request) => {
      const refused = limited(requests, request);
      const asked = rangeAsked(requests);
      if (asked && !refused) askedOfSecond.push(asked.fromBlock);
      return refused;
    };

    parts.push(await openIndexerPart(database, [chain.config], redisUrl()));
    const NETWORKS = path.join(folder, 'network.json');
    writeFileSync(NETWORKS, JSON.stringify({ chains: [{ ...chain.config, rpc: [first.url] }] }));
    const REDIS_URL = redisUrl();
    killed = startProgram('worker', { NETWORKS, DATABASE_URL: database.url, ...(REDIS_URL ? { REDIS_URL } : {}) });
    // It asks for the next piece while it stores the one before.
    const isStored = async () => {
      const { rows } = await database.pool.query('select from segment where from_block = $1', [CELL]);
      return rows.length > 0;
    };
    await until(async () => isHeld && (await isStored()), {
      what: 'the worker in the middle of the range',
    });
    parts.push(await openWorkerPart(database, [{ ...chain.config, rpc: [second.url] }], redisUrl()));
    killed.child.kill('SIGKILL');
    await until(() => askedOfSecond.includes(CELL + PIECE), { what: 'the other worker on the rest of the range' });
    letGo.abort();
    const head = (await blockOf(chain.url, 'latest')).number;
    await until(async () => {
      const { rows } = await database.pool.query('select indexed_number::int as n from chain');
      return rows[0]?.n === head;
    });
    expect(askedOfSecond).not.toContain(CELL);
    await expectSurvived(database, chain.config, chain.url);
  });
}

describe('a worker killed in the middle of a range, on Postgres', () => story(() => undefined));

describeWithRedis('a worker killed in the middle of a range, on Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  story(() => redis.url);
});
