import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { type NodeProxy, refusal, startNodeProxy } from '../chain/nodeProxy';
import { blockOf, expectSurvived } from '../indexer/survives';
import { randomHistory } from '../oracle/history';
import type { PlacedBlock } from '../oracle/log';
import { createDatabase, type TestDatabase } from '../run/database';
import { describeWithRedis, startRedis, type TestRedis } from '../run/redis';
import { until } from '../run/until';
import { runToEnd } from '../start/program';
import { openIndexerPart, openWorkerPart, rangeAsked } from './rangeParts';

/** Blocks a range holds here, and how many ranges are fetched ahead. */
const RANGE = 20;
const AHEAD = 16;

function stories(redisUrl: () => string | undefined): void {
  let folder: string;
  let chain: EmittedChain;
  let proxy: NodeProxy;
  let logBlocks: PlacedBlock[];
  let database: TestDatabase;
  let parts: { close(): Promise<void> }[];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'poison-'));
    chain = await startEmittedChain({ maxLogsRange: RANGE });
    const placed = await chain.play(randomHistory('poison', { logs: 200, fromBlock: chain.nextBlock }));
    logBlocks = placed.filter(({ logs }) => logs.length > 0);
    await chain.send('anvil_mine', ['0x258']);
    proxy = await startNodeProxy(chain.url);
    database = await createDatabase();
    parts = [];
  });
  afterEach(async () => {
    for (const part of parts.reverse()) await part.close();
    await proxy.close();
    await chain.close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  const start = async () => {
    const config = { ...chain.config, rpc: [proxy.url] };
    parts.push(await openWorkerPart(database, [config], redisUrl()));
    parts.push(await openIndexerPart(database, [config], redisUrl()));
  };
  const row = async () =>
    (
      await database.pool.query<{ error: string | null; indexed: number | null; head: number | null }>(
        'select error, indexed_number::int as indexed, head_number::int as head from chain',
      )
    ).rows[0];
  const storedBlocks = async () =>
    (await database.pool.query<{ n: number }>('select sum(to_block - from_block + 1)::int as n from segment')).rows[0]
      ?.n;
  const isAtHead = async () => (await row())?.indexed === (await blockOf(chain.url, 'latest')).number;

  it('a block whose logs the node refuses holds up what is after it alone, is said, and goes on when the node heals', async () => {
    const { number: poison, hash: poisonHash } = logBlocks[8] as PlacedBlock;
    let poisonAsked = 0;
    proxy.answer = (requests) => {
      // Where a range is refused, the block's hash or its receipts are the way out: not for this block.
      const ways = requests.filter(({ method }) => /Receipts?$|getLogs/.test(method));
      if (JSON.stringify(ways).includes(poisonHash)) return refusal(requests, 'missing trie node');
      if (ways.some(({ method }) => method !== 'eth_getLogs')) return refusal(requests, 'missing trie node');
      const asked = rangeAsked(requests);
      if (!asked || asked.fromBlock > poison || asked.toBlock < poison) return undefined;
      if (asked.fromBlock === asked.toBlock) poisonAsked++;
      return refusal(requests, 'missing trie node');
    };
    await start();
    const said = new RegExp(`^block ${poison} can't be fetched since \\S+Z \\(\\d+ attempts\\): .*missing trie node`);
    await until(async () => said.test((await row())?.error ?? ''));
    // Everything before it is applied, what comes after it is fetched as far ahead as ever, and the head is followed.
    expect((await row())?.indexed).toBe(poison - 1);
    expect((await row())?.head).toBe((await blockOf(chain.url, 'latest')).number);
    const cell = poison - (poison % RANGE);
    const ahead = cell + AHEAD * RANGE - (cell + RANGE);
    await until(async () => (await storedBlocks()) === poison + ahead);
    const askedBefore = poisonAsked;
    await until(() => poisonAsked > askedBefore);
    expect((await row())?.indexed).toBe(poison - 1);

    const NETWORKS = path.join(folder, 'network.json');
    writeFileSync(NETWORKS, JSON.stringify({ chains: [{ ...chain.config, rpc: [proxy.url] }] }));
    const REDIS_URL = redisUrl();
    const env = { NETWORKS, DATABASE_URL: database.url, PORT: '0', ...(REDIS_URL ? { REDIS_URL } : {}) };
    const { output } = await runToEnd('doctor', env);
    expect(output).toMatch(/ok {7}\S+ ranges: \d+ waiting, \d+ being fetched, \d+ to be tried again; 1 worker\n/);
    expect(output).toMatch(
      new RegExp(
        `warning {2}\\S+ ranges: block ${poison} can't be fetched since .*missing trie node\n\\s+-> look at the`,
      ),
    );

    proxy.answer = () => undefined;
    await until(isAtHead);
    expect((await row())?.error).toBeNull();
    await expectSurvived(database, chain.config, chain.url);
  });

  it('a block whose header the node lacks is narrowed down to, and what is before it in its range is applied', async () => {
    const { number: lacked } = logBlocks[8] as PlacedBlock;
    proxy.answer = (requests) => {
      const lacks = requests.some(
        (call) => call.method === 'eth_getBlockByNumber' && Number(call.params[0]) === lacked,
      );
      if (!lacks) return undefined;
      const answers = requests.map(({ id }) => ({ jsonrpc: '2.0', id, result: null }));
      return { body: answers.length === 1 ? answers[0] : answers };
    };
    await start();
    await until(async () => ((await row())?.error ?? '').startsWith(`block ${lacked} can't be fetched since`));
    expect((await row())?.indexed).toBe(lacked - 1);
    proxy.answer = () => undefined;
    await until(isAtHead);
    await expectSurvived(database, chain.config, chain.url);
  });

  it('two workers share the ranges, and no block is fetched twice', async () => {
    const other = await startNodeProxy(chain.url);
    parts.push(other);
    const asked: { by: NodeProxy; fromBlock: number; toBlock: number }[] = [];
    let letGo = (): void => undefined;
    const bothAreAtWork = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    for (const by of [proxy, other]) {
      by.answer = async (requests) => {
        const range = rangeAsked(requests);
        if (!range) return undefined;
        asked.push({ by, ...range });
        // Whoever is the first leaves something to the other.
        if (asked.some((each) => each.by !== by)) letGo();
        await bothAreAtWork;
        return undefined;
      };
      parts.push(await openWorkerPart(database, [{ ...chain.config, rpc: [by.url] }], redisUrl()));
    }
    parts.push(await openIndexerPart(database, [chain.config], redisUrl()));
    await until(isAtHead);
    const blocks = asked.flatMap(({ fromBlock, toBlock }) =>
      Array.from({ length: toBlock - fromBlock + 1 }, (_, i) => fromBlock + i),
    );
    expect(new Set(blocks).size).toBe(blocks.length);
    expect(new Set(asked.map(({ by }) => by))).toEqual(new Set([proxy, other]));
    await expectSurvived(database, chain.config, chain.url);
  });
}

describe('ranges over a queue on Postgres', () => stories(() => undefined));

describeWithRedis('ranges over a queue on Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  stories(() => redis.url);
});
