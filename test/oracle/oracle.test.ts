import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { answersAsTheOracle } from './compare';
import { randomHistory } from './history';
import type { Block, PlacedBlock } from './log';
import { Oracle } from './model';
import { type RunningLoop, startLoop } from './runningLoop';

/**
 * A random history on real chains, indexed and asked for over HTTP, equals the oracle's plain fold of it: every field
 * of every entity. ORACLE_SEED replays a run; without it the seeds below and nothing new are played.
 */
const SEED = process.env['ORACLE_SEED'] ?? 'flywheel';

describe(`the API's answers over random histories (seed ${SEED})`, () => {
  const chains: EmittedChain[] = [];
  const oracle = new Oracle();
  let loop: RunningLoop;

  const play = async (chain: EmittedChain, blocks: readonly Block[]) => {
    const placed = await chain.play(blocks);
    for (const block of placed) oracle.apply(block);
    return placed.at(-1) as PlacedBlock;
  };

  beforeAll(async () => {
    // Different clocks, so that order across chains is by time and not by chain.
    chains.push(await startEmittedChain({ chainId: 31337, maxLogsRange: 9 }));
    chains.push(await startEmittedChain({ chainId: 31338, timestamp: 1_749_500_000 }));
    const ends: PlacedBlock[] = [];
    for (const [i, chain] of chains.entries()) {
      const logs = i === 0 ? 700 : 300;
      ends.push(await play(chain, randomHistory(`${SEED}-${i}`, { logs, fromBlock: chain.nextBlock })));
    }
    loop = await startLoop(chains.map(({ config }) => config));
    for (const [i, chain] of chains.entries()) await loop.index.reach(chain.chainId, ends[i] as PlacedBlock);
    await loop.index.settle();
  });

  afterAll(async () => {
    await loop?.close();
    for (const chain of chains) await chain.close();
  });

  const subject = () => ({ run: loop.run, oracle, chainIds: chains.map(({ chainId }) => chainId) });

  describe('after the history', () => answersAsTheOracle(subject));

  describe('after a fork that removed blocks and brought others', () => {
    beforeAll(async () => {
      const [chain] = chains as [EmittedChain];
      await chain.send('anvil_rollback', [4]);
      const head = (await chain.send('eth_getBlockByNumber', ['latest', false])) as {
        number: string;
        timestamp: string;
      };
      oracle.rewindTo(chain.chainId, Number(head.number));
      const end = await play(
        chain,
        randomHistory(`${SEED}-fork`, {
          logs: 120,
          fromBlock: Number(head.number) + 1,
          timestamp: Number(head.timestamp),
        }),
      );
      await loop.index.reach(chain.chainId, end);
      await loop.index.settle();
    });

    answersAsTheOracle(subject);
  });
});
