import { type Block, JsonRpcProvider } from 'ethers';
import { randomHistory } from '../oracle/history';
import { startEmittedChain } from './emittedChain';
import { bloomOf, type FakeReceipt, receiptsRoot } from './fakeBlock';
import { createFakeChain, type FakeChain } from './fakeChain';
import { type FakeNode, startFakeNode } from './fakeNode';

describe('the fake node', () => {
  let chain: FakeChain;
  let node: FakeNode;
  let provider: JsonRpcProvider;
  beforeEach(async () => {
    chain = createFakeChain();
    node = await startFakeNode(chain);
    provider = new JsonRpcProvider(node.url, chain.chainId, { staticNetwork: true, cacheTimeout: -1 });
  });
  afterEach(async () => {
    provider.destroy();
    await node.close();
  });

  it('serves what was mined, as a client library reads it', async () => {
    const history = randomHistory('fake', { logs: 200 });
    const placed = chain.play(history);
    const last = placed.at(-1);
    const head = (await provider.getBlock('latest')) as Block;
    expect([head.number, head.hash]).toEqual([last?.number, last?.hash]);
    const logs = await provider.getLogs({ fromBlock: 0, toBlock: 'latest' });
    expect(logs.map(({ transactionHash, index }) => [transactionHash, index])).toEqual(
      placed.flatMap((block) => block.logs.map(({ txHash, logIndex }) => [txHash, logIndex])),
    );
  });

  it('forks: an orphan stays known by its hash, and comes back', async () => {
    const tx = [{ contract: 'DatanetRegistry', topics: [], data: '0x01', why: 'anonymous' }];
    const [, b] = chain.play([
      { txs: [], timestamp: 1_749_000_010 },
      { txs: [tx], timestamp: 1_749_000_020 },
    ]);
    const left = chain.rewindTo(1);
    const [again] = chain.play([{ txs: [tx], timestamp: 1_749_000_021 }]);
    expect(again?.hash).not.toBe(b?.hash);
    expect(again?.logs[0]?.txHash).toBe(b?.logs[0]?.txHash);
    expect((await provider.getBlock(b?.hash as string))?.number).toBe(2);
    expect((await provider.getBlock(2))?.hash).toBe(again?.hash);
    chain.rewindTo(1);
    chain.restore(left);
    expect((await provider.getBlock(2))?.hash).toBe(b?.hash);
  });
});

it('its blooms and roots are those of a real chain', async () => {
  const real = await startEmittedChain();
  try {
    const txs = randomHistory('roots', { logs: 400 }).flatMap((block) => block.txs);
    for (const count of [1, 2, 17, 130]) {
      await real.mine(txs.slice(0, count));
      const block = (await real.send('eth_getBlockByNumber', ['latest', false])) as Record<string, string>;
      const receipts = (await real.send('eth_getBlockReceipts', [block['number']])) as FakeReceipt[];
      const sealed = receipts.map(({ cumulativeGasUsed, logsBloom, logs }) => ({
        gasUsed: Number(cumulativeGasUsed),
        bloom: logsBloom,
        logs,
      }));
      expect(receipts.every(({ type }) => type === '0x0')).toBe(true);
      expect(receiptsRoot(sealed, 0)).toBe(block['receiptsRoot']);
      expect(bloomOf(receipts.flatMap(({ logs }) => logs))).toBe(block['logsBloom']);
    }
  } finally {
    await real.close();
  }
});
