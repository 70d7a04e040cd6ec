import type { DecodedEvent, Decoding } from '../../schema/contractSet';
import { subjectKeyHex, subjectsOf } from '../../schema/subject';
import { projectionOf } from '../projections/projections';
import type { StoredRow } from './copyRows';
import type { FactRow, FactTableName } from './factTables';

/** The id of an event type in event_type, by contract and signature (see ensureEventTypes). */
export type EventTypeIds = ReadonlyMap<string, number>;

/** Rows of a range of blocks, per table in chain order. */
export class FactBatch {
  readonly rows = new Map<FactTableName, StoredRow[]>();
  /** Decoded events per block number. */
  readonly eventsPerBlock = new Map<number, number>();
  events = 0;
  private readonly accounts = new Set<string>();

  constructor(
    private readonly chainId: number,
    private readonly eventTypeIds: EventTypeIds,
  ) {}

  /** Must be called in chain order. */
  add(decoding: Decoding): void {
    if (decoding.kind === 'event') this.addEvent(decoding.event);
    else if (decoding.kind === 'undecoded') {
      const { log, pos, reason } = decoding;
      const topics = `{${log.topics.map((topic) => `"\\\\x${topic.slice(2)}"`).join(',')}}`;
      this.push('undecoded_log', pos, [log.transactionHash, log.address, topics, log.data, reason]);
    }
  }

  private addEvent({ log, pos, type, args }: DecodedEvent): void {
    const { decoder } = type;
    this.events++;
    this.eventsPerBlock.set(log.blockNumber, (this.eventsPerBlock.get(log.blockNumber) ?? 0) + 1);
    const typeId = this.eventTypeIds.get(eventTypeKey(type.profile, type.contract, decoder.fragment));
    if (typeId === undefined) throw new TypeError(`${type.contract}.${decoder.name} has no row in event_type`);
    const topics = `0x${log.topics.map((topic) => topic.slice(2)).join('')}`;
    this.push('event', pos, [log.transactionHash, log.address, typeId, topics, log.data]);
    subjectsOf(decoder.name, args, decoder.params).forEach((subject, item) => {
      this.push('event_subject', pos, [`0x${subjectKeyHex(subject)}`, item]);
      if (subject.kind === 'account' && !this.accounts.has(subject.key)) {
        this.accounts.add(subject.key);
        this.push('account', pos, [subject.key, item]);
      }
    });
    projectionOf(type)?.(args, (table, ...row) => this.push(table, pos, row));
  }

  private push(table: FactTableName, pos: bigint, row: FactRow): void {
    const stored = [this.chainId, pos, ...row];
    const rows = this.rows.get(table);
    if (rows) rows.push(stored);
    else this.rows.set(table, [stored]);
  }
}

export function eventTypeKey(profile: string, contract: string, fragment: string): string {
  return `${profile}/${contract}/${fragment}`;
}
