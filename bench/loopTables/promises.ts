import type { Client } from 'pg';
import { readMigrations } from '../../db/migrate';
import type { BlockRange } from '../../indexer/store/blockRange';
import { registerChain } from '../../indexer/store/checkpoint';
import { readColumnTypes } from '../../indexer/store/columnTypes';
import { copyRows } from '../../indexer/store/copyRows';
import { buildIndexes, deferIndexes } from '../../indexer/store/deferredIndexes';
import { ensureEventTypes } from '../../indexer/store/eventTypes';
import { factTables } from '../../indexer/store/factTables';
import { RowBuffer } from '../../indexer/store/rowBuffer';
import { writeSegment } from '../../indexer/store/segments';
import type { ContractSet, DecodedEvent } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import { subjectKeyHex, subjectsOf } from '../../schema/subject';

/** What the product keeps beside the loop's tables, in the order in which a table of their prices adds them. */
export const promiseNames = ['segments', 'events', 'subjects'] as const;
export type PromiseName = (typeof promiseNames)[number];

/** Writes a range's part of the promises, in the caller's transaction. */
export type PromiseWriter = () => Promise<void>;

export interface Promises {
  add(event: DecodedEvent): void;
  /** What was added since the last call, and of this range. */
  take(range: BlockRange): PromiseWriter;
  /** Builds the indexes that were left out. */
  finish(): Promise<void>;
}

/** The product's own tables for these promises, without their secondary indexes until the end. */
export async function openPromises(
  client: Client,
  chain: ChainConfig,
  contracts: ContractSet,
  wanted: readonly PromiseName[],
): Promise<Promises> {
  if (wanted.length === 0) return { add: () => undefined, take: () => async () => undefined, finish: async () => {} };
  for (const { sql } of await readMigrations()) await client.query(sql);
  await registerChain(client, chain);
  const typeIds = await ensureEventTypes(client, contracts.eventTypes);
  await deferIndexes(client);
  const types = await readColumnTypes(client);
  const has = (promise: PromiseName) => wanted.includes(promise);
  let events = new RowBuffer(types.event);
  let subjects = new RowBuffer(types.event_subject);
  return {
    add({ log, pos, type, args }) {
      if (has('events')) {
        const typeId = typeIds.get(type)!;
        events.add(chain.chainId, pos, [log.transactionHash, log.address, typeId, log.topics, log.data]);
      }
      if (has('subjects')) {
        subjectsOf(type.decoder, args).forEach((subject, item) => {
          subjects.add(chain.chainId, pos, [subjectKeyHex(subject), item]);
        });
      }
    },
    take(range) {
      const [eventRows, subjectRows] = [events, subjects];
      events = new RowBuffer(types.event);
      subjects = new RowBuffer(types.event_subject);
      return async () => {
        if (has('segments')) await writeSegment(client, chain.chainId, range);
        const tables = [
          { name: 'event', table: factTables.event, rows: eventRows, wanted: has('events') },
          { name: 'event_subject', table: factTables.event_subject, rows: subjectRows, wanted: has('subjects') },
        ];
        await copyRows(
          client,
          tables.filter(({ wanted: isWanted }) => isWanted),
        );
      };
    },
    finish: () => buildIndexes(client),
  };
}
