import type { ChainConfig } from '../../../schema/networkFile';
import { type EmittedChain, startEmittedChain } from '../../chain/emittedChain';
import { type Bend, type LyingNode, Refusal, startLyingNode } from '../../chain/lyingNode';
import { randomHistory } from '../../oracle/history';
import { expectHonestTables, type HonestIndex, indexHonestly } from './liedTo';

type Json = Record<string, unknown>;
type Logs = Json[];

let chain: EmittedChain;
let honest: HonestIndex;
let node: LyingNode;
let told: number;

beforeAll(async () => {
  chain = await startEmittedChain({ maxLogsRange: 16 });
  await chain.play(randomHistory('lies', { logs: 420, fromBlock: chain.nextBlock }));
  honest = await indexHonestly(chain.config, chain.url);
});
afterAll(() => chain.close());
beforeEach(async () => {
  node = await startLyingNode(chain.url);
  told = 0;
});
afterEach(() => node.close());

const config = (...rpc: string[]): ChainConfig => ({
  ...chain.config,
  rpc,
  verify: { history: 'receipts', requestsPerSecond: 1_000 },
});

/** Bends logs wherever a node says them: eth_getLogs alone, or those of receipts, too. */
const inLogs =
  (bendLogs: (logs: Logs) => unknown): Bend =>
  ({ method }, result) => {
    if (method !== 'eth_getLogs' || (result as Logs).length === 0) return result;
    told++;
    return bendLogs(result as Logs);
  };
const inReceipts =
  (bendReceipts: (receipts: Json[]) => unknown): Bend =>
  ({ method }, result) => {
    if (method !== 'eth_getBlockReceipts' || (result as Json[]).length === 0) return result;
    told++;
    return bendReceipts(result as Json[]);
  };
const inBlocks =
  (bendBlock: (block: Json) => unknown): Bend =>
  ({ method, params }, result) => {
    if (method !== 'eth_getBlockByNumber' || params[0] === '0x0' || result === null) return result;
    told++;
    return bendBlock(result as Json);
  };
/** The first times; then the truth. */
const atFirst =
  (bend: Bend, times = 3): Bend =>
  (call, result) =>
    told < times ? bend(call, result) : result;

const HASH = `0x${'5'.repeat(64)}`;
const everyOther = (logs: Logs) => logs.filter((_, i) => i % 2 === 0);
/** What it said before. */
const late = (): ((said: Json[]) => Json[]) => {
  let before: Json[] = [];
  return (said) => {
    const instead = before;
    before = said;
    return instead;
  };
};

describe('said of every range of history, always, and without effect:', () => {
  const harmless: Record<string, (logs: Logs) => unknown> = {
    'logs of a reorg among the live ones (removed: true)': (logs) => [
      ...logs.map((log) => ({ ...log, removed: true, blockHash: HASH })),
      ...logs,
    ],
    'every log twice': (logs) => [...logs, ...logs],
    'logs in an order of their own': (logs) => [...logs.filter((_, i) => i % 2 > 0).toReversed(), ...everyOther(logs)],
    'pending logs, without a block': (logs) => [
      ...logs,
      ...logs.map((log) => ({ ...log, blockNumber: null, blockHash: null, logIndex: null })),
    ],
    'logs of other addresses than those asked for': (logs) => [
      ...logs,
      ...logs.map((log) => ({ ...log, address: `0x${'7'.repeat(40)}`, logIndex: '0x999' })),
    ],
    'hex in upper case': (logs) =>
      logs.map((log) => ({ ...log, data: `0x${String(log['data']).slice(2).toUpperCase()}` })),
  };
  it.each(Object.entries(harmless))('%s', async (_, lie) => {
    node.bend = inLogs(lie);
    await expectHonestTables(config(node.url), honest);
    expect(told).toBeGreaterThan(1);
  });
});

describe('said of every range of history, always, and repaired from the receipts:', () => {
  const found: Record<string, (logs: Logs) => unknown> = {
    'no logs at all, although the bloom of their block matches': () => [],
    'one of two logs': everyOther,
    'a range that ends five blocks early, from a node that is behind': (logs) =>
      logs.filter(({ blockNumber }) => Number(blockNumber) <= Number(logs.at(-1)?.['blockNumber']) - 5),
    'a log that nobody emitted': (logs) => [...logs, { ...logs.at(-1), logIndex: '0x777', data: '0xdeadbeef' }],
    'the data of another log': (logs) => logs.map((log) => ({ ...log, data: logs[0]?.['data'] })),
  };
  it.each(Object.entries(found))('%s', async (_, lie) => {
    node.bend = inLogs(lie);
    await expectHonestTables(config(node.url), honest, { verified: true });
    expect(told).toBeGreaterThan(1);
  });
});

