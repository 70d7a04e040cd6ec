import type { RawLog } from '../../schema/contractSet';
import { ADDRESS_BYTES, WORD_BYTES } from '../../schema/logBytes';
import { ByteWriter } from './bytes';
import { isSameText } from './hex';

/** Where the parts of a log stand in a text, each as hex without 0x. */
export interface LogText {
  blockNumber: number;
  logIndex: number;
  transactionAt: number;
  addressAt: number;
  topicCount: number;
  topicsAt: readonly number[];
  dataAt: number;
  dataBytes: number;
}

/** Writes what a LogPack reads, from hex in either form: in strings of its own, or somewhere in a text. */
export class LogPackWriter {
  length = 0;
  private readonly out = new ByteWriter();
  private readonly addresses = new Places();
  private readonly topic0s = new Places();
  private blockNumber = 0;
  /** Of the log before. */
  private transactionHash = '';

  add({ blockNumber, logIndex, transactionHash, address, topics, data }: RawLog): void {
    const { out } = this;
    this.begin(blockNumber, logIndex, topics.length, transactionHash === this.transactionHash);
    if (transactionHash !== this.transactionHash) out.hex(transactionHash);
    this.transactionHash = transactionHash;
    out.number(this.addresses.of(address.slice(2)));
    topics.forEach((topic, i) => {
      if (i === 0) out.number(this.topic0s.of(topic.slice(2)));
      else out.hex(topic);
    });
    out.number((data.length - 2) / 2);
    out.hex(data);
  }

  /**
   * A log out of a text of lower-case hex, which is the same for all logs.
   * @param sameTransaction as the log before; the first log has none before
   * @throws RangeError for what isn't hex
   */
  addText(text: DataView, log: LogText, sameTransaction: boolean): void {
    const { out } = this;
    const { topicCount, topicsAt } = log;
    this.begin(log.blockNumber, log.logIndex, topicCount, sameTransaction);
    if (!sameTransaction) out.hexText(text, log.transactionAt, WORD_BYTES);
    out.number(this.addresses.at(text, log.addressAt, ADDRESS_BYTES));
    for (let i = 0; i < topicCount; i++) {
      if (i === 0) out.number(this.topic0s.at(text, topicsAt[0] as number, WORD_BYTES));
      else out.hexText(text, topicsAt[i] as number, WORD_BYTES);
    }
    out.number(log.dataBytes);
    out.hexText(text, log.dataAt, log.dataBytes);
  }

  /** 0x hex, each once. */
  addressesSeen(): string[] {
    return Array.from(this.addresses.found.keys(), (hex) => `0x${hex}`);
  }

  bytes(): Buffer {
    const lists = new ByteWriter();
    for (const { found } of [this.addresses, this.topic0s]) {
      lists.number(found.size);
      for (const hex of found.keys()) lists.hex(`0x${hex}`);
    }
    lists.number(this.length);
    return Buffer.concat([lists.bytes(), this.out.bytes()]);
  }

  private begin(blockNumber: number, logIndex: number, topicCount: number, sameTransaction: boolean): void {
    const { out } = this;
    out.number(blockNumber - this.blockNumber);
    out.number(logIndex);
    // Topics are at most four: three bits, and one for the transaction.
    out.number(topicCount * 2 + (sameTransaction ? 1 : 0));
    this.blockNumber = blockNumber;
    this.length++;
  }
}

const HEX = /^[0-9a-f]*$/;

/** Values that repeat, each once, with its place; hex without 0x. */
class Places {
  readonly found = new Map<string, number>();
  /** The last one seen in a text, with its place, by its last eight digits: a string of each would cost more than all else. */
  private readonly seen = new Map<number, { at: number; place: number }>();

  of(hex: string): number {
    let place = this.found.get(hex);
    if (place === undefined) {
      if (!HEX.test(hex)) throw new RangeError(`${hex} is not hex`);
      place = this.found.size;
      this.found.set(hex, place);
    }
    return place;
  }

  at(text: DataView, at: number, bytes: number): number {
    const chars = 2 * bytes;
    const tail = text.getInt32(at + chars - 8) ^ (text.getInt32(at + chars - 4) << 1);
    const seen = this.seen.get(tail);
    if (seen && isSameText(text, seen.at, at, chars)) return seen.place;
    const hex = Buffer.from(text.buffer, text.byteOffset + at, chars).toString('latin1');
    const place = this.of(hex);
    this.seen.set(tail, { at, place });
    return place;
  }
}
