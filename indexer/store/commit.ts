import type { ClientBase } from 'pg';
import { inTransaction } from '../../db/transaction';
import type { ContractSet } from '../../schema/contractSet';
import { firstPositionOf } from '../../schema/position';
import { backRewards } from './backRewards';
import type { BlockRange, Header, Tip, Verified } from './blockRange';
import { appendChanges, type Change } from './changes';
import { forgetHeaders, type Mark, moveCheckpoint, readCheckpoint, readHeaderHash, writeHeaders } from './checkpoint';
import { type ColumnTypes, readColumnTypes } from './columnTypes';
import { copyRows } from './copyRows';
import { refreshDerived } from './derivedRows';
import { type EventTypeIds, FactBatch } from './factBatch';
import { type FactTableName, factTables } from './factTables';
import { rewindTo } from './rewind';
import { bytesOf, writeSegment } from './segments';

export interface Commit {
  chainId: number;
  contracts: ContractSet;
  eventTypeIds: EventTypeIds;
  /** The leader's epoch. */
  epoch: bigint;
  /** A reorg: everything after this block goes first. */
  ancestor?: Header;
  /** Adjoining, in chain order; may be empty when only the tip moved. */
  ranges: readonly BlockRange[];
  /** The rows of the ranges' logs, where they were worked out before. */
  batch?: FactBatch;
  tip: Tip;
  eventsPerSecond: number;
  /** Not when the ranges come from stored segments. */
  storeSegments: boolean;
  /** What of the stored segments counts as verified; undefined: how far that is stays as it was. */
  verified?: Verified;
  /**
   * The ranges replace what was stored of finalized blocks, because it was not what the chain holds. Later segments stay
   * up to the block that is given here, and safe and finalized go back to what is indexed then.
   */
  repairKeepsTo?: number;
}

/**
 * The one place where rows change: what a reorg removed, what the ranges bring, the checkpoint and the log of changes,
 * in one transaction.
 * @returns the number of events written
 * @throws AppError STOP when another leader took over
 */
export function commitRanges(client: ClientBase, commit: Commit): Promise<number> {
  return inTransaction(client, () => writeCommit(client, commit));
}

async function writeCommit(client: ClientBase, commit: Commit): Promise<number> {
  const { chainId, ranges, tip } = commit;
  const before = await readCheckpoint(client, chainId);
  const changes: Change[] = [];
  let { indexed, safe, finalized: wasFinalized } = before;
  if (commit.ancestor) {
    changes.push(...(await rewindTo(client, chainId, commit.ancestor, commit.repairKeepsTo)));
    indexed = commit.ancestor;
    safe = notAbove(safe, indexed);
    wasFinalized = notAbove(wasFinalized, indexed);
  }
  const batch = commit.batch ?? batchOf(commit, await readColumnTypes(client));
  await writeFacts(client, chainId, ranges, batch);
  const last = ranges.at(-1)?.last;
  if (last) indexed = { number: last.number, hash: last.hash, timestamp: last.timestamp };
  if (!indexed) return 0;
  changes.push(...appliedBlocks(ranges, batch));

  const finalized = later(wasFinalized, await ourMark(client, commit, tip.finalized, indexed));
  const newSafe = later(safe, await ourMark(client, commit, tip.safe, indexed));
  for (const [op, from, to] of [
    ['safe', safe, newSafe],
    ['finalized', wasFinalized, finalized],
  ] as const) {
    if (to && to.number > (from?.number ?? -1)) changes.push(await moveOf(client, chainId, op, from, to));
  }
  await writeHeaders(client, chainId, unfinalizedHeaders(ranges, finalized));
  if (finalized) await forgetHeaders(client, chainId, finalized.number);
  if (commit.storeSegments) for (const range of ranges) await writeSegment(client, chainId, range);
  await moveCheckpoint(client, chainId, commit.epoch, {
    indexed,
    safe: newSafe,
    finalized,
    head: tip.head.number >= indexed.number ? tip.head : indexed,
    eventsPerSecond: commit.eventsPerSecond,
    verified: commit.verified,
  });
  await appendChanges(client, chainId, changes);
  return batch.events;
}

