import { ChainSource, RefusedRequest } from '../../../indexer/rpc/chainSource';
import type { ChainConfig } from '../../../schema/networkFile';
import { type EmittedChain, startEmittedChain } from '../../chain/emittedChain';
import { type Bend, type LyingNode, Refusal, startLyingNode } from '../../chain/lyingNode';
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

it('a node that says its limit gives all logs', async () => {
  node.bend = refusing(
    (from, to) => to - from >= 5,
    () => 'eth_getLogs is limited to a 5 range',
  );
  await expectHonestTables(config(node.url), honest);
  expect(refused).toBeGreaterThan(0);
});

it('and so does one that refuses more than thirty logs in words of its own', async () => {
  node.bend = refusing(
    (from, to, logs) => logs.length > 30 && to > from,
    () => 'nope',
  );
  await expectHonestTables(config(node.url), honest);
  expect(refused).toBeGreaterThan(0);
});

it('a gateway that answers HTTP 413 or 504 for more than three blocks is asked for less from then on', async () => {
  node.reply = (_answers, response, requests) => {
    const ranges = requests.flatMap(({ method, params: [filter] }) => {
      const { fromBlock, toBlock } = (filter ?? {}) as { fromBlock?: string; toBlock?: string };
      return method === 'eth_getLogs' && fromBlock ? [Number(toBlock) - Number(fromBlock)] : [];
    });
    const isTooMuch = ranges.some((further) => further >= 3);
    if (ranges.length > 0) isTooMuch ? refused++ : answered++;
    const status = refused % 2 === 0 ? 413 : 504;
    if (isTooMuch) response.writeHead(status, { 'content-type': 'text/html' }).end('<html>too much</html>');
    return isTooMuch;
  };
  await expectHonestTables(config(node.url), honest);
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(answered / 3);
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

describe('history that the first endpoint pruned', () => {
  const kept = () => Math.floor(honest.head.number / 2);
  /** Whether a call is of blocks that it doesn't keep; it knows their hashes, and nothing else of them. */
  const isOld = (method: string, [what]: unknown[], result: unknown): boolean => {
    if (method === 'eth_getLogs') return Number((what as { fromBlock?: string }).fromBlock) < kept();
    if (method === 'eth_getBlockReceipts') return Number((result as Logs)[0]?.blockNumber) < kept();
    return method === 'eth_getBlockByNumber' && Number(what) < kept();
  };

  it.each([
    ['with the error of EIP-4444', new Refusal('pruned history unavailable', 4444)],
    ['in words of its own', new Refusal('nothing here')],
  ])('%s is had from the second', async (_, refusal) => {
    node.bend = ({ method, params }, result) => {
      const isRefused = isOld(method, params, result);
      if (isRefused) refused++;
      return isRefused ? refusal : result;
    };
    await expectHonestTables(config(node.url, chain.url), honest);
    expect(refused).toBeGreaterThan(0);
  });

  it('is no reason to leave the first, or to let it prove its chain again', async () => {
    const source = new ChainSource(config(node.url, chain.url));
    node.bend = ({ method, params }, result) => (isOld(method, params, result) ? new Refusal('nothing here') : result);
    try {
      await source.headers([kept()]);
      const before = node.requests;
      for (let i = 0; i < 3; i++) expect((await source.headers([2]))[0]?.number).toBe(2);
      expect(node.requests - before).toBe(3);
      expect(source.inUse.label).toContain(new URL(node.url).port);
    } finally {
      await source.close();
    }
  });

  it('is of no endpoint where each refuses it', async () => {
    const source = new ChainSource(config(node.url, node.url));
    node.bend = ({ method, params }, result) => (isOld(method, params, result) ? new Refusal('nothing here') : result);
    try {
      await expect(source.headers([2])).rejects.toThrow(RefusedRequest);
      expect(await source.genesis()).toBeUndefined();
    } finally {
      await source.close();
    }
  });
});
