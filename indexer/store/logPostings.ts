import type { EventType } from '../../schema/contractSet';
import type { EventArgs } from '../../schema/eventDecoder';
import { ADDRESS_BYTES, type LogBytes, WORD_BYTES } from '../../schema/logBytes';
import { eventTypeBytes, postingKinds } from '../../schema/posting';
import { PostingLists } from './postingLists';
import type { RowBuffer } from './rowBuffer';
import { type AddSubject, subjectsOfLogs } from './wordSubjects';

/** An account: its address stands in `bytes`; `item` is its place among what the log names. */
export type AddAccount = (log: LogBytes, bytes: Buffer, at: number, item: number) => void;

/** By what the events of a batch are found (see schema/posting.ts). */
export class LogPostings {
  private readonly lists = new PostingLists();
  private readonly listOfType: number[] = [];
  /** Of addresses by where they stand in the bytes of the last log: logs of one pack share what they repeat. */
  private readonly listOfAddress = new Map<number, number>();
  private last: LogBytes | undefined;
  private listOfTransaction = 0;
  private items = 0;

  /** @param addAccount hears of each account that no event of the batch named before */
  constructor(private readonly addAccount: AddAccount = () => undefined) {}

  /** Must be called in chain order. */
  add(log: LogBytes, type: EventType, typeId: number, args: EventArgs | undefined): void {
    const { lists, last } = this;
    if (last?.bytes !== log.bytes) this.listOfAddress.clear();
    lists.begin(log);
    lists.add(this.contractOf(log));
    lists.add(this.typeOf(typeId));
    if (last?.bytes !== log.bytes || last.transactionAt !== log.transactionAt) {
      this.listOfTransaction = lists.listOf(postingKinds.transaction, log.bytes, log.transactionAt, WORD_BYTES);
    }
    lists.add(this.listOfTransaction);
    this.last = log;
    this.items = 0;
    subjectsOfLogs(type)(log, args, this.addSubject);
  }

  /** As rows of posting. */
  write(rows: RowBuffer, chainId: number): void {
    this.lists.write(rows, chainId);
  }

  private readonly addSubject: AddSubject = (kind, bytes, at, length) => {
    const { lists } = this;
    const before = lists.length;
    const list = lists.listOf(kind, bytes, at, length);
    if (!lists.add(list)) return;
    if (list === before && kind === postingKinds.account) {
      this.addAccount(this.last as LogBytes, bytes, at, this.items);
    }
    this.items++;
  };

  private contractOf({ bytes, addressAt }: LogBytes): number {
    let list = this.listOfAddress.get(addressAt);
    if (list === undefined) {
      list = this.lists.listOf(postingKinds.contract, bytes, addressAt, ADDRESS_BYTES);
      this.listOfAddress.set(addressAt, list);
    }
    return list;
  }

  private typeOf(id: number): number {
    let list = this.listOfType[id];
    if (list === undefined) {
      const key = eventTypeBytes(id);
      list = this.lists.listOf(postingKinds.eventType, key, 0, key.length);
      this.listOfType[id] = list;
    }
    return list;
  }
}
