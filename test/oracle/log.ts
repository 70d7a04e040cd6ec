/** The shapes that a history, the chain that carries it and the model share. */

/** An ABI value: integers are bigint, addresses and bytes lower-case 0x hex, structs objects by field name. */
export type Value = bigint | boolean | string | Value[] | { [name: string]: Value };
export type Args = { [name: string]: Value };

/** A log that decodes to `event` with `args`; `data` where what lies on chain is not the canonical encoding of it. */
export interface EventLog {
  contract: string;
  event: string;
  args: Args;
  data?: string;
}

/** A log of `contract`'s address that must be counted as undecoded; `why` says what is wrong with it. */
export interface RawLog {
  contract: string;
  topics: string[];
  data: string;
  why: string;
}

export type HistoryLog = EventLog | RawLog;

/** A block as the history wants it; the chain decides its hash. `timestamp` is in seconds. */
export interface Block {
  number: number;
  timestamp: number;
  txs: HistoryLog[][];
}

/** Where a log came to lie on chain. */
export type PlacedLog = HistoryLog & { txHash: string; logIndex: number; address: string };

export interface PlacedBlock {
  chainId: number;
  number: number;
  hash: string;
  timestamp: number;
  logs: PlacedLog[];
}

export function isEvent<T extends HistoryLog>(log: T): log is T & EventLog {
  return 'event' in log;
}
