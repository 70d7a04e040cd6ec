import { Interface } from 'ethers';
import type { Rpc } from '../demo/rpc';
import { LogPack } from '../indexer/store/logPack';
import { ContractSet, type Decoding, type RawLog } from '../schema/contractSet';
import type { LogBytes } from '../schema/logBytes';
import type { ChainConfig } from '../schema/networkFile';
import { profiles } from '../schema/profiles';

export interface DecodingFigures {
  logs: number;
  /** Logs a second. */
  ours: number;
  ethers: number;
}

/** Decodes the chain's own logs with our decoders and with ethers' parseLog, in this process, without anything else. */
export async function timeDecoding(rpc: Rpc, config: ChainConfig, rounds: number): Promise<DecodingFigures> {
  const logs = await readLogs(rpc, config);
  const contracts = new ContractSet(config.contracts, profiles);
  const abis = new Map(
    config.contracts.map(({ profile, contract, address }) => [
      address.toLowerCase(),
      new Interface(profiles[profile]!.contracts[contract]!),
    ]),
  );
  const packed = [...LogPack.of(logs)];
  const ours = rateOf(packed, rounds, (log) => isRead(contracts.decode(log), log));
  // Twenty times slower at least: fewer logs say as much.
  const ethers = rateOf(logs.slice(0, 10_000), rounds, (log) => {
    const parsed = abis.get(log.address)?.parseLog(log);
    // Its results are lazy: an argument is read when it is asked for.
    return parsed?.args.toArray() !== undefined;
  });
  return { logs: logs.length, ours, ethers };
}

/** An event of words alone is checked and not decoded: ethers' work is all of its arguments. */
function isRead(decoding: Decoding, log: LogBytes): boolean {
  return decoding.kind === 'event' && (decoding.args ?? decoding.type.decoder.read(log)) !== undefined;
}

async function readLogs(rpc: Rpc, { contracts }: ChainConfig): Promise<RawLog[]> {
  const filter = { fromBlock: '0x0', toBlock: 'latest', address: contracts.map(({ address }) => address) };
  const logs = await rpc.call<
    (Omit<RawLog, 'blockNumber' | 'logIndex'> & Record<'blockNumber' | 'logIndex', string>)[]
  >('eth_getLogs', [filter]);
  return logs.map((log) => ({ ...log, blockNumber: Number(log.blockNumber), logIndex: Number(log.logIndex) }));
}

/** The best of the rounds, after one to warm up: what disturbs only ever slows. */
function rateOf<Log>(logs: readonly Log[], rounds: number, decode: (log: Log) => boolean): number {
  let best = 0;
  for (let round = 0; round <= rounds; round++) {
    const started = performance.now();
    let decoded = 0;
    for (const log of logs) if (decode(log)) decoded++;
    const rate = (logs.length / (performance.now() - started)) * 1_000;
    if (decoded !== logs.length) throw new Error(`decoded ${decoded} of ${logs.length} logs`);
    if (round > 0) best = Math.max(best, rate);
  }
  return best;
}
