import type { ContractSet, EventType } from '../../schema/contractSet';
import type { EventArgs } from '../../schema/eventDecoder';
import { ADDRESS_BYTES, type LogBytes, topicAt, topicsOf, WORD_BYTES } from '../../schema/logBytes';
import { BatchAccounts } from './batchAccounts';
import { BatchCreations, createdTables } from './batchCreations';
import { BatchKeys } from './batchKeys';
import { BatchRewards } from './batchRewards';
import type { ColumnTypes } from './columnTypes';
import { type EventFact, factsOf } from './eventFacts';
import type { FactTableName } from './factTables';
import { rawLogOf } from './logPack';
import { LogPostings } from './logPostings';
import { MetadataRequests } from './metadataRequests';
import { RowBuffer } from './rowBuffer';
import { TouchedKeys } from './touchedKeys';

/** The id of each configured event type in event_type (see ensureEventTypes). */
export type EventTypeIds = ReadonlyMap<EventType, number>;

/** What rows of a chain's logs depend on beside the logs. */
export interface BatchContext {
  chainId: number;
  contracts: ContractSet;
  eventTypeIds: EventTypeIds;
  columnTypes: ColumnTypes;
}

/** Rows of a run of blocks, per table in chain order. */
export class FactBatch {
  readonly rows = new Map<FactTableName, RowBuffer>();
  readonly metadata = new MetadataRequests();
  /** Not among the rows until backRewards has filled in their parts. */
  readonly rewards: BatchRewards;
  /** Not among the rows until it is known which are new. */
  readonly accounts: BatchAccounts;
  readonly creations = new BatchCreations();
  readonly keys: BatchKeys;
  /** Of states that are made anew. */
  readonly touched = new TouchedKeys();
  /** Decoded events of each block that holds logs. */
  readonly eventsPerBlock = new Map<number, number>();
  events = 0;
  private readonly postings = new LogPostings((...account) => this.accounts.add(...account));
  private hasEnded = false;

  constructor(private readonly context: BatchContext) {
    this.rewards = new BatchRewards(context.chainId, context.columnTypes.reward);
    this.accounts = new BatchAccounts(context.chainId, context.columnTypes.account);
    this.keys = new BatchKeys(context.columnTypes);
  }

  /** Must be called in chain order. */
  addLog(log: LogBytes): void {
    const { blockNumber } = log;
    const events = this.eventsPerBlock.get(blockNumber) ?? 0;
    const decoding = this.context.contracts.decode(log);
    this.eventsPerBlock.set(blockNumber, decoding.kind === 'event' ? events + 1 : events);
    if (decoding.kind === 'event') this.addEvent(log, decoding.type, decoding.args);
    else if (decoding.kind === 'undecoded') {
      const { transactionHash, address, data } = rawLogOf(log);
      const row = [transactionHash, address, topicsOf(log), data, decoding.reason];
      this.rowsOf('undecoded_log').add(this.context.chainId, log, row);
    }
  }

  /** After the last log: makes rows of what is known only now. Called again it does nothing. */
  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (this.events > 0) this.postings.write(this.rowsOf('posting'), this.context.chainId);
  }

  /** Where the rows of a table go. */
  rowsOf(table: FactTableName): RowBuffer {
    let rows = this.rows.get(table);
    if (!rows) {
      rows = new RowBuffer(this.context.columnTypes[table]);
      this.rows.set(table, rows);
    }
    return rows;
  }

  /** Whether it is known that no key of a table's rows is there already, or twice; only once the tables were asked. */
  isAllNew(table: string): boolean {
    const created = createdTables.find((name) => name === table);
    if (created) return !this.creations.repeated.has(created);
    return table === 'account' || this.keys.isAllNew(table);
  }

  private addEvent(log: LogBytes, type: EventType, args: EventArgs | undefined): void {
    this.events++;
    const typeId = this.context.eventTypeIds.get(type);
    if (typeId === undefined) throw new TypeError(`${type.contract}.${type.decoder.name} has no row in event_type`);
    writeEvent(this.rowsOf('event'), this.context.chainId, log, typeId);
    this.postings.add(log, type, typeId, args);
    factsOf(type)(log, args, (fact) => this.addFact(log, fact));
  }

  private addFact(log: LogBytes, fact: EventFact): void {
    const { table } = fact;
    if (table === 'reward') this.rewards.add(log, fact);
    else {
      const rows = this.rowsOf(table);
      rows.begin(this.context.chainId, log);
      fact.write(rows, rows.types, rows.types.length);
      if (table === 'pool_funding') this.rewards.addFunding(fact);
      else {
        this.creations.note(fact);
        this.keys.note(fact);
        this.touched.note(fact);
      }
    }
    this.metadata.note(fact);
  }
}

/** A log as a row of `event`. */
export function writeEvent(rows: RowBuffer, chainId: number, log: LogBytes, typeId: number): void {
  const { bytes, topicCount } = log;
  rows.begin(chainId, log);
  rows.bytes(bytes, log.transactionAt, WORD_BYTES);
  rows.bytes(bytes, log.addressAt, ADDRESS_BYTES);
  rows.value('int2', typeId);
  rows.beginBytes(topicCount * WORD_BYTES);
  for (let i = 0; i < topicCount; i++) rows.more(bytes, topicAt(log, i), WORD_BYTES);
  rows.bytes(bytes, log.dataAt, log.dataBytes);
}
