import type { FakeBlock } from '../../chain/fakeBlock';
import { createFakeChain, type FakeChain } from '../../chain/fakeChain';
import { randomHistory } from '../../oracle/history';
import type { Random } from '../../oracle/history/random';
import type { HistoryLog, PlacedBlock } from '../../oracle/log';
import { Oracle } from '../../oracle/model';

type Transaction = HistoryLog[];

/** A chain that grows and forks by chance, and the oracle that is told of every block. */
export interface World {
  chain: FakeChain;
  oracle: Oracle;
  /** Blocks with what waits to be mined, or empty ones. */
  grow(blocks: number, empty?: boolean): void;
  /**
   * Takes `depth` blocks back and puts `blocks` others there; what was in the old ones comes again, in another order, later
   * or never. Never below what was once called final.
   * @returns how deep it was
   */
  fork(depth: number, blocks: number): number;
  /** The branch that the last fork left behind is the chain again (A-B-A). Nothing if that is no longer possible. */
  flipBack(): void;
}

export interface WorldOptions {
  random: Random;
  seed: string;
  /** About how many logs there are to tell. */
  logs: number;
  /** How deep is final: no fork goes below the deepest block that was ever called so. */
  finalityDepth: number;
}

export function createWorld({ random, seed, logs, finalityDepth }: WorldOptions): World {
  const chain = createFakeChain();
  const oracle = new Oracle();
  const placed = new Map<string, PlacedBlock>();
  const transactionsOf = new Map<string, Transaction[]>();
  const untold = randomHistory(seed, { logs }).map(({ txs }) => txs);
  let waiting: Transaction[] = [];
  let left: FakeBlock[] = [];
  let highest = 0;

  const finalized = () => Math.max(0, highest - finalityDepth);
  const mine = (txs: Transaction[]) => {
    const block = chain.mine(txs, chain.head.timestamp + random.pick([1, 2, 2, 30, 90_000]));
    placed.set(block.hash, block);
    transactionsOf.set(block.hash, txs);
    oracle.apply(block);
    highest = Math.max(highest, block.number);
  };
  const rewindTo = (number: number): FakeBlock[] => {
    const gone = chain.rewindTo(number);
    oracle.rewindTo(chain.chainId, number);
    return gone;
  };
  const transactionsIn = (blocks: readonly FakeBlock[]) => blocks.flatMap(({ hash }) => transactionsOf.get(hash) ?? []);
  const take = (): Transaction[] => {
    const again = random.chance(0.7) ? waiting.splice(0, random.between(1, 6)) : [];
    return again.length > 0 ? again : (untold.shift() ?? []);
  };

  return {
    chain,
    oracle,
    grow(blocks, empty = false) {
      for (let i = 0; i < blocks; i++) mine(empty ? [] : take());
    },
    fork(depth, blocks) {
      const ancestor = Math.max(finalized(), chain.head.number - depth);
      const was = chain.head.number - ancestor;
      if (was === 0) return 0;
      left = rewindTo(ancestor);
      const removed = transactionsIn(left);
      const fate = random.pick(['again', 'in another order', 'later', 'never']);
      if (fate === 'again') waiting = [...removed, ...waiting];
      if (fate === 'in another order') waiting = random.shuffle([...removed, ...waiting]);
      for (let i = 0; i < blocks; i++) mine(random.chance(0.2) ? [] : take());
      if (fate === 'later') waiting = [...waiting, ...removed];
      return was;
    },
    flipBack() {
      const first = left[0];
      const ancestor = first && chain.byHash(String(first.json['parentHash']));
      if (!ancestor || ancestor.number < finalized() || chain.blocks[ancestor.number]?.hash !== ancestor.hash) return;
      const restored = left;
      left = rewindTo(ancestor.number);
      chain.restore(restored);
      for (const { hash } of restored) oracle.apply(placed.get(hash) as PlacedBlock);
      highest = Math.max(highest, chain.head.number);
      const mined = new Set(transactionsIn(restored));
      waiting = [...transactionsIn(left), ...waiting].filter((tx) => !mined.has(tx));
    },
  };
}
