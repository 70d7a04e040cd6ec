import type { Result } from 'ethers';
import { INTERFACES } from './abi';
import { type HistoryLog, isEvent, type PlacedBlock, type Value } from './log';

type RawLog = { topics: string[]; data: string };

/** Of logs, which nobody changes: a log is mined, placed, and mined again by a fork, and encoding costs most of each. */
const encoded = new WeakMap<HistoryLog, RawLog>();

/** The raw log of a history's log: what the emitter has to emit. */
export function encode(log: HistoryLog): RawLog {
  const raw = encoded.get(log) ?? encodeAnew(log);
  encoded.set(log, raw);
  return raw;
}

function encodeAnew(log: HistoryLog): RawLog {
  if (!isEvent(log)) return { topics: log.topics, data: log.data };
  const abi = INTERFACES[log.contract];
  const fragment = abi?.getEvent(log.event);
  if (!abi || !fragment) throw new Error(`${log.contract} has no event ${log.event}`);
  const values = fragment.inputs.map((input) => log.args[input.name] as Value);
  const { topics, data } = abi.encodeEventLog(fragment, values as unknown as Result);
  return { topics, data: log.data ?? data };
}

/** A mined block and its logs, in the order of their log index. */
export interface MinedBlock {
  number: number;
  hash: string;
  timestamp: number;
  logs: { transactionHash: string; logIndex: number; address: string; topics: readonly string[]; data: string }[];
}

/** Puts a history's logs where the chain put them; throws where the chain holds something else. */
export function place(chainId: number, mined: MinedBlock, logs: HistoryLog[]): PlacedBlock {
  if (mined.logs.length !== logs.length)
    throw new Error(`block ${mined.number} holds ${mined.logs.length} logs, the history ${logs.length}`);
  const placed = logs.map((log, i) => {
    const at = mined.logs[i]!;
    const { topics, data } = encode(log);
    if (at.data !== data || at.topics.join() !== topics.join())
      throw new Error(`block ${mined.number}, log ${at.logIndex} is not the history's ${JSON.stringify(topics)}`);
    return {
      ...log,
      txHash: at.transactionHash.toLowerCase(),
      logIndex: at.logIndex,
      address: at.address.toLowerCase(),
    };
  });
  return { chainId, number: mined.number, hash: mined.hash.toLowerCase(), timestamp: mined.timestamp, logs: placed };
}
