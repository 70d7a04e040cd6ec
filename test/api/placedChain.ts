import type { Pool } from 'pg';
import type { Header } from '../../indexer/store/blockRange';
import { registerChain } from '../../indexer/store/checkpoint';
import { commitRanges } from '../../indexer/store/commit';
import { ensureEventTypes } from '../../indexer/store/eventTypes';
import { LogPack } from '../../indexer/store/logPack';
import { ContractSet } from '../../schema/contractSet';
import { parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { encode } from '../oracle/encode';
import type { PlacedBlock } from '../oracle/log';
import { addressOf } from '../oracle/pretend';

/** Commits the oracle's blocks of one chain by the real store, all in one range: no node, no waiting. */
export async function commitPlaced(pool: Pool, chainId: number, blocks: readonly PlacedBlock[]): Promise<void> {
  const contracts = Object.entries(profiles).flatMap(([profile, { contracts: names }]) =>
    Object.keys(names).map((contract) => ({ profile, contract, address: addressOf(contract), startBlock: 0 })),
  );
  const chain = {
    chainId,
    name: `placed-${chainId}`,
    rpc: ['http://127.0.0.1:1'],
    startBlock: 0,
    finality: { depth: 8 },
    nativeToken: { symbol: 'OPEN', decimals: 18 },
    contracts,
  };
  const [config] = parseNetworkFile({ chains: [chain] }, {}, profiles).chains;
  if (!config) throw new Error('a network file without its chain');
  const headers = blocks.map(({ number, hash, timestamp }, i): Header => {
    return { number, hash, timestamp, parentHash: blocks[i - 1]?.hash ?? `0x${'00'.repeat(32)}` };
  });
  const [first, last] = [headers[0], headers.at(-1)];
  if (!first || !last) throw new Error('no blocks to commit');
  const client = await pool.connect();
  try {
    await registerChain(client, config);
    const set = new ContractSet(config.contracts, profiles);
    const logs = blocks.flatMap(({ number, logs: placed }) =>
      placed.map((log) => ({
        blockNumber: number,
        logIndex: log.logIndex,
        transactionHash: log.txHash,
        address: log.address,
        ...encode(log),
      })),
    );
    await commitRanges(client, {
      chainId,
      contracts: set,
      eventTypeIds: await ensureEventTypes(client, set.eventTypes),
      epoch: 0n,
      ranges: [
        {
          fromBlock: first.number,
          toBlock: last.number,
          parentHash: first.parentHash,
          last,
          headers,
          logs: LogPack.of(logs),
          verified: 'receipts',
        },
      ],
      tip: { head: last },
      eventsPerSecond: 1,
      storeSegments: false,
    });
  } finally {
    client.release();
  }
}
