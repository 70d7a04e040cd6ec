import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { startNodeProxy } from '../chain/nodeProxy';
import { randomHistory } from '../oracle/history';
import type { Block, HistoryLog } from '../oracle/log';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { readTables } from './tables';

let chain: EmittedChain;
let index: RunningIndex | undefined;
afterEach(async () => {
  await index?.close();
  await chain.close();
  index = undefined;
});

interface Row {
  error: string | null;
  indexed: number;
  hash: string;
  safe: number | null;
  finalized: number | null;
  reorgs: number;
  deepest: number;
}

async function row(): Promise<Row> {
  const { rows } = await (index as RunningIndex).database.pool.query<Row>(
    `select error, indexed_number::int as indexed, '0x' || encode(indexed_hash, 'hex') as hash, reorgs,
       safe_number::int as safe, finalized_number::int as finalized, deepest_reorg as deepest
     from chain`,
  );
  return rows[0] as Row;
}

async function head(): Promise<{ number: number; hash: string }> {
  const block = (await chain.send('eth_getBlockByNumber', ['latest', false])) as { number: string; hash: string };
  return { number: Number(block.number), hash: block.hash };
}

async function reachHead(): Promise<void> {
  await (index as RunningIndex).reach(chain.chainId, await head());
}

const anonymous: HistoryLog = { contract: 'DatanetRegistry', topics: [], data: '0x01', why: 'anonymous' };
const empty = (blocks: number): Block[] => Array.from({ length: blocks }, () => ({ number: 0, timestamp: 0, txs: [] }));
let clock = 1_760_000_000;
const timed = (blocks: Block[]) =>
  blocks.map((block) => {
    clock += 10;
    return { ...block, timestamp: clock };
  });

/** The whole index against a clean one of the same chain. */
async function expectLikeFresh(): Promise<void> {
  const lived = await readTables((index as RunningIndex).database.pool);
  const fresh = await startIndex([chain.config]);
  await fresh.reach(chain.chainId, await head());
  const clean = await readTables(fresh.database.pool);
  await fresh.close();
  for (const [table, rows] of Object.entries(clean)) expect([table, lived[table]]).toEqual([table, rows]);
}

it('a reorg below finality halts the chain with its rows, until the node has our chain again', async () => {
  chain = await startEmittedChain({ finality: { depth: 4 } });
  await chain.play(timed(randomHistory('below', { logs: 120, fromBlock: chain.nextBlock })));
  const proxy = await startNodeProxy(chain.url);
  index = await startIndex([{ ...chain.config, rpc: [proxy.url] }]);
  await reachHead();
  const before = await row();
  const tables = await readTables(index.database.pool);

  // The same genesis, other blocks from the first one on, and more of them.
  const fork = await startEmittedChain();
  try {
    await fork.play(timed(empty(before.indexed + 20)));
    proxy.target = fork.url;
    await until(async () => (await row()).error?.includes('leaves ours below finality') === true);
    expect(await row()).toEqual({ ...before, error: expect.stringContaining(`block ${before.finalized}`) });
    expect(await readTables(index.database.pool)).toEqual(tables);
  } finally {
    await fork.close();
  }

  proxy.target = chain.url;
  await chain.play(timed(empty(2)));
  await until(async () => (await row()).indexed === before.indexed + 2);
  expect((await row()).error).toBeNull();
  await proxy.close();
});

it('a reorg to a shorter chain is followed before that one is the longer', async () => {
  chain = await startEmittedChain();
  await chain.play(timed(randomHistory('short', { logs: 120, fromBlock: chain.nextBlock })));
  index = await startIndex([chain.config]);
  await reachHead();
  await chain.send('anvil_rollback', [6]);
  await chain.play(timed([{ number: 0, timestamp: 0, txs: [[anonymous]] }, ...empty(1)]));
  await reachHead();
  expect(await row()).toMatchObject({ reorgs: 1, deepest: 6, error: null });
  await expectLikeFresh();
});

