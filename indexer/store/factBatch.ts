import type { DecodedEvent, Decoding } from '../../schema/contractSet';
import { subjectKeyHex, subjectsOf } from '../../schema/subject';
import { projectionOf } from '../projections/projections';
import type { ColumnTypes } from './columnTypes';
import type { FactRow, FactTableName } from './factTables';
import { MetadataRequests } from './metadataRequests';
import { RowBuffer } from './rowBuffer';

/** The id of an event type in event_type, by contract and signature (see ensureEventTypes). */
export type EventTypeIds = ReadonlyMap<string, number>;

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
    const { decoder } = type;
    this.events++;
    this.eventsPerBlock.set(log.blockNumber, (this.eventsPerBlock.get(log.blockNumber) ?? 0) + 1);
    const typeId = this.eventTypeIds.get(eventTypeKey(type.profile, type.contract, decoder.fragment));
    if (typeId === undefined) throw new TypeError(`${type.contract}.${decoder.name} has no row in event_type`);
    this.push('event', pos, [log.transactionHash, log.address, typeId, joined(log.topics), log.data]);
    subjectsOf(decoder.name, args, decoder.params).forEach((subject, item) => {
      this.push('event_subject', pos, [`0x${subjectKeyHex(subject)}`, item]);
      if (subject.kind === 'account' && !this.accounts.has(subject.key)) {
        this.accounts.add(subject.key);
        this.push('account', pos, [subject.key, item]);
      }
    });
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

export function eventTypeKey(profile: string, contract: string, fragment: string): string {
  return `${profile}/${contract}/${fragment}`;
}
