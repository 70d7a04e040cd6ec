import type { Pool, PoolClient } from 'pg';
import type { Header } from '../../indexer/store/blockRange';
import { registerChain } from '../../indexer/store/checkpoint';
import { commitRanges } from '../../indexer/store/commit';
import { ensureEventTypes } from '../../indexer/store/eventTypes';
import { LogPack } from '../../indexer/store/logPack';
import { ContractSet, type RawLog } from '../../schema/contractSet';
import { type ChainConfig, parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { encode } from '../oracle/encode';
import type { HistoryLog } from '../oracle/log';

/** A chain whose blocks a test makes up, committed by the real store: no node, no waiting. */
export interface FakeChain {
  chainId: number;
  /** Commits one block per list of logs; `marks` move safe and finalized to these numbers with them. */
  extend(blocks: HistoryLog[][], marks?: { safe?: number; finalized?: number }): Promise<Header[]>;
  /** Takes the newest `depth` blocks back and puts these on top, in one commit. */
  reorg(depth: number, blocks: HistoryLog[][]): Promise<Header[]>;
  /** The same of blocks that may be final: what was stored of them was wrong (indexer/verify/repairs.ts). */
  repair(depth: number, blocks: HistoryLog[][]): Promise<Header[]>;
  addressOf(contract: string): string;
}

export const address = (n: number): string => `0x${n.toString(16).padStart(40, '0')}`;
export const word = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`;

/** Event logs by contract, event and arguments. */
export const log = (contract: string, event: string, args: Record<string, never> | object): HistoryLog =>
  ({ contract, event, args }) as HistoryLog;

export async function openFakeChain(pool: Pool, chainId = 31337, genesisTime = 1_700_000_000): Promise<FakeChain> {
  const config = configOf(chainId);
  const contracts = new ContractSet(config.contracts, profiles);
  const withClient = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  };
  const eventTypeIds = await withClient(async (client) => {
    await registerChain(client, config);
    return ensureEventTypes(client, contracts.eventTypes);
  });
  const addresses = new Map(config.contracts.map(({ contract, address: at }) => [contract, at.toLowerCase()]));
  const genesis: Header = { number: 0, hash: hashOf(chainId, 0, 0), parentHash: word(0), timestamp: genesisTime };
  let headers: Header[] = [genesis];
  let branch = 0;

  const commit = (
    ancestor: Header | undefined,
    blocks: HistoryLog[][],
    marks: { safe?: number; finalized?: number },
    isRepair = false,
  ) =>
    withClient(async (client) => {
      const added: Header[] = [];
      const logs: RawLog[] = [];
      for (const block of blocks) {
        const parent = headers[headers.length - 1] as Header;
        const number = parent.number + 1;
        const hash = hashOf(chainId, branch, number);
        const header = { number, hash, parentHash: parent.hash, timestamp: parent.timestamp + 10 };
        headers.push(header);
        added.push(header);
        block.forEach((each, logIndex) => {
          const { topics, data } = encode(each);
          const at = addresses.get(each.contract) as string;
          logs.push({
            blockNumber: number,
            logIndex,
            transactionHash: hashOf(chainId, branch + 128, number),
            address: at,
            topics: [...topics],
            data,
          });
        });
      }
      const head = headers[headers.length - 1] as Header;
      const first = added[0];
      const mark = (number: number | undefined) => (number === undefined ? undefined : headers[number]);
      await commitRanges(client, {
        chainId,
        contracts,
        eventTypeIds,
        epoch: 0n,
        ancestor,
        ranges: first
          ? [
              {
                fromBlock: first.number,
                toBlock: head.number,
                parentHash: first.parentHash,
                last: head,
                headers: added,
                logs: LogPack.of(logs),
                verified: 'receipts' as const,
              },
            ]
          : [],
        tip: { head, safe: mark(marks.safe), finalized: mark(marks.finalized) },
        eventsPerSecond: 1,
        storeSegments: false,
        ...(isRepair ? { repairKeepsTo: head.number } : {}),
      });
      return added;
    });

  const replace = (depth: number, blocks: HistoryLog[][], isRepair: boolean) => {
    headers = headers.slice(0, headers.length - depth);
    branch += 1;
    return commit(headers[headers.length - 1], blocks, {}, isRepair);
  };

  return {
    chainId,
    extend: (blocks, marks = {}) => commit(undefined, blocks, marks),
    reorg: (depth, blocks) => replace(depth, blocks, false),
    repair: (depth, blocks) => replace(depth, blocks, true),
    addressOf: (contract) => addresses.get(contract) as string,
  };
}

/** Reads at sight: chain, branch, height. */
function hashOf(chainId: number, branch: number, number: number): string {
  return `0x${chainId.toString(16).padStart(8, '0')}${branch.toString(16).padStart(8, 'a')}${number.toString(16).padStart(48, '0')}`;
}

function configOf(chainId: number): ChainConfig {
  let n = 0;
  const contracts = Object.entries(profiles).flatMap(([profile, { contracts: names }]) =>
    Object.keys(names).map((contract) => ({ profile, contract, address: address(0xc0_0000 + ++n) })),
  );
  const network = parseNetworkFile(
    {
      chains: [
        {
          chainId,
          name: `fake-${chainId}`,
          rpc: ['http://127.0.0.1:1'],
          startBlock: 0,
          finality: { depth: 8 },
          nativeToken: { symbol: 'OPEN', decimals: 18 },
          contracts,
        },
      ],
    },
    {},
    profiles,
  );
  return network.chains[0] as ChainConfig;
}
