import type { DecodedEvent, Decoding, EventType } from '../../schema/contractSet';
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

/** Rows of a run of blocks, per table in chain order. */
export class FactBatch {
  readonly rows = new Map<FactTableName, RowBuffer>();
  /** Not among the rows until backRewards has filled in their parts. */
  readonly rewards: PlacedRow[] = [];
  readonly fundings: PlacedRow[] = [];
  readonly metadata = new MetadataRequests();
  /** Decoded events per block number. */
  readonly eventsPerBlock = new Map<number, number>();
  events = 0;
  private readonly accounts = new Set<string>();

  constructor(
    private readonly chainId: number,
    private readonly eventTypeIds: EventTypeIds,
    private readonly columnTypes: ColumnTypes,
  ) {}

  /** Must be called in chain order. */
  add(decoding: Decoding): void {
    if (decoding.kind === 'event') this.addEvent(decoding.event);
    else if (decoding.kind === 'undecoded') {
      const { log, pos, reason } = decoding;
      this.push('undecoded_log', pos, [log.transactionHash, log.address, joined(log.topics), log.data, reason]);
    }
  }

  push(table: FactTableName, pos: bigint, row: FactRow): void {
    let rows = this.rows.get(table);
    if (!rows) {
      rows = new RowBuffer(this.columnTypes[table]);
      this.rows.set(table, rows);
    }
    rows.add(this.chainId, pos, row);
  }

  private addEvent({ log, pos, type, args }: DecodedEvent): void {
    this.events++;
    this.eventsPerBlock.set(log.blockNumber, (this.eventsPerBlock.get(log.blockNumber) ?? 0) + 1);
    const typeId = this.eventTypeIds.get(type);
    if (typeId === undefined) throw new TypeError(`${type.contract}.${type.decoder.name} has no row in event_type`);
    this.push('event', pos, [log.transactionHash, log.address, typeId, joined(log.topics), log.data]);
    let item = 0;
    for (const subject of subjectsOf(type.decoder, args)) {
      this.push('event_subject', pos, [`0x${subjectKeyHex(subject)}`, item]);
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

function joined(topics: readonly string[]): string {
  return `0x${topics.map((topic) => topic.slice(2)).join('')}`;
}
