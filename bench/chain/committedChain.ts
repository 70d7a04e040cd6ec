import type { Client } from 'pg';
import type { Header } from '../../indexer/store/blockRange';
import { registerChain } from '../../indexer/store/checkpoint';
import { commitRanges } from '../../indexer/store/commit';
import { ensureEventTypes } from '../../indexer/store/eventTypes';
import { LogPack } from '../../indexer/store/logPack';
import { ContractSet, type RawLog } from '../../schema/contractSet';
import { profiles } from '../../schema/profiles';
import { BLOCK_SECONDS, type EmittedBlock, GENESIS_TIMESTAMP } from './benchBlocks';
import { benchConfig } from './benchChain';

/** A chain without a node: its blocks are committed as the indexer does it, by its own function. */
export interface CommittedChain {
  /** The last block. */
  readonly head: number;
  /** In one transaction; with `isFinal` they are final by it, as history is. Resolves when it is committed. */
  commit(blocks: readonly EmittedBlock[], isFinal?: boolean): Promise<void>;
}

/** @param client of an empty database with the tables; the chain's alone */
export async function openCommittedChain(client: Client): Promise<CommittedChain> {
  const config = benchConfig('http://127.0.0.1:1');
  await registerChain(client, config);
  const contracts = new ContractSet(config.contracts, profiles);
  const eventTypeIds = await ensureEventTypes(client, contracts.eventTypes);
  let last: Header = { number: 0, hash: hashOf('b', 0), parentHash: hashOf('b', -1), timestamp: GENESIS_TIMESTAMP };
  return {
    get head() {
      return last.number;
    },
    async commit(blocks, isFinal = false) {
      const { hash: parentHash, number } = last;
      const headers: Header[] = [];
      const logs: RawLog[] = [];
      for (const block of blocks) {
        const blockNumber = last.number + 1;
        const timestamp = last.timestamp + BLOCK_SECONDS;
        last = { number: blockNumber, hash: hashOf('b', blockNumber), parentHash: last.hash, timestamp };
        headers.push(last);
        let logIndex = 0;
        for (const [n, transaction] of block.entries()) {
          const transactionHash = hashOf('7', blockNumber * 1_000 + n);
          for (const { address, topics, data } of transaction) {
            logs.push({ address, topics: [...topics], data, blockNumber, logIndex: logIndex++, transactionHash });
          }
        }
      }
      const ends = isFinal ? { safe: last, finalized: last } : {};
      await commitRanges(client, {
        chainId: config.chainId,
        contracts,
        eventTypeIds,
        epoch: 0n,
        ranges: [
          {
            fromBlock: number + 1,
            toBlock: last.number,
            parentHash,
            last,
            headers,
            logs: LogPack.of(logs),
            verified: 'receipts',
          },
        ],
        tip: { head: last, ...ends },
        eventsPerSecond: 1,
        storeSegments: false,
      });
    },
  };
}

/** Reads at sight. */
function hashOf(kind: string, n: number): string {
  return `0x${kind.repeat(48)}${(n + 1).toString(16).padStart(16, '0')}`;
}
