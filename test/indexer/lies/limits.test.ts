import { toQuantity } from 'ethers';
import type { ChainConfig } from '../../../schema/networkFile';
import { type EmittedChain, startEmittedChain } from '../../chain/emittedChain';
import { type Bend, type LyingNode, Refusal, startLyingNode } from '../../chain/lyingNode';
import { providerLimits, unknownLimits } from '../../chain/providerLimits';
import { randomHistory } from '../../oracle/history';
import { expectHonestTables, type HonestIndex, indexHonestly } from './liedTo';

/** Providers that one index meets at once: nodes of the same chain, each under an id of its own. */
const TOGETHER = 8;

interface Words {
  provider: string;
  message: string;
}

/** As the provider words it, but of three blocks. */
const ofThree = (message: string) =>
  message
    .replace(
      /(exceeds limit of|up to an?|limited to an?|limited to|range:|max block range =|max block range|distance:) [\d,.]+k?/i,
      '$1 3',
    )
    .replace(/\[0x[\da-f]+, 0x[\da-f]+\]/i, '[0x10, 0x12]');

const words: Words[] = [
  ...providerLimits.map(({ provider, message }) => ({ provider, message: ofThree(message) })),
  ...unknownLimits.map((message) => ({ provider: `"${message.slice(0, 36)}"`, message })),
];
const groups = Array.from({ length: Math.ceil(words.length / TOGETHER) }, (_, i) => {
  const group = Array.from({ length: TOGETHER }, (_, n) => words[(i * TOGETHER + n) % words.length] as Words);
  return { group, who: group.map(({ provider }) => provider).join(', ') };
});

let chain: EmittedChain;
let nodes: LyingNode[];
let honest: HonestIndex;

const asChain = (id: number, { method }: { method: string }, result: unknown) =>
  method === 'eth_chainId' ? toQuantity(id) : result;
const chains = (): ChainConfig[] =>
  nodes.map(({ url }, i) => ({
    ...chain.config,
    chainId: i + 1,
    name: `of provider ${i}`,
    rpc: [url],
    verify: { history: 'off', requestsPerSecond: 1 },
  }));

beforeAll(async () => {
  chain = await startEmittedChain();
  await chain.play(randomHistory('limits', { logs: 240, fromBlock: chain.nextBlock }));
  nodes = await Promise.all(Array.from({ length: TOGETHER }, () => startLyingNode(chain.url)));
  for (const [i, node] of nodes.entries()) node.bend = (call, result) => asChain(i + 1, call, result);
  honest = await indexHonestly(chains(), chain.url);
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await chain.close();
});

describe('all logs come from nodes that allow three blocks and say so as:', () => {
  it.each(groups)('$who', async ({ group }) => {
    const told = group.map(({ message }) => ({ message, refused: 0, answered: 0 }));
    for (const [i, count] of told.entries()) {
      const refuse: Bend = ({ method, params }, result) => {
        const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock?: string; toBlock?: string };
        if (method !== 'eth_getLogs' || fromBlock === undefined) return result;
        const isTooMuch = Number(toBlock) - Number(fromBlock) >= 3;
        isTooMuch ? count.refused++ : count.answered++;
        return isTooMuch ? new Refusal(count.message, -32005) : result;
      };
      (nodes[i] as LyingNode).bend = (call, result) => refuse(call, asChain(i + 1, call, result));
    }
    await expectHonestTables(chains(), honest);
    for (const { message, refused, answered } of told) {
      // What it says is learned, and what it doesn't say is found out.
      expect([message, refused > 0, refused < answered]).toEqual([message, true, true]);
    }
  });
});
