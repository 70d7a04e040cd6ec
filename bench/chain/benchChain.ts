import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Anvil, spawnAnvil } from '../../demo/anvil';
import { DEMO_CHAIN_ARGUMENTS } from '../../demo/localChain';
import { type Rpc, rpcTo, toHex } from '../../demo/rpc';
import { factsOf } from '../../indexer/store/eventFacts';
import { LogPack } from '../../indexer/store/logPack';
import { ContractSet, type RawLog } from '../../schema/contractSet';
import { type ChainConfig, parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import {
  BLOCK_SECONDS,
  benchBlocks,
  type EmittedBlock,
  type EmittedLog,
  GENESIS_TIMESTAMP,
  HISTORY_VERSION,
  loopContracts,
} from './benchBlocks';
import { dispatcherCode, dispatcherInput } from './dispatcherCode';
import { emitterCode, emitterInput } from './emitterCode';

export const BENCH_CHAIN_ID = 31_338;
export const BENCH_SENDER = `0x${'f1'.repeat(20)}`;
const DISPATCHER = `0x${'d1'.repeat(20)}`;
/** Of a transaction: more than any story needs, and what a block's transactions may use together fits its limit. */
const GAS = toHex(9_000_000);

/** A chain that the benchmarks index, and where a node serves it. */
export interface BenchChain {
  url: string;
  config: ChainConfig;
  /** The last block, which holds the last event. */
  head: number;
  /** Logs that the configured contracts emitted. */
  events: number;
  last: LastRow;
  close(): Promise<void>;
}

/** Where the chain's last event lies, and the table of the loop that has its row. */
export interface LastRow {
  table: string;
  blockNumber: number;
  logIndex: number;
}

/** A local anvil with a chain of at least this many events, built once and kept in `folder`. */
export async function openBenchChain(folder: string, events: number): Promise<BenchChain> {
  mkdirSync(folder, { recursive: true });
  const kept = path.join(folder, `chain-${HISTORY_VERSION}-${events}.state.gz`);
  if (!existsSync(kept)) await build(kept, events);
  const unpacked = path.join(folder, `chain-${process.pid}.state.json`);
  writeFileSync(unpacked, gunzipSync(readFileSync(kept)));
  const anvil = await startBenchAnvil(['--load-state', unpacked]);
  rmSync(unpacked);
  const rpc = rpcTo(anvil.url);
  const config = benchConfig(anvil.url);
  const head = Number(await rpc.call<string>('eth_blockNumber'));
  const [counted, last] = [await countLogs(rpc, config, head), await lastRowOf(rpc, config, head)];
  return { url: anvil.url, config, head, events: counted, last, close: () => anvil.close() };
}

export async function lastRowOf(rpc: Rpc, { contracts }: ChainConfig, head: number): Promise<LastRow> {
  const logs = await rpc.call<(Omit<RawLog, 'logIndex'> & { logIndex: string })[]>('eth_getLogs', [
    { fromBlock: toHex(head), toBlock: toHex(head) },
  ]);
  const last = logs.at(-1)!;
  const logIndex = Number(last.logIndex);
  const [log] = LogPack.of([{ ...last, blockNumber: head, logIndex }]);
  const decoding = new ContractSet(contracts, profiles).decode(log!);
  let table = '';
  if (decoding.kind === 'event') {
    factsOf(decoding.type)(log!, decoding.args, (fact) => {
      table ||= fact.table;
    });
  }
  if (table === '') throw new Error(`the last log of block ${head} makes no row`);
  return { table, blockNumber: head, logIndex };
}

/** @param states of past blocks that are kept: a reorg goes back to one */
function startBenchAnvil(args: readonly string[], states = 1): Promise<Anvil> {
  const kept = DEMO_CHAIN_ARGUMENTS.indexOf('--prune-history') + 1;
  const all = ['--chain-id', String(BENCH_CHAIN_ID), ...DEMO_CHAIN_ARGUMENTS.with(kept, String(states)), ...args];
  return spawnAnvil({ args: all, startTimeoutMs: 300_000 });
}

/** A new chain without blocks, ready for sendBlock. */
export async function startEmptyChain(states?: number): Promise<Anvil> {
  const anvil = await startBenchAnvil(['--timestamp', String(GENESIS_TIMESTAMP)], states);
  const code = emitterCode();
  await rpcTo(anvil.url).batch([
    ...loopContracts.map(({ address }) => ({ method: 'anvil_setCode', params: [address, code] })),
    { method: 'anvil_setCode', params: [DISPATCHER, dispatcherCode()] },
    { method: 'anvil_setBalance', params: [BENCH_SENDER, toHex(10n ** 30n)] },
  ]);
  return anvil;
}

/** Puts a block's transactions into the pool, the first with this nonce. */
export async function sendBlock(rpc: Rpc, block: EmittedBlock, firstNonce: number): Promise<void> {
  // Nonces, because anvil runs the calls of a batch side by side.
  await rpc.batch(
    block.map((logs, i) => ({
      method: 'eth_sendTransaction',
      params: [
        {
          from: BENCH_SENDER,
          to: DISPATCHER,
          nonce: toHex(firstNonce + i),
          gas: GAS,
          gasPrice: '0x0',
          data: dispatcherInput(runsOf(logs)),
        },
      ],
    })),
  );
}

async function build(kept: string, events: number): Promise<void> {
  console.log(`Building a chain of ${events} events (once) ...`);
  const anvil = await startEmptyChain();
  try {
    const rpc = rpcTo(anvil.url);
    let at = GENESIS_TIMESTAMP;
    let nonce = 0;
    for (const block of benchBlocks(events)) {
      await sendBlock(rpc, block, nonce);
      nonce += block.length;
      at += BLOCK_SECONDS;
      await rpc.call('evm_mine', [at]);
    }
    const head = Number(await rpc.call<string>('eth_blockNumber'));
    const built = await countLogs(rpc, benchConfig(anvil.url), head);
    if (built < events) throw new Error(`the chain holds ${built} events of ${events}`);
    const packed = await rpc.call<string>('anvil_dumpState');
    writeFileSync(`${kept}.new`, Buffer.from(packed.slice(2), 'hex'));
    renameSync(`${kept}.new`, kept);
  } finally {
    await anvil.close();
  }
}

/** A call for each run of logs of one contract. */
function runsOf(logs: readonly EmittedLog[]): { address: string; input: string }[] {
  const runs: { address: string; logs: EmittedLog[] }[] = [];
  for (const log of logs) {
    const last = runs.at(-1);
    if (last?.address === log.address) last.logs.push(log);
    else runs.push({ address: log.address, logs: [log] });
  }
  return runs.map((run) => ({ address: run.address, input: emitterInput(run.logs) }));
}

export function benchConfig(url: string, more: Partial<Pick<ChainConfig, 'finality' | 'pollMs'>> = {}): ChainConfig {
  const { chains } = parseNetworkFile(
    {
      chains: [
        {
          chainId: BENCH_CHAIN_ID,
          name: 'bench',
          rpc: [url],
          startBlock: 0,
          finality: { depth: 32 },
          pollMs: 100,
          nativeToken: { symbol: 'OPEN', decimals: 18 },
          contracts: loopContracts,
          ...more,
        },
      ],
    },
    {},
    profiles,
  );
  return chains[0]!;
}

/** In steps: an answer of millions of logs is longer than a string may be. */
const COUNT_STEP = 500;

async function countLogs(rpc: Rpc, { contracts }: ChainConfig, head: number): Promise<number> {
  const address = contracts.map((contract) => contract.address);
  let logs = 0;
  for (let from = 0; from <= head; from += COUNT_STEP) {
    const filter = { fromBlock: toHex(from), toBlock: toHex(Math.min(head, from + COUNT_STEP - 1)), address };
    logs += (await rpc.call<unknown[]>('eth_getLogs', [filter])).length;
  }
  return logs;
}
