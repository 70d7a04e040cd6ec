import pino from 'pino';
import { startApi } from '../../api/server';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { type RpcRequest, startNodeProxy } from '../chain/nodeProxy';
import { type RunningIndex, startIndex } from '../indexer/runningIndex';
import { readTables } from '../indexer/tables';
import { randomHistory } from '../oracle/history';
import type { Block } from '../oracle/log';
import { until } from '../run/until';
import { type BentNode, startBentNode } from './bentNode';

type Json = Record<string, unknown>;

let chain: EmittedChain;
let node: BentNode;
let index: RunningIndex;
let history: Block[];
let clock = 1_760_000_000;

beforeAll(async () => {
  chain = await startEmittedChain();
  history = randomHistory('near the head', { logs: 900, fromBlock: chain.nextBlock }).filter(
    ({ txs }) => txs.length > 0,
  );
  // One for each block that is played one by one.
  expect(history.length).toBeGreaterThan(24);
  await play(3);
  node = await startBentNode(chain.url);
  index = await startIndex([{ ...chain.config, rpc: [node.url] }]);
  await reachHead(index);
});

afterAll(async () => {
  await index?.close();
  await node?.close();
  await chain.close();
});

async function play(blocks: number): Promise<void> {
  for (const block of history.splice(0, blocks)) {
    clock += 10;
    await chain.play([{ ...block, timestamp: clock }]);
  }
}

async function head(): Promise<{ number: number; hash: string }> {
  const block = (await chain.send('eth_getBlockByNumber', ['latest', false])) as { number: string; hash: string };
  return { number: Number(block.number), hash: block.hash };
}

async function reachHead(running: RunningIndex): Promise<void> {
  await running.reach(chain.chainId, await head());
}

interface Row {
  error: string | null;
  warnings: string[];
  indexed: number;
  verified: number | null;
}

async function row({ database } = index): Promise<Row> {
  const { rows } = await database.pool.query<Row>(
    'select error, warnings, indexed_number::int as indexed, verified_to::int as verified from chain',
  );
  return rows[0] as Row;
}

/** As a client is told. */
async function warningsOf({ database: { pool, url: databaseUrl } }: RunningIndex): Promise<string[]> {
  const api = await startApi({ pool, databaseUrl, host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) });
  try {
    const query = encodeURIComponent('{ indexStatus { chains { warnings } } }');
    const headers = { 'apollo-require-preflight': 'true' };
    const response = await fetch(`${api.url}/graphql?query=${query}`, { headers });
    const { data } = (await response.json()) as { data: { indexStatus: { chains: { warnings: string[] }[] } } };
    return data.indexStatus.chains[0]?.warnings ?? [];
  } finally {
    await api.close();
  }
}

async function lastSegment({ database } = index): Promise<number> {
  const { rows } = await database.pool.query<{ verified: number }>(
    'select verified from segment order by from_block desc limit 1',
  );
  return rows[0]?.verified as number;
}

async function expectSameRows(one: RunningIndex, other: RunningIndex): Promise<void> {
  await reachHead(one);
  await reachHead(other);
  const [a, b] = [await readTables(one.database.pool), await readTables(other.database.pool)];
  for (const [table, rows] of Object.entries(a)) expect([table, rows]).toEqual([table, b[table]]);
}

const receiptsOf = (change: (receipts: Json[]) => unknown) => (call: RpcRequest, result: unknown) =>
  call.method === 'eth_getBlockReceipts' && Array.isArray(result) && result.length > 0 ? change(result) : result;
/** The first receipt that holds logs. */
const withLogs = (receipts: Json[]) => receipts.find(({ logs }) => (logs as Json[]).length > 0) as { logs: Json[] };
const firstLog = (receipts: Json[]) => withLogs(receipts).logs[0] as Json;
const changed = (change: (receipts: Json[]) => void) =>
  receiptsOf((receipts) => {
    change(receipts);
    return receipts;
  });
const eachReceipt = (change: Json) =>
  changed((receipts) => {
    for (const one of receipts) Object.assign(one, change);
  });
const blocks = (change: (block: Json) => unknown) => (call: RpcRequest, result: unknown) =>
  call.method === 'eth_getBlockByNumber' && result ? change(result as Json) : result;

