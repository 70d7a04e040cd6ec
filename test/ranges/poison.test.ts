import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { type NodeProxy, refusal, startNodeProxy } from '../chain/nodeProxy';
import { blockOf, expectSurvived } from '../indexer/survives';
import { randomHistory } from '../oracle/history';
import { createDatabase, type TestDatabase } from '../run/database';
import { describeWithRedis, startRedis, type TestRedis } from '../run/redis';
import { until } from '../run/until';
import { openIndexerPart, openWorkerPart, rangeAsked } from './rangeParts';

const POISON = 137;
/** Blocks a range holds here, and how many ranges are fetched ahead. */
const RANGE = 20;
const AHEAD = 16;

function stories(redisUrl: () => string | undefined): void {
  let chain: EmittedChain;
  let proxy: NodeProxy;
  let logBlocks: number[];
  let database: TestDatabase;
  let parts: { close(): Promise<void> }[];
  beforeEach(async () => {
    chain = await startEmittedChain({ maxLogsRange: RANGE });
    const placed = await chain.play(randomHistory('poison', { logs: 200, fromBlock: chain.nextBlock }));
    logBlocks = placed.filter(({ logs }) => logs.length > 0).map(({ number }) => number);
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
    let poisonAsked = 0;
    proxy.answer = (requests) => {
      const asked = rangeAsked(requests);
      if (!asked || asked.fromBlock > POISON || asked.toBlock < POISON) return undefined;
      if (asked.fromBlock === asked.toBlock) poisonAsked++;
      return refusal(requests, 'missing trie node');
    };
    await start();
    const said = new RegExp(
      `^block ${POISON} can't be fetched since \\S+Z \\(\\d+ attempts\\): the logs of block ${POISON} .*missing trie node`,
    );
    await until(async () => said.test((await row())?.error ?? ''));
    // Everything before it is applied, what comes after it is fetched as far ahead as ever, and the head is followed.
    expect((await row())?.indexed).toBe(POISON - 1);
    expect((await row())?.head).toBe((await blockOf(chain.url, 'latest')).number);
    const cell = POISON - (POISON % RANGE);
    const ahead = cell + AHEAD * RANGE - (cell + RANGE);
    await until(async () => (await storedBlocks()) === POISON + ahead);
    const askedBefore = poisonAsked;
    await until(() => poisonAsked > askedBefore);
    expect((await row())?.indexed).toBe(POISON - 1);

    proxy.answer = () => undefined;
    await until(isAtHead, { limitMs: 90_000 });
    expect((await row())?.error).toBeNull();
    await expectSurvived(database, chain.config, chain.url);
  });

  it('a block whose header the node lacks is narrowed down to, and what is before it in its range is applied', async () => {
    const lacked = logBlocks[8] as number;
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
    await until(isAtHead, { limitMs: 90_000 });
    await expectSurvived(database, chain.config, chain.url);
  });

  it('two workers share the ranges, and no block is fetched twice', async () => {
    const other = await startNodeProxy(chain.url);
    parts.push(other);
    const asked: { by: NodeProxy; fromBlock: number; toBlock: number }[] = [];
    for (const by of [proxy, other]) {
      by.answer = async (requests) => {
        const range = rangeAsked(requests);
        if (range) asked.push({ by, ...range });
        return undefined;
      };
      parts.push(await openWorkerPart(database, [{ ...chain.config, rpc: [by.url] }], redisUrl()));
    }
    parts.push(await openIndexerPart(database, [chain.config], redisUrl()));
    await until(isAtHead, { limitMs: 60_000 });
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
