import type { EventType } from '../../schema/contractSet';
import type { EventArgs } from '../../schema/eventDecoder';
import { ADDRESS_BYTES, type LogBytes, WORD_BYTES } from '../../schema/logBytes';
import { eventTypeBytes, postingKinds } from '../../schema/posting';
import { PostingLists } from './postingLists';
import type { RowBuffer } from './rowBuffer';
import { subjectsOfLogs } from './wordSubjects';

/** An account: its address stands in `bytes`; `item` is its place among what the log names. */
export type AddAccount = (bytes: Buffer, at: number, item: number) => void;

/** By what the events of a batch are found (see schema/posting.ts). */
export class LogPostings {
  private readonly lists = new PostingLists();
  /** The event before, and the list of its transaction. */
  private last: LogBytes | undefined;
  private transaction = 0;

  /** Must be called in chain order. @param addAccount hears of each account that no event of the batch named before */
  add(log: LogBytes, type: EventType, typeId: number, args: EventArgs | undefined, addAccount?: AddAccount): void {
    const { lists } = this;
    lists.begin(log);
    lists.add(lists.listOf(postingKinds.contract, log.bytes, log.addressAt, ADDRESS_BYTES));
    const typeKey = eventTypeBytes(typeId);
    lists.add(lists.listOf(postingKinds.eventType, typeKey, 0, typeKey.length));
    lists.add(this.transactionOf(log));
    let item = 0;
    subjectsOfLogs(type)(log, args, (keys, at, length) => {
      const kind = keys[at] as number;
      const before = lists.length;
      const list = lists.listOf(kind, keys, at + 1, length - 1);
      lists.add(list);
      if (list === before && kind === postingKinds.account) addAccount?.(keys, at + 1, item);
      item++;
    });
  }

  /** As rows of posting. */
  write(rows: RowBuffer, chainId: number): void {
    this.lists.write(rows, chainId);
  }

  /** Logs of a transaction come one after the other and share one copy of its hash. */
  private transactionOf(log: LogBytes): number {
    const { last } = this;
    if (last?.transactionAt !== log.transactionAt || last.bytes !== log.bytes) {
      this.transaction = this.lists.listOf(postingKinds.transaction, log.bytes, log.transactionAt, WORD_BYTES);
    }
    this.last = log;
    return this.transaction;
  }
}