describe('a block is not committed while a node', () => {
  it.each<[string, (call: RpcRequest, result: unknown) => unknown, RegExp]>([
    ['drops a log', changed((receipts) => withLogs(receipts).logs.shift()), /give the root/],
    ['makes a log up', changed((receipts) => withLogs(receipts).logs.push(firstLog(receipts))), /give the root/],
    [
      'changes what a log says',
      changed((receipts) => Object.assign(firstLog(receipts), { data: '0x01' })),
      /give the root/,
    ],
    [
      'calls a log removed',
      changed((receipts) => Object.assign(firstLog(receipts), { removed: true })),
      /lies elsewhere/,
    ],
    [
      'puts a log elsewhere',
      changed((receipts) => Object.assign(firstLog(receipts), { logIndex: '0x99' })),
      /lies elsewhere/,
    ],
    ['says no receipts', receiptsOf(() => []), /are 0 for/],
    ['says null receipts', receiptsOf(() => null), /are null/],
    ['says a null among them', receiptsOf((receipts) => [...receipts.slice(1), null]), /have a gap/],
    ['says the receipts of another block', eachReceipt({ blockHash: `0x${'ab'.repeat(32)}` }), /are of block/],
    [
      'forges the parent hash',
      blocks((block) => ({ ...block, parentHash: `0x${'cd'.repeat(32)}` })),
      // Asked to prove its chain again, it contradicts itself at the first block already.
      /is not what its hash says|a block 1 that follows/,
    ],
    [
      'forges the root of the receipts',
      blocks((block) => ({ ...block, receiptsRoot: `0x${'cd'.repeat(32)}` })),
      /is not what its hash says/,
    ],
  ])('%s', async (_, lie, said) => {
    const before = await row();
    node.bend = lie;
    await play(1);
    let { error, indexed } = before;
    await until(
      async () => {
        ({ error, indexed } = await row());
        return said.test(error ?? '');
      },
      { what: String(said) },
    );
    expect(error).toMatch(/block \d+ 0x[0-9a-f]{64}/);
    expect(indexed).toBe(before.indexed);
    node.bend = (__, result) => result;
    await reachHead(index);
    expect((await row()).error).toBeNull();
    expect(await lastSegment()).toBe(2);
  });
});

describe('a node that leaves the bloom out', () => {
  it.each(['0x', `0x${'00'.repeat(256)}`])('is asked for the receipts all the same', async (logsBloom) => {
    node.bend = blocks((block) => ({ ...block, logsBloom }));
    await play(1);
    await reachHead(index);
    expect(await lastSegment()).toBe(0);
    node.bend = (_, result) => result;
  });
});

it('another endpoint is asked where one lies', async () => {
  const liar = await startBentNode(chain.url);
  liar.bend = changed((receipts) => withLogs(receipts).logs.shift());
  const two = await startIndex([{ ...chain.config, rpc: [liar.url, chain.url] }]);
  try {
    await reachHead(two);
    await play(3);
    await reachHead(two);
    expect((await row(two)).error).toBeNull();
    await expectSameRows(two, index);
  } finally {
    await two.close();
    await liar.close();
  }
});

describe('a node that can do less is used, and it is said what that costs:', () => {
  const refuse =
    (...methods: string[]) =>
    (call: RpcRequest, result: unknown) =>
      methods.includes(call.method) ? new Error(`the method ${call.method} does not exist`) : result;
  const typed = eachReceipt({ type: '0x7d' });
  const unknownField = blocks((block) => ({
    ...block,
    stateRoot: `0x${'ef'.repeat(32)}`,
    blockAccessListHash: '0x01',
  }));

  it.each<[string, (call: RpcRequest, result: unknown) => unknown, number, RegExp]>([
    ['receipts one by one', refuse('eth_getBlockReceipts'), 2, /has no eth_getBlockReceipts/],
    ['no receipts', refuse('eth_getBlockReceipts', 'eth_getTransactionReceipt'), 1, /has no eth_getBlockReceipts/],
    ['receipts of an unknown type', typed, 1, /receipts of block \d+ can't be checked/],
    ['headers with an unknown field', unknownField, 0, /hash of block \d+ can't be made from the fields/],
  ])('%s', async (_, lack, level, said) => {
    node.bend = lack;
    const lesser = await startIndex([{ ...chain.config, rpc: [node.url] }]);
    try {
      await reachHead(lesser);
      await play(1);
      await reachHead(lesser);
      expect(await lastSegment(lesser)).toBe(level);
      expect((await row(lesser)).error).toBeNull();
      await until(async () => (await row(lesser)).warnings.some((text) => said.test(text)));
      await expectSameRows(lesser, index);
    } finally {
      node.bend = (__, result) => result;
      await lesser.close();
    }
  });
});

it('the rows are those of an index that met no lie', async () => {
  const fresh = await startIndex([chain.config]);
  try {
    await expectSameRows(fresh, index);
  } finally {
    await fresh.close();
  }
});

it('a node that refuses batches is used, and it is said what that costs', async () => {
  const single = await startNodeProxy(chain.url);
  single.answer = (requests) =>
    requests.length > 1 ? { body: { jsonrpc: '2.0', id: null, error: { code: -32600 } } } : undefined;
  const lesser = await startIndex([{ ...chain.config, rpc: [single.url] }]);
  try {
    await reachHead(lesser);
    await until(async () => (await row(lesser)).warnings.some((text) => text.includes("doesn't answer batches")));
    expect(await warningsOf(lesser)).toEqual([expect.stringContaining("doesn't answer batches")]);
  } finally {
    await lesser.close();
    await single.close();
  }
});
