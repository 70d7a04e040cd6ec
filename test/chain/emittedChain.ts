import { ContractFactory, Interface, JsonRpcProvider } from 'ethers';
import type { Anvil } from '../../demo/anvil';
import { type ChainConfig, parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { encode, place } from '../oracle/encode';
import type { Block, HistoryLog, PlacedBlock } from '../oracle/log';
import { startAnvil } from './anvil';
import emitterArtifact from './Emitter.json';

const emitterAbi = new Interface(emitterArtifact.abi);
const GAS = '0x1c9c380';

/** A real chain whose contracts emit whatever a test wants: one emitter for each contract of both profiles. */
export interface EmittedChain {
  chainId: number;
  url: string;
  config: ChainConfig;
  /** The first block that a history may take. */
  nextBlock: number;
  /** Mines blocks that hold these logs, and says where they came to lie. */
  play(blocks: readonly Block[]): Promise<PlacedBlock[]>;
  /** A block of one transaction per list of logs. */
  mine(txs: readonly HistoryLog[][], timestamp?: number): Promise<PlacedBlock>;
  send(method: string, params: unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

export interface EmittedChainOptions {
  chainId?: number;
  finality?: ChainConfig['finality'];
  timestamp?: number;
  maxLogsRange?: number;
  /** Further arguments of anvil's command line. */
  args?: readonly string[];
}

interface RpcBlock {
  number: string;
  hash: string;
  timestamp: string;
}
interface RpcLog {
  blockNumber: string;
  transactionHash: string;
  logIndex: string;
  address: string;
  topics: string[];
  data: string;
}

export async function startEmittedChain(options: EmittedChainOptions = {}): Promise<EmittedChain> {
  const { chainId = 31337, finality = { depth: 8 }, timestamp = 1_749_000_000, maxLogsRange, args } = options;
  const anvil: Anvil = await startAnvil({ chainId, timestamp, noMining: true, args });
  const provider = new JsonRpcProvider(anvil.url, chainId, { staticNetwork: true, cacheTimeout: -1 });
  const send = (method: string, params: unknown[]) => provider.send(method, params);
  const sender = (await provider.getSigner(0)).address;

  const contracts = Object.entries(profiles).flatMap(([profile, { contracts: names }]) =>
    Object.keys(names).map((contract) => ({ profile, contract })),
  );
  const { data } = await new ContractFactory(emitterArtifact.abi, emitterArtifact.bytecode).getDeployTransaction();
  const hashes: string[] = [];
  for (const _ of contracts) {
    hashes.push((await send('eth_sendTransaction', [{ from: sender, data, gas: '0x1000000' }])) as string);
  }
  await send('evm_mine', []);
  const addresses = await Promise.all(
    hashes.map(async (hash) => {
      const receipt = (await send('eth_getTransactionReceipt', [hash])) as { contractAddress: string };
      return receipt.contractAddress;
    }),
  );
  const addressOf = new Map(contracts.map(({ contract }, i) => [contract, addresses[i] as string]));

  const { chains } = parseNetworkFile(
    {
      chains: [
        {
          chainId,
          name: `emitted-${chainId}`,
          rpc: [anvil.url],
          startBlock: 0,
          finality,
          pollMs: 50,
          nativeToken: { symbol: 'OPEN', decimals: 18 },
          contracts: contracts.map((contract, i) => ({ ...contract, address: addresses[i] })),
          ...(maxLogsRange === undefined ? {} : { maxLogsRange }),
        },
      ],
    },
    {},
    profiles,
  );

  const mine = async (txs: readonly HistoryLog[][], at?: number): Promise<PlacedBlock> => {
    for (const tx of txs) {
      // One transaction may speak for several contracts: a call for each run of logs of one contract.
      for (const run of runsByContract(tx)) {
        const to = addressOf.get(run[0]?.contract as string);
        const call = emitterAbi.encodeFunctionData('emitMany', [run.map(encode)]);
        await send('eth_sendTransaction', [{ from: sender, to, data: call, gas: GAS, gasPrice: '0x77359400' }]);
      }
    }
    if (at !== undefined) await send('evm_setNextBlockTimestamp', [at]);
    await send('evm_mine', []);
    const block = (await send('eth_getBlockByNumber', ['latest', false])) as RpcBlock;
    const logs = (await send('eth_getLogs', [{ blockHash: block.hash }])) as RpcLog[];
    return place(
      chainId,
      {
        number: Number(block.number),
        hash: block.hash,
        timestamp: Number(block.timestamp),
        logs: logs.map((log) => ({ ...log, logIndex: Number(log.logIndex) })),
      },
      txs.flat(),
    );
  };

  return {
    chainId,
    url: anvil.url,
    config: chains[0] as ChainConfig,
    nextBlock: 2,
    mine,
    async play(blocks) {
      const placed: PlacedBlock[] = [];
      for (const { txs, timestamp: at } of blocks) placed.push(await mine(txs, at));
      return placed;
    },
    send,
    async close() {
      provider.destroy();
      await anvil.close();
    },
  };
}

function runsByContract(logs: readonly HistoryLog[]): HistoryLog[][] {
  const runs: HistoryLog[][] = [];
  for (const log of logs) {
    const run = runs.at(-1);
    if (run?.[0]?.contract === log.contract) run.push(log);
    else runs.push([log]);
  }
  return runs;
}