function batchOf({ chainId, contracts, eventTypeIds, ranges }: Commit, columnTypes: ColumnTypes): FactBatch {
  const batch = new FactBatch({ chainId, contracts, eventTypeIds, columnTypes });
  for (const { logs } of ranges) for (const log of logs) batch.addLog(log);
  return batch;
}

async function writeFacts(
  client: ClientBase,
  chainId: number,
  ranges: readonly BlockRange[],
  batch: FactBatch,
): Promise<void> {
  const fromBlock = ranges[0]?.fromBlock;
  if (fromBlock === undefined) return;
  const { backings } = batch.backings;
  if (backings.length > 0) await backRewards(client, chainId, backings, batch.rowsOf('reward'));
  const tables = Object.entries(factTables).flatMap(([name, table]) => {
    const rows = batch.rows.get(name as FactTableName);
    return rows ? [{ name, table, rows }] : [];
  });
  await copyRows(client, tables);
  await writeBlocks(client, chainId, ranges, batch.eventsPerBlock);
  await batch.metadata.write(client, chainId);
  await refreshDerived(client, chainId, firstPositionOf(fromBlock), new Set(batch.rows.keys()));
}

async function writeBlocks(
  client: ClientBase,
  chainId: number,
  ranges: readonly BlockRange[],
  eventsPerBlock: ReadonlyMap<number, number>,
): Promise<void> {
  const withLogs = ranges.flatMap(({ headers }) => headers.filter(({ number }) => eventsPerBlock.has(number)));
  if (withLogs.length === 0) return;
  await client.query(
    `insert into block (chain_id, number, hash, timestamp, events)
     select $1, * from unnest($2::bigint[], $3::bytea[], $4::bigint[], $5::integer[])`,
    [
      chainId,
      withLogs.map(({ number }) => number),
      withLogs.map(({ hash }) => bytesOf(hash)),
      withLogs.map(({ timestamp }) => timestamp),
      withLogs.map(({ number }) => eventsPerBlock.get(number) ?? 0),
    ],
  );
}

/** A change per block whose header came along: those that hold logs, near the head all. */
function appliedBlocks(ranges: readonly BlockRange[], { eventsPerBlock }: FactBatch): Change[] {
  return ranges.flatMap(({ headers }) =>
    headers.map((block) => ({
      op: 'apply' as const,
      count: eventsPerBlock.get(block.number) ?? 0,
      fromBlock: block.number,
      block,
    })),
  );
}

async function moveOf(
  client: ClientBase,
  chainId: number,
  op: 'safe' | 'finalized',
  from: Mark | null,
  to: Mark,
): Promise<Change> {
  const fromBlock = from ? from.number + 1 : 0;
  const { rows } = await client.query<{ count: number }>(
    `select coalesce(sum(events), 0)::integer as count from block
     where chain_id = $1 and number between $2 and $3`,
    [chainId, fromBlock, to.number],
  );
  return { op, count: rows[0]?.count ?? 0, fromBlock, block: to };
}

function unfinalizedHeaders(ranges: readonly BlockRange[], finalized: Mark | null): Header[] {
  return ranges.flatMap(({ headers }) => headers.filter(({ number }) => number >= (finalized?.number ?? 0)));
}

/**
 * What a mark of the node means for us: it holds as far as we are indexed. One of another fork, which a reorg between
 * two calls can bring, means nothing: a status must not name a block that the rows don't hold.
 */
async function ourMark(
  client: ClientBase,
  { chainId, ranges }: Commit,
  mark: Header | undefined,
  indexed: Mark,
): Promise<Mark | null> {
  if (!mark) return null;
  if (mark.number > indexed.number) return indexed;
  const fetched = ranges.flatMap(({ headers }) => headers).find(({ number }) => number === mark.number);
  const ours = fetched?.hash ?? (await readHeaderHash(client, chainId, mark.number)) ?? mark.hash;
  return ours === mark.hash ? mark : null;
}

/** Before the first block there is nothing to mark. */
function notAbove(mark: Mark | null, ancestor: Mark): Mark | null {
  if (!mark || mark.number <= ancestor.number) return mark;
  return ancestor.number < 0 ? null : ancestor;
}

function later(a: Mark | null, b: Mark | null): Mark | null {
  if (!a || !b) return a ?? b;
  return b.number > a.number ? b : a;
}
