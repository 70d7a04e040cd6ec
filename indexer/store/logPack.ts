import type { RawLog } from '../../schema/contractSet';
import { ADDRESS_BYTES, hexAt, type LogBytes, topicsOf, WORD_BYTES } from '../../schema/logBytes';
import { ByteReader } from './bytes';
import { LogPackWriter } from './logPackWriter';

/**
 * Logs in chain order, as segments store them. Addresses and first topics repeat, so they are named by their place in a
 * list; a transaction's hash stands with its first log. Whoever reads one gets places inside these bytes.
 */
export class LogPack {
  static readonly empty = LogPack.of([]);

  static of(logs: readonly RawLog[]): LogPack {
    const writer = new LogPackWriter();
    for (const log of logs) writer.add(log);
    return new LogPack(writer.bytes());
  }

  readonly length: number;
  private readonly addresses: number[];
  private readonly topic0s: number[];
  private readonly logsAt: number;

  constructor(readonly bytes: Buffer) {
    const from = new ByteReader(bytes);
    this.addresses = Array.from({ length: from.number() }, () => from.skip(ADDRESS_BYTES));
    this.topic0s = Array.from({ length: from.number() }, () => from.skip(WORD_BYTES));
    this.length = from.number();
    this.logsAt = from.position;
  }

  /** As hex. */
  rawLogs(): RawLog[] {
    return Array.from(this, rawLogOf);
  }

  *[Symbol.iterator](): Generator<LogBytes> {
    const { bytes, addresses, topic0s, length, logsAt } = this;
    const from = new ByteReader(bytes, logsAt);
    let blockNumber = 0;
    let transactionAt = 0;
    for (let n = 0; n < length; n++) {
      blockNumber += from.number();
      const logIndex = from.number();
      const flags = from.number();
      if (flags % 2 === 0) transactionAt = from.skip(WORD_BYTES);
      const addressAt = addresses[from.number()] as number;
      const topicCount = flags >> 1;
      const topic0At = topicCount > 0 ? (topic0s[from.number()] as number) : 0;
      const topicsAt = from.skip(Math.max(0, topicCount - 1) * WORD_BYTES);
      const dataBytes = from.number();
      const dataAt = from.skip(dataBytes);
      yield {
        blockNumber,
        logIndex,
        bytes,
        transactionAt,
        addressAt,
        topicCount,
        topic0At,
        topicsAt,
        dataAt,
        dataBytes,
      };
    }
  }
}

/** A log as hex. */
export function rawLogOf(log: LogBytes): RawLog {
  const { blockNumber, logIndex, bytes, transactionAt, addressAt, dataAt, dataBytes } = log;
  return {
    blockNumber,
    logIndex,
    transactionHash: hexAt(bytes, transactionAt, WORD_BYTES),
    address: hexAt(bytes, addressAt, ADDRESS_BYTES),
    topics: topicsOf(log),
    data: hexAt(bytes, dataAt, dataBytes),
  };
}