describe('said of history for a while, and not believed:', () => {
  const refused: Record<string, (logs: Logs) => unknown> = {
    "logs with an orphan's block hash": (logs) => logs.map((log) => ({ ...log, blockHash: HASH })),
    'logs of a block that was not asked for': (logs) => logs.map((log) => ({ ...log, blockNumber: '0x7fffff' })),
    'two logs at one place': (logs) => [...logs, { ...logs[0], data: '0x' }],
    'a log index that no block can have': (logs) => logs.map((log) => ({ ...log, logIndex: '0xfffffff' })),
    'null among the logs': (logs) => [null, ...logs],
    'null for the logs': () => null,
    'bad hex': (logs) => logs.map((log) => ({ ...log, data: '0xzz' })),
    'a log without topics': (logs) => logs.map(({ topics: _, ...log }) => log),
    'five topics': (logs) => logs.map((log) => ({ ...log, topics: Array(5).fill(HASH) })),
  };
  it.each(Object.entries(refused))('%s', async (_, lie) => {
    node.bend = atFirst(inLogs(lie), 2);
    await expectHonestTables(config(node.url), honest);
    expect(told).toBe(2);
  });

  it('any of them all the time, while another endpoint is honest', async () => {
    const lies = Object.values(refused);
    node.bend = inLogs((logs) => lies[told % lies.length]?.(logs));
    await expectHonestTables(config(node.url, chain.url), honest);
    expect(told).toBeGreaterThan(0);
  });
});

describe('said of blocks near the head for a while, and not believed:', () => {
  const bendLogs = (bend: (logs: Logs) => unknown) =>
    inReceipts((receipts) => receipts.map((receipt) => ({ ...receipt, logs: bend(receipt['logs'] as Logs) })));
  const refused: Record<string, Bend> = {
    'receipts without logs': bendLogs(() => []),
    'one of two logs of a block': bendLogs(everyOther),
    'a log that nobody emitted': bendLogs((logs) => [...logs, { ...logs[0], data: '0x00' }]),
    'null for the receipts': inReceipts(() => null),
    'a null among the receipts': inReceipts((receipts) => [null, ...receipts.slice(1)]),
    'no receipts': inReceipts(() => []),
    'receipts of another block': inReceipts((receipts) => receipts.map((one) => ({ ...one, blockHash: HASH }))),
    'receipts as they are of another block': inReceipts(late()),
    'logs of another block': bendLogs((logs) => logs.map((log) => ({ ...log, blockHash: HASH }))),
    'logs that a reorg removed': bendLogs((logs) => logs.map((log) => ({ ...log, removed: true }))),
    'null for blocks': inBlocks(() => null),
    'a forged parent hash': inBlocks((block) => ({ ...block, parentHash: HASH })),
    'a forged hash': inBlocks((block) => ({ ...block, hash: HASH })),
    'a forged timestamp': inBlocks((block) => ({ ...block, timestamp: '0x1' })),
    'another block than the one asked for': inBlocks((block) => ({ ...block, number: '0x1' })),
    'a block that is a string': inBlocks(() => 'block'),
    'an error': ({ method }, result) =>
      method === 'eth_getBlockReceipts' && told++ >= 0 ? new Refusal('try later') : result,
  };
  it.each(Object.entries(refused))('%s', async (_, lie) => {
    node.bend = atFirst(lie);
    await expectHonestTables(config(node.url), honest);
    expect(told).toBe(3);
  });

  it.each<[string, (receipt: Json) => unknown]>([
    ['null', () => null],
    ['without logs', (receipt) => ({ ...receipt, logs: [] })],
    ['of another block', (receipt) => ({ ...receipt, blockHash: HASH })],
  ])('receipts one by one, where a node has no others: %s', async (_, lie) => {
    node.bend = ({ method }, result) => {
      if (method === 'eth_getBlockReceipts') return new Refusal('Method not found', -32601);
      return method === 'eth_getTransactionReceipt' && told++ < 3 ? lie(result as Json) : result;
    };
    await expectHonestTables(config(node.url), honest);
    expect(told).toBeGreaterThan(3);
  });

  it('any of them all the time, while another endpoint is honest', async () => {
    const lies = Object.values(refused);
    let calls = 0;
    node.bend = (call, result) => lies[calls++ % lies.length]?.(call, result);
    await expectHonestTables(config(node.url, chain.url), honest);
    expect(told).toBeGreaterThan(0);
  });
});

describe('a header whose bloom says nothing', () => {
  it.each(['0x', `0x${'0'.repeat(512)}`])('(%s) rules out no log', async (logsBloom) => {
    node.bend = inBlocks((block) => ({ ...block, logsBloom }));
    await expectHonestTables(config(node.url), honest);
    expect(told).toBeGreaterThan(1);
  });
});