it('finality by tag: safe and finalized move with the node, from history on', async () => {
  chain = await startEmittedChain({ finality: { tag: 'finalized' }, args: ['--slots-in-an-epoch', '1'] });
  await chain.play(timed(randomHistory('tag', { logs: 120, fromBlock: chain.nextBlock })));
  index = await startIndex([chain.config]);
  for (let i = 0; i < 4; i++) {
    await reachHead();
    const tag = async (name: string) =>
      Number(((await chain.send('eth_getBlockByNumber', [name, false])) as { number: string }).number);
    const [safe, finalized] = [await tag('safe'), await tag('finalized')];
    expect(finalized).toBeGreaterThan(chain.nextBlock);
    await until(async () => (await row()).finalized === finalized && (await row()).safe === safe);
    await chain.play(timed([{ number: 0, timestamp: 0, txs: [[anonymous]] }, ...empty(i)]));
  }
  await reachHead();
  expect((await row()).error).toBeNull();
  await expectLikeFresh();
});

it('the same tables come from ranges, from block by block, and from after the fact', async () => {
  chain = await startEmittedChain({ maxLogsRange: 3 });
  const history = timed(randomHistory('ways', { logs: 300, fromBlock: chain.nextBlock }));
  index = await startIndex([chain.config]);
  for (const block of history) {
    await chain.play([block]);
    await reachHead();
  }
  await expectLikeFresh();
});

it('other contracts or another start block in the network file: the chain is indexed anew', async () => {
  chain = await startEmittedChain();
  await chain.play(timed(randomHistory('changed', { logs: 300, fromBlock: chain.nextBlock })));
  const { contracts } = chain.config;
  chain.config.contracts = contracts.slice(0, -1);
  index = await startIndex([chain.config]);
  await reachHead();
  const { database } = index;
  await index.stop();

  const start = (await head()).number - 8;
  const changes = [
    { contracts, startBlock: 0 },
    { contracts: contracts.map((contract) => ({ ...contract, startBlock: start })), startBlock: start },
    { contracts: contracts.map((contract, i) => ({ ...contract, startBlock: i % 2 ? start : 3 })), startBlock: 0 },
    // One address with several contracts.
    {
      contracts: contracts.map((contract) => ({ ...contract, address: contracts[0]?.address as string })),
      startBlock: 0,
    },
  ];
  for (const change of changes) {
    Object.assign(chain.config, change);
    index = await startIndex([chain.config], database);
    await until(async () => {
      const { rows } = await database.pool.query('select contracts, start_block::int as start from chain');
      return JSON.stringify(rows[0].start) === String(change.startBlock) && (await row()).indexed !== null;
    });
    await until(async () => {
      const { rows } = await database.pool.query<{ same: boolean }>('select contracts = $1::jsonb as same from chain', [
        JSON.stringify(chain.config.contracts),
      ]);
      return rows[0]?.same === true;
    });
    await reachHead();
    await expectLikeFresh();
    await index.stop();
  }
});

it('blocks with more than a thousand logs, some without a topic', async () => {
  chain = await startEmittedChain();
  const { txs } = randomHistory('many', { logs: 400, fromBlock: chain.nextBlock }).reduce(
    (all, block) => ({ txs: [...all.txs, ...block.txs] }),
    { txs: [] as HistoryLog[][] },
  );
  index = await startIndex([chain.config]);
  await chain.play(timed([{ number: 0, timestamp: 0, txs: [...txs, Array.from({ length: 900 }, () => anonymous)] }]));
  await reachHead();
  const { rows } = await index.database.pool.query(
    'select undecoded_logs::int as undecoded, (select count(*)::int from event) as events from chain',
  );
  expect(rows[0].undecoded).toBeGreaterThanOrEqual(900);
  expect(rows[0].undecoded + rows[0].events).toBeGreaterThan(1_250);
  await chain.send('anvil_rollback', [1]);
  await chain.play(timed(empty(1)));
  await reachHead();
  await expectLikeFresh();
});
