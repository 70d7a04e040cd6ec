import type { Client } from 'pg';
import { readMigrations } from '../../db/migrate';
import type { BlockRange } from '../../indexer/store/blockRange';
import { registerChain } from '../../indexer/store/checkpoint';
import { readColumnTypes } from '../../indexer/store/columnTypes';
import { copyRows } from '../../indexer/store/copyRows';
import { buildIndexes, deferIndexes } from '../../indexer/store/deferredIndexes';
import { ensureEventTypes } from '../../indexer/store/eventTypes';
import { writeEvent } from '../../indexer/store/factBatch';
import { factTables } from '../../indexer/store/factTables';
import { LogPostings } from '../../indexer/store/logPostings';
import { RowBuffer } from '../../indexer/store/rowBuffer';
import { writeSegment } from '../../indexer/store/segments';
import type { ContractSet, Decoding } from '../../schema/contractSet';
import type { LogBytes } from '../../schema/logBytes';
import type { ChainConfig } from '../../schema/networkFile';

/** What the product keeps beside the loop's tables, in the order in which a table of their prices adds them. */
export const promiseNames = ['segments', 'events', 'subjects'] as const;
export type PromiseName = (typeof promiseNames)[number];

/** Writes a range's part of the promises, in the caller's transaction. */
export type PromiseWriter = () => Promise<void>;

type DecodedEvent = Extract<Decoding, { kind: 'event' }>;

export interface Promises {
  add(log: LogBytes, event: DecodedEvent): void;
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
  let postings = new LogPostings();
  return {
    add(log, { type, args }) {
      const typeId = typeIds.get(type)!;
      if (has('events')) writeEvent(events, chain.chainId, log, typeId);
      if (has('subjects')) postings.add(log, type, typeId, args);
    },
    take(range) {
      const [eventRows, postingRows] = [events, new RowBuffer(types.posting)];
      postings.write(postingRows, chain.chainId);
      events = new RowBuffer(types.event);
      postings = new LogPostings();
      return async () => {
        if (has('segments')) await writeSegment(client, chain.chainId, range);
        const tables = [
          { name: 'event', table: factTables.event, rows: eventRows, wanted: has('events') },
          { name: 'posting', table: factTables.posting, rows: postingRows, wanted: has('subjects') },
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
