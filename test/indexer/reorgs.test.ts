import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { type NodeProxy, startNodeProxy } from '../chain/nodeProxy';
import { randomHistory } from '../oracle/history';
import type { Block, HistoryLog, PlacedBlock } from '../oracle/log';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { blockOf, expectSurvived, type Watch } from './survives';
import { readTables } from './tables';
import { watchIndex } from './watchAnswers';

/** Forks of a real chain, as deep and as odd as they come. */
let chain: EmittedChain;
let index: RunningIndex;
let watch: Watch;
let proxy: NodeProxy | undefined;
let clock = 1_760_000_000;

afterEach(async () => {
  await watch.end();
  await index.close();
  await proxy?.close();
  proxy = undefined;
  await chain.close();
});

const empty = (count: number): Block[] => Array.from({ length: count }, () => ({ number: 0, timestamp: 0, txs: [] }));
/** After a fork time goes on, so that no block comes again by itself. */
const timed = (blocks: readonly Block[]) =>
  blocks.map((block) => {
    clock += 10;
    return { ...block, timestamp: clock };
  });
const play = (blocks: readonly Block[]): Promise<PlacedBlock[]> => chain.play(timed(blocks));

async function begin(options: Parameters<typeof startEmittedChain>[0], history: (from: number) => Block[]) {
  chain = await startEmittedChain(options);
  await play(history(chain.nextBlock));
  index = await startIndex([chain.config]);
  watch = await watchIndex(index.database);
  await reachHead();
}

async function reachHead(): Promise<void> {
  await index.reach(chain.chainId, await blockOf(chain.url, 'latest'));
}

async function status(): Promise<{ reorgs: number; deepest: number; error: string | null; indexed: number }> {
  const { rows } = await index.database.pool.query(
    'select reorgs, deepest_reorg as deepest, error, indexed_number::int as indexed from chain',
  );
  return rows[0];
}

const survived = () => expectSurvived(index.database, chain.config, chain.url);

it('follows a fork of one block, and one of more than a hundred', async () => {
  const blocks = (from: number) => [...randomHistory('deep', { logs: 300, fromBlock: from }), ...empty(100)];
  await begin({ finality: { depth: 200 } }, blocks);
  await chain.send('anvil_rollback', [1]);
  await play(randomHistory('one', { logs: 20 }).slice(0, 2));
  await reachHead();
  expect(await status()).toMatchObject({ reorgs: 1, deepest: 1 });

  await chain.send('anvil_rollback', [112]);
  await play([...randomHistory('other', { logs: 100 }), ...empty(108)]);
  await reachHead();
  expect(await status()).toMatchObject({ reorgs: 2, deepest: 112, error: null });
  await survived();
});

it('follows empty replacements at the same height, shorter chains, and forks of blocks without logs', async () => {
  await begin({ finality: { depth: 30 } }, (from) => randomHistory('odd', { logs: 200, fromBlock: from }));
  await chain.send('anvil_reorg', [4, []]);
  await reachHead();
  await chain.send('anvil_reorg', [6, []]);
  await reachHead();
  await chain.send('anvil_rollback', [9]);
  await play(randomHistory('shorter', { logs: 60 }).slice(0, 3));
  await reachHead();
  await play(empty(5));
  await reachHead();
  await chain.send('anvil_rollback', [3]);
  await play(empty(3));
  await reachHead();
  expect(await status()).toMatchObject({ reorgs: 4, deepest: 9, error: null });
  await survived();
});

it('moves a transaction that a fork puts into another block and position', async () => {
  const [a, b, c, d] = randomHistory('moved', { logs: 60 }).flatMap(({ txs }) => txs) as [
    HistoryLog[],
    HistoryLog[],
    HistoryLog[],
    HistoryLog[],
  ];
  const blocks = (...txs: HistoryLog[][][]) => txs.map((one) => ({ number: 0, timestamp: 0, txs: one }));
  await begin({}, () => blocks([a], [b, c], [d]));
  const places = async () => {
    const { rows } = await index.database.pool.query<{ tx: string; pos: bigint }>(
      `select encode(tx_hash, 'hex') as tx, min(pos) as pos from event group by tx_hash order by pos`,
    );
    return new Map(rows.map(({ tx, pos }) => [tx, pos]));
  };
  const before = await places();
  await chain.send('anvil_rollback', [3]);
  await play(blocks([], [a, b], [], [c, d]));
  await reachHead();
  const after = await places();
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [tx, pos] of before) expect(after.get(tx)).not.toBe(pos);
  await survived();
});

