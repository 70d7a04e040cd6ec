import { toQuantity } from 'ethers';
import { fetchRange } from '../../../indexer/ranges/fetchRange';
import { ChainSource } from '../../../indexer/rpc/chainSource';
import { ContractSet } from '../../../schema/contractSet';
import type { ChainConfig } from '../../../schema/networkFile';
import { profiles } from '../../../schema/profiles';
import { type EmittedChain, startEmittedChain } from '../../chain/emittedChain';
import { type Bend, type LyingNode, Refusal, startLyingNode } from '../../chain/lyingNode';
import { providerLimits, unknownLimits } from '../../chain/providerLimits';
import { randomHistory } from '../../oracle/history';
import { expectHonestTables, type HonestIndex, indexHonestly } from './liedTo';

type Logs = { blockNumber: string }[];

let chain: EmittedChain;
let honest: HonestIndex;
let node: LyingNode;
let refused: number;
let answered: number;

beforeAll(async () => {
  chain = await startEmittedChain();
  await chain.play(randomHistory('ranges', { logs: 600, fromBlock: chain.nextBlock }));
  honest = await indexHonestly(chain.config, chain.url);
});
afterAll(() => chain.close());
beforeEach(async () => {
  node = await startLyingNode(chain.url);
  refused = 0;
  answered = 0;
});
afterEach(() => node.close());

const config = (...rpc: string[]): ChainConfig => ({
  ...chain.config,
  rpc,
  verify: { history: 'off', requestsPerSecond: 1_000 },
});

/** Refuses eth_getLogs over ranges for which `isTooMuch` holds. */
const refusing =
  (isTooMuch: (fromBlock: number, toBlock: number, logs: Logs) => boolean, say: () => string): Bend =>
  ({ method, params }, result) => {
    const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock?: string; toBlock?: string };
    if (method !== 'eth_getLogs' || fromBlock === undefined) return result;
    const isRefused = isTooMuch(Number(fromBlock), Number(toBlock), result as Logs);
    isRefused ? refused++ : answered++;
    return isRefused ? new Refusal(say(), -32005) : result;
  };

async function expectAllLogs(source: ChainSource): Promise<void> {
  const { addresses } = new ContractSet(chain.config.contracts, profiles);
  const found: { blockNumber: number; logIndex: number }[] = [];
  for (let next = 0; next <= BLOCKS; ) {
    const piece = await fetchRange(source, addresses, next, BLOCKS);
    expect(piece.fromBlock).toBe(next);
    found.push(...piece.logs);
    next = piece.toBlock + 1;
  }
  const all = (await chain.send('eth_getLogs', [{ fromBlock: '0x0', toBlock: toQuantity(BLOCKS) }])) as {
    blockNumber: string;
    logIndex: string;
  }[];
  expect(found.map(({ blockNumber, logIndex }) => [blockNumber, logIndex])).toEqual(
    all.map(({ blockNumber, logIndex }) => [Number(blockNumber), Number(logIndex)]),
  );
}

/** Of the refusals without a number some are enough: they are all met in one way. */
const messages = [...providerLimits.map(({ message }) => message), ...unknownLimits.filter((_, i) => i % 5 === 0)];
const BLOCKS = 24;
it.each(messages)('all logs come from a node that allows three blocks and says: %s', async (message) => {
  // As the provider words it, but of three blocks.
  const said = message
    .replace(
      /(exceeds limit of|up to an?|limited to an?|limited to|range:|max block range =|max block range|distance:) [\d,.]+k?/i,
      '$1 3',
    )
    .replace(/\[0x[\da-f]+, 0x[\da-f]+\]/i, '[0x10, 0x12]');
  node.bend = refusing(
    (from, to) => to - from >= 3,
    () => said,
  );
  const source = new ChainSource(config(node.url));
  try {
    await expectAllLogs(source);
  } finally {
    await source.close();
  }
  expect(refused).toBeGreaterThan(0);
  // What it says is learned, and what it doesn't say is found out.
  expect(refused).toBeLessThan(answered);
});

it('an index comes to the same tables by a node that says its limit', async () => {
  node.bend = refusing(
    (from, to) => to - from >= 5,
    () => 'eth_getLogs is limited to a 5 range',
  );
  await expectHonestTables(config(node.url), honest);
  expect(refused).toBeGreaterThan(0);
});

it('and by one that refuses more than thirty logs in words of its own', async () => {
  node.bend = refusing(
    (from, to, logs) => logs.length > 30 && to > from,
    () => 'nope',
  );
  await expectHonestTables(config(node.url), honest);
  expect(refused).toBeGreaterThan(0);
});

describe('a block that is too large for any eth_getLogs', () => {
  const tooLarge = refusing(
    (_from, _to, logs) => logs.length > 20,
    () => 'query returned more than 20 results',
  );

  it('is read from its receipts', async () => {
    node.bend = tooLarge;
    await expectHonestTables(config(node.url), honest);
    expect(refused).toBeGreaterThan(0);
  });

  it('is read from its receipts one by one where the node has them in no other way', async () => {
    node.bend = (call, result) =>
      call.method === 'eth_getBlockReceipts' ? new Refusal('Method not found', -32601) : tooLarge(call, result);
    await expectHonestTables(config(node.url), honest);
    expect(refused).toBeGreaterThan(0);
  });
});

describe('a node that cuts answers off at a hundred logs without a word', () => {
  const cutting =
    (cut: (logs: Logs) => Logs): Bend =>
    ({ method }, result) => {
      if (method !== 'eth_getLogs' || (result as Logs).length <= 100) return result;
      refused++;
      return cut(result as Logs);
    };

  it.each<[string, (logs: Logs) => Logs]>([
    ['oldest', (logs) => logs.slice(0, 100)],
    ['newest', (logs) => logs.slice(-100)],
  ])('and keeps the %s is seen through', async (_, cut) => {
    node.bend = cutting(cut);
    await expectHonestTables(config(node.url), honest);
    expect(refused).toBeGreaterThan(0);
  });
});

it('a node that is behind has no say of blocks that it does not have', async () => {
  let isBehind = true;
  const known = honest.head.number - 20;
  node.bend = ({ method, params }, result) => {
    if (!isBehind) return result;
    if (method === 'eth_getBlockByNumber' && Number(params[0]) > known) {
      answered++;
      // It caught up.
      if (answered > 6) isBehind = false;
      return null;
    }
    return method === 'eth_getLogs' ? (result as Logs).filter((log) => Number(log.blockNumber) <= known) : result;
  };
  await expectHonestTables(config(node.url), honest);
  expect(answered).toBeGreaterThan(6);
});
