import { id } from 'ethers';
import { type ChainConfig, parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { place } from '../oracle/encode';
import type { Block, HistoryLog, PlacedBlock } from '../oracle/log';
import { addressOf } from '../oracle/pretend';
import { buildBlock, type FakeBlock } from './fakeBlock';

/**
 * A chain without a machine: blocks hold the logs that a test wants, and everything that a careful reader can check is
 * true: parent hashes, the header's hash over its fields, blooms, and the root over the receipts. Forks are cheap, and
 * what a fork left behind is still known by its hash, as on a real node.
 */
export interface FakeChain {
  readonly chainId: number;
  /** The canonical chain: blocks[n] is block n. */
  readonly blocks: readonly FakeBlock[];
  readonly head: FakeBlock;
  /** Of any fork. */
  byHash(hash: string): FakeBlock | undefined;
  /**
   * The next block, of one transaction per list of logs. A list that was mined before keeps its transaction's hash: so
   * it is when a fork puts a transaction elsewhere.
   */
  mine(txs: readonly HistoryLog[][], timestamp?: number): PlacedBlock;
  play(blocks: readonly Pick<Block, 'txs' | 'timestamp'>[]): PlacedBlock[];
  /** Takes blocks off the end; returns what they were, oldest first. */
  rewindTo(number: number): FakeBlock[];
  /** Puts blocks that a fork left behind at the end again; the first must follow the head. */
  restore(blocks: readonly FakeBlock[]): void;
  /** A network file's entry for this chain at an endpoint. */
  config(url: string, further?: Partial<ChainConfig>): ChainConfig;
}

export interface FakeChainOptions {
  chainId?: number;
  timestamp?: number;
}

export function createFakeChain(options: FakeChainOptions = {}): FakeChain {
  const { chainId = 31337, timestamp: start = 1_749_000_000 } = options;
  const known = new Map<string, FakeBlock>();
  const blocks: FakeBlock[] = [];
  const hashes = new WeakMap<readonly HistoryLog[], string>();
  let transactions = 0;
  let mined = 0;

  const hashOf = (tx: readonly HistoryLog[]): string => {
    const hash = hashes.get(tx) ?? id(`transaction ${chainId} ${transactions++}`);
    hashes.set(tx, hash);
    return hash;
  };
  const append = (block: FakeBlock) => {
    known.set(block.hash, block);
    blocks.push(block);
  };
  const head = () => blocks.at(-1) as FakeBlock;

  const mine = (txs: readonly HistoryLog[][], timestamp = head().timestamp + 2): PlacedBlock => {
    const block = buildBlock(mined++, head(), timestamp, txs, hashOf);
    append(block);
    const logs = block.logs.map((log) => ({ ...log, logIndex: Number(log.logIndex) }));
    return place(chainId, { number: block.number, hash: block.hash, timestamp, logs }, txs.flat());
  };

  append(buildBlock(mined++, undefined, start, [], hashOf));

  return {
    chainId,
    blocks,
    get head() {
      return head();
    },
    byHash: (hash) => known.get(hash),
    mine,
    play: (history) => history.map(({ txs, timestamp }) => mine(txs, timestamp)),
    rewindTo: (number) => blocks.splice(number + 1),
    restore(back) {
      for (const block of back) {
        if (block.json['parentHash'] !== head().hash) throw new Error(`block ${block.number} doesn't follow the head`);
        append(block);
      }
    },
    config: (url, further = {}) => ({ ...configOf(chainId, url), ...further }),
  };
}

function configOf(chainId: number, url: string): ChainConfig {
  const contracts = Object.entries(profiles).flatMap(([profile, { contracts: names }]) =>
    Object.keys(names).map((contract) => ({ profile, contract, address: addressOf(contract) })),
  );
  const { chains } = parseNetworkFile(
    {
      chains: [
        {
          chainId,
          name: `fake-${chainId}`,
          rpc: [url],
          startBlock: 0,
          finality: { depth: 8 },
          pollMs: 20,
          nativeToken: { symbol: 'OPEN', decimals: 18 },
          contracts,
        },
      ],
    },
    {},
    profiles,
  );
  return chains[0] as ChainConfig;
}
