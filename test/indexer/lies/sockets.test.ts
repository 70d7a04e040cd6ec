import type { ChainConfig } from '../../../schema/networkFile';
import { type EmittedChain, startEmittedChain } from '../../chain/emittedChain';
import { type Answer, type LyingNode, Refusal, startLyingNode } from '../../chain/lyingNode';
import { randomHistory } from '../../oracle/history';
import { blockOf } from '../survives';
import { expectHonestTables, type HonestIndex, indexHonestly } from './liedTo';

let chain: EmittedChain;
let honest: HonestIndex;
let node: LyingNode;

beforeAll(async () => {
  chain = await startEmittedChain({ maxLogsRange: 16 });
  await chain.play(randomHistory('sockets', { logs: 200, fromBlock: chain.nextBlock }));
  honest = await indexHonestly(chain.config, chain.url);
});
afterAll(() => chain.close());
beforeEach(async () => {
  node = await startLyingNode(chain.url);
});
afterEach(() => node.close());

const config = (...rpc: string[]): ChainConfig => ({
  ...chain.config,
  rpc,
  verify: { history: 'off', requestsPerSecond: 1 },
});
/** Nothing is waited for: what is refused is refused at once. */
const patient = { rpc: { callTimeoutMs: 60_000 } };

it('a socket that is open and silent is left for another endpoint', async () => {
  node.wsReply = () => undefined;
  await expectHonestTables(config(node.wsUrl, chain.url), honest, { rpc: { callTimeoutMs: 200 } });
});

it('one that announces no heads, or skips some, costs no block: heads are polled for', async () => {
  const first = honest.head;
  await expectHonestTables({ ...config(node.wsUrl), pollMs: 30 }, honest, {
    async meanwhile(running) {
      await running.reach(chain.chainId, first);
      for (let i = 0; i < 4; i++) {
        await chain.mine([]);
        if (i === 2) node.announce();
      }
      honest.head = await blockOf(chain.url, 'latest');
    },
  });
});

it('one that takes batches of three alone, and refuses others as a whole, gets smaller ones', async () => {
  const sizes: number[] = [];
  node.wsReply = (answers, requests) => {
    sizes.push(requests.length);
    if (requests.length <= 3) return answers;
    return { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch too large' } };
  };
  await expectHonestTables(config(node.wsUrl), honest, patient);
  const tooLarge = sizes.filter((size) => size > 3).length;
  expect(tooLarge).toBeGreaterThan(0);
  // It is learned.
  expect(tooLarge).toBeLessThan(sizes.length / 4);
});

it('one that refuses a call in words of its own has refused it: logs come from receipts', async () => {
  node.bend = ({ method }, result) => (method === 'eth_getLogs' ? new Refusal('no logs here') : result);
  await expectHonestTables(config(node.wsUrl), honest, patient);
});

describe('now and then', () => {
  const told: Record<string, (answers: Answer[]) => unknown> = {
    'the answers of a batch come in another order': (answers) => answers.toReversed(),
    'an answer of a batch is left out': (answers) => answers.slice(1),
    'an answer is of nobody': (answers) => answers.map((answer) => ({ ...answer, id: 1_000_000 + (answer.id ?? 0) })),
    'it says something that is none': () => 'down for maintenance',
    'it says nothing': () => undefined,
    'its connection is cut': () => node.cut(),
    'it says an error that names no call': () => ({ id: null, error: { code: -32000, message: 'busy' } }),
  };
  it.each(Object.entries(told))('%s', async (_, lie) => {
    let [batches, lies] = [0, 0];
    node.wsReply = (answers) => (answers.length > 1 && ++batches % 4 === 0 && lies++ < 5 ? lie(answers) : answers);
    await expectHonestTables(config(node.wsUrl), honest, { rpc: { callTimeoutMs: 300 } });
    expect(lies).toBeGreaterThan(0);
  });
});