it('comes back to the very blocks that a fork took away: A, B, A, and B again, longer and shorter', async () => {
  await begin({ finality: { depth: 30 } }, (from) => randomHistory('A-B-A', { logs: 150, fromBlock: from }));
  const base = (await blockOf(chain.url, 'latest')).number;
  /** Blocks that anvil mines again get other hashes (prevrandao is random); the state it saved holds the very same. */
  const fork = async (mine: () => Promise<unknown>) => {
    await mine();
    const head = await blockOf(chain.url, 'latest');
    await reachHead();
    const saved = await chain.send('anvil_dumpState', [true]);
    return { head, saved, tables: await readTables(index.database.pool) };
  };
  const leave = async () => {
    const { number } = await blockOf(chain.url, 'latest');
    await chain.send('anvil_rollback', [number - base]);
  };
  const comeBack = async ({ head, saved }: { head: { number: number; hash: string }; saved: unknown }) => {
    await leave();
    await chain.send('anvil_loadState', [saved]);
    expect(await blockOf(chain.url, 'latest')).toEqual(head);
  };

  const a = await fork(() => play(randomHistory('A', { logs: 60 }).slice(0, 6)));
  const b = await fork(async () => {
    await leave();
    await play(randomHistory('B', { logs: 90 }).slice(0, 8));
  });
  const c = await fork(() => chain.send('anvil_reorg', [8, []]));
  expect(new Set([a, b, c].map(({ head }) => head.hash)).size).toBe(3);
  for (const again of [a, b, a, c, b]) {
    await comeBack(again);
    await reachHead();
    expect(await readTables(index.database.pool)).toEqual(again.tables);
  }
  // Away and back while nobody looks is nothing at all.
  const { reorgs } = await status();
  await index.stop();
  await comeBack(a);
  await comeBack(b);
  await index.start();
  await play(empty(1));
  await reachHead();
  expect(await status()).toMatchObject({ reorgs, deepest: 8, error: null });
  await survived();
});

it('comes back to a chain that forked meanwhile, inside finality and at its very edge', async () => {
  await begin({ finality: { depth: 8 } }, (from) => randomHistory('away', { logs: 150, fromBlock: from }));
  for (const [depth, replaced] of [
    [3, 4],
    [8, 40],
    [5, 5],
  ] as const) {
    await index.stop();
    await chain.send('anvil_rollback', [depth]);
    await play([...randomHistory(`away${depth}`, { logs: 40 }).slice(0, 1), ...empty(replaced - 1)]);
    await index.start();
    await reachHead();
  }
  expect(await status()).toMatchObject({ deepest: 8, error: null });
  await survived();
});

it('halts with instructions when the chain changed below finality meanwhile, and goes on when it is back', async () => {
  chain = await startEmittedChain({ finality: { depth: 4 } });
  proxy = await startNodeProxy(chain.url);
  await play(randomHistory('halt', { logs: 100, fromBlock: chain.nextBlock }));
  index = await startIndex([{ ...chain.config, rpc: [proxy.url] }]);
  watch = await watchIndex(index.database);
  await reachHead();
  await index.stop();
  const [rows, { indexed }] = [await readTables(index.database.pool), await status()];

  // The same genesis and contracts, and other blocks after them: longer, so that there would be much to take.
  const other = await startEmittedChain({ finality: { depth: 4 } });
  try {
    await other.play(timed([...randomHistory('other world', { logs: 200 }), ...empty(indexed)]));
    proxy.target = other.url;
    await index.start();
    await until(async () => (await status()).error?.includes('below finality') === true);
    expect((await status()).error).toMatch(/below finality.*rows stay.*Check the endpoints/s);
    expect(await readTables(index.database.pool)).toEqual(rows);
    expect((await status()).indexed).toBe(indexed);
    await index.stop();
    proxy.target = chain.url;
  } finally {
    await other.close();
  }
  await play(empty(3));
  await index.start();
  await reachHead();
  expect((await status()).error).toBeNull();
  await survived();
});
