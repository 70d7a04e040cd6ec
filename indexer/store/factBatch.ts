import type { ContractSet, DecodedEvent, EventType, RawLog } from '../../schema/contractSet';
import { subjectKeyHex, subjectsOf } from '../../schema/subject';
import { projectionOf } from '../projections/projections';
import type { ColumnTypes } from './columnTypes';
import type { FactRow, FactTableName } from './factTables';
import { MetadataRequests } from './metadataRequests';
import { RowBuffer } from './rowBuffer';

/** The id of each configured event type in event_type (see ensureEventTypes). */
export type EventTypeIds = ReadonlyMap<EventType, number>;

/** A row that waits for what the database knows: its backing. */
export interface PlacedRow {
  pos: bigint;
  row: FactRow;
}

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
  /** Not among the rows until backRewards has filled in their parts. */
  readonly rewards: PlacedRow[] = [];
  readonly fundings: PlacedRow[] = [];
  readonly metadata = new MetadataRequests();
  /** Decoded events of each block that holds logs. */
  readonly eventsPerBlock = new Map<number, number>();
  events = 0;
  private readonly accounts = new Set<string>();

  constructor(private readonly context: BatchContext) {}

  /** Must be called in chain order. */
  addLog(log: RawLog): void {
    const { blockNumber } = log;
    const events = this.eventsPerBlock.get(blockNumber) ?? 0;
    const decoding = this.context.contracts.decode(log);
    this.eventsPerBlock.set(blockNumber, decoding.kind === 'event' ? events + 1 : events);
    if (decoding.kind === 'event') this.addEvent(decoding.event);
    else if (decoding.kind === 'undecoded') {
      const { pos, reason } = decoding;
      this.push('undecoded_log', pos, [log.transactionHash, log.address, log.topics, log.data, reason]);
    }
  }

  push(table: FactTableName, pos: bigint, row: FactRow): void {
    let rows = this.rows.get(table);
    if (!rows) {
      rows = new RowBuffer(this.context.columnTypes[table]);
      this.rows.set(table, rows);
    }
    rows.add(this.context.chainId, pos, row);
  }

  private addEvent({ log, pos, type, args }: DecodedEvent): void {
    this.events++;
    const typeId = this.context.eventTypeIds.get(type);
    if (typeId === undefined) throw new TypeError(`${type.contract}.${type.decoder.name} has no row in event_type`);
    this.push('event', pos, [log.transactionHash, log.address, typeId, log.topics, log.data]);
    let item = 0;
    for (const subject of subjectsOf(type.decoder, args)) {
      this.push('event_subject', pos, [subjectKeyHex(subject), item]);
      if (subject.kind === 'account' && !this.accounts.has(subject.key)) {
        this.accounts.add(subject.key);
        this.push('account', pos, [subject.key, item]);
      }
      item++;
    }
    projectionOf(type)?.(args, (table, ...row) => {
      if (table === 'reward') this.rewards.push({ pos, row });
      else this.push(table, pos, row);
      if (table === 'pool_funding') this.fundings.push({ pos, row });
      this.metadata.note(table, row);
    });
  }
}
