import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Interface, type Result } from 'ethers';
import { type Anvil, spawnAnvil } from '../../demo/anvil';
import { DEMO_CHAIN_ARGUMENTS } from '../../demo/localChain';
import { type Rpc, rpcTo, toHex } from '../../demo/rpc';
import { type ChainConfig, parseNetworkFile } from '../../schema/networkFile';
import { profiles } from '../../schema/profiles';
import { emitterCode, emitterInput, type LogRecord } from './emitterCode';
import { type LoopEvent, loopEvents } from './loopEvents';

/** Counts up when the history changes: a chain that was kept from before is another one then. */
const VERSION = 1;
const CHAIN_ID = 31_338;
const GENESIS = 1_760_000_000;
const BLOCK_SECONDS = 2;
const EVENTS_PER_BLOCK = 25;
const SENDER = `0x${'f1'.repeat(20)}`;
/** Of a transaction: what a block's transactions may use together must fit its limit. */
const GAS = toHex(3_000_000);

export interface BenchChain {
  anvil: Anvil;
  config: ChainConfig;
  /** The last block, which holds the last event. */
  head: number;
  /** Logs that the configured contracts emitted. */
  events: number;
  close(): Promise<void>;
}

/** A chain with at least this many events, built once and kept in `folder`. */
export async function openBenchChain(folder: string, events: number): Promise<BenchChain> {
  mkdirSync(folder, { recursive: true });
  const kept = path.join(folder, `chain-${VERSION}-${events}.state.gz`);
  if (!existsSync(kept)) await build(kept, events);
  const unpacked = path.join(folder, 'chain.state.json');
  writeFileSync(unpacked, gunzipSync(readFileSync(kept)));
  const anvil = await spawnAnvil({ args: [...argumentsOf(), '--load-state', unpacked], startTimeoutMs: 180_000 });
  rmSync(unpacked);
  const rpc = rpcTo(anvil.url);
  const config = configOf(anvil.url);
  return {
    anvil,
    config,
    head: Number(await rpc.call<string>('eth_blockNumber')),
    events: await countLogs(rpc, config),
    close: () => anvil.close(),
  };
}

async function build(kept: string, events: number): Promise<void> {
  console.log(`Building a chain of ${events} events (once) ...`);
  const anvil = await spawnAnvil({ args: [...argumentsOf(), '--timestamp', String(GENESIS)] });
  try {
    const rpc = rpcTo(anvil.url);
    const code = emitterCode();
    await rpc.batch([
      ...Object.values(addresses).map((address) => ({ method: 'anvil_setCode', params: [address, code] })),
      { method: 'anvil_setBalance', params: [SENDER, toHex(10n ** 30n)] },
    ]);
    let at = GENESIS;
    let nonce = 0;
    for (const block of blocksOf(events)) {
      const transactions = transactionsOf(block, nonce);
      nonce += transactions.length;
      at += BLOCK_SECONDS;
      // Not in one batch: anvil runs the calls of a batch side by side.
      await rpc.batch(transactions);
      await rpc.call('evm_mine', [at]);
    }
    const built = await countLogs(rpc, configOf(anvil.url));
    if (built < events) throw new Error(`the chain holds ${built} events of ${events}`);
    const packed = await rpc.call<string>('anvil_dumpState');
    writeFileSync(`${kept}.new`, Buffer.from(packed.slice(2), 'hex'));
    renameSync(`${kept}.new`, kept);
  } finally {
    await anvil.close();
  }
}

/** Whole stories, so that what belongs together stays in one block. */
function* blocksOf(events: number): Generator<LoopEvent[]> {
  let block: LoopEvent[] = [];
  let told = 0;
  for (const story of loopEvents()) {
    block.push(...story);
    told += story.length;
    if (block.length < EVENTS_PER_BLOCK && told < events) continue;
    yield block;
    if (told >= events) return;
    block = [];
  }
}

/** A transaction for each run of events of one contract, so that the block keeps their order. */
function transactionsOf(block: readonly LoopEvent[], firstNonce: number) {
  const runs: { contract: string; logs: LogRecord[] }[] = [];
  for (const event of block) {
    const last = runs.at(-1);
    if (last?.contract === event.contract) last.logs.push(logOf(event));
    else runs.push({ contract: event.contract, logs: [logOf(event)] });
  }
  return runs.map(({ contract, logs }, i) => ({
    method: 'eth_sendTransaction',
    params: [
      {
        from: SENDER,
        to: addresses[contract],
        nonce: toHex(firstNonce + i),
        gas: GAS,
        gasPrice: '0x0',
        data: emitterInput(logs),
      },
    ],
  }));
}

const kinds = Object.entries(profiles).flatMap(([profile, { contracts }]) =>
  Object.entries(contracts).map(([contract, fragments]) => ({ profile, contract, abi: new Interface(fragments) })),
);
const addresses: Readonly<Record<string, string>> = Object.fromEntries(
  kinds.map(({ contract }, i) => [contract, `0x${(0xbe00 + i).toString(16).padStart(40, '0')}`]),
);
const abis = new Map(kinds.map(({ contract, abi }) => [contract, abi]));

function logOf({ contract, event, values }: LoopEvent): LogRecord {
  return abis.get(contract)!.encodeEventLog(event, values as unknown as Result);
}

function configOf(url: string): ChainConfig {
  const { chains } = parseNetworkFile(
    {
      chains: [
        {
          chainId: CHAIN_ID,
          name: 'bench',
          rpc: [url],
          startBlock: 0,
          finality: { depth: 32 },
          pollMs: 100,
          nativeToken: { symbol: 'OPEN', decimals: 18 },
          contracts: kinds.map(({ profile, contract }) => ({ profile, contract, address: addresses[contract] })),
        },
      ],
    },
    {},
    profiles,
  );
  return chains[0]!;
}

function argumentsOf(): string[] {
  return ['--chain-id', String(CHAIN_ID), ...DEMO_CHAIN_ARGUMENTS];
}

async function countLogs(rpc: Rpc, { contracts }: ChainConfig): Promise<number> {
  const filter = { fromBlock: '0x0', toBlock: 'latest', address: contracts.map(({ address }) => address) };
  return (await rpc.call<unknown[]>('eth_getLogs', [filter])).length;
}
