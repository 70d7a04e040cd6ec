import type { ClientBase } from 'pg';
import type { ContractSet } from '../../schema/contractSet';
import { firstPositionOf } from '../../schema/position';
import { backRewards, rewardTables } from './backRewards';
import type { BlockRange, Header, Tip, Verified } from './blockRange';
import { appendChanges, type Change } from './changes';
import {
  type Checkpoint,
  forgetHeaders,
  type Mark,
  moveCheckpoint,
  readCheckpoint,
  readHeaderHashes,
  writeHeaders,
} from './checkpoint';
import { type ColumnTypes, readColumnTypes } from './columnTypes';
import { addRows, type TableRows } from './copyRows';
import { refreshDerived } from './derivedRows';
import { type EventTypeIds, FactBatch } from './factBatch';
import { type FactTableName, factTables } from './factTables';
import { planByCostOnce } from './planByKey';
import { type Known, readKnown } from './readKnown';
import { rewindTo } from './rewind';
import type { RowBuffer } from './rowBuffer';
import { addSegment, bytesOf, packSegment } from './segments';
import { Together } from './together';
import { UnprovenBlock } from './unprovenBlock';

/** By table. */
type Rows = Partial<Record<string, RowBuffer>>;

export interface Commit {
  chainId: number;
  contracts: ContractSet;
  eventTypeIds: EventTypeIds;
  /** The leader's epoch. */
  epoch: bigint;
  /** As it was read under the same lead, since when nothing was committed; read again if left out. */
  before?: Checkpoint;
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
 * @throws AppError STOP when another leader took over; UnprovenBlock when a block is not what its proof says
 */
export async function commitRanges(client: ClientBase, commit: Commit): Promise<number> {
  const together = new Together();
  try {
    return await writeCommit(client, together, commit);
  } catch (error) {
    together.abandon();
    // A broken connection has rolled back by itself; the first error is the one that matters.
    await client.query('rollback').catch(() => undefined);
    throw await whatWasWrong(commit.ranges, error);
  }
}

/** Rows that nobody proved yet may be ones that the tables refuse: then the node is to blame, not the database. */
async function whatWasWrong(ranges: readonly BlockRange[], error: unknown): Promise<unknown> {
  try {
    await prove(ranges);
    return error;
  } catch (unproven) {
    return unproven;
  }
}

/** @throws UnprovenBlock */
async function prove(ranges: readonly BlockRange[]): Promise<void> {
  for (const { proof, last } of ranges) {
    if (proof && !(await proof())) throw new UnprovenBlock(last);
  }
}

async function writeCommit(client: ClientBase, together: Together, commit: Commit): Promise<number> {
  const { chainId, ranges, tip } = commit;
  // What a reorg takes away is asked for and taken step by step.
  if (commit.ancestor) {
    await client.query('begin');
    await planByCostOnce(client);
  } else together.add('begin', []);
  const before = commit.before ?? (await readCheckpoint(client, chainId));
  const changes: Change[] = [];
  let { indexed, safe, finalized: wasFinalized } = before;
  if (commit.ancestor) {
    changes.push(...(await rewindTo(client, chainId, commit.ancestor, commit.repairKeepsTo)));
    indexed = commit.ancestor;
    safe = notAbove(safe, indexed);
    wasFinalized = notAbove(wasFinalized, indexed);
  }
  const last = ranges.at(-1)?.last;
  if (last) indexed = { number: last.number, hash: last.hash, timestamp: last.timestamp };
  if (!indexed) return 0;
  const batch = commit.batch ?? batchOf(commit, await readColumnTypes(client));
  // Compressed by another thread, while the facts are written.
  const segments = Promise.all(commit.storeSegments ? ranges.map(packSegment) : []);
  segments.catch(() => undefined);
  together.start(client);
  const asked = ourMarks(together, commit, indexed);
  // Nobody waits for it any more where what comes before it fails.
  asked.catch(() => undefined);
  await writeFacts(together, chainId, ranges, batch);
  changes.push(...appliedBlocks(ranges, batch));

  const marks = await asked;
  const [newSafe, finalized] = [later(safe, marks.safe), later(wasFinalized, marks.finalized)];
  for (const [op, from, to] of [
    ['safe', safe, newSafe],
    ['finalized', wasFinalized, finalized],
  ] as const) {
    if (to && to.number > (from?.number ?? -1)) {
      changes.push({ op, count: null, fromBlock: from ? from.number + 1 : 0, block: to });
    }
  }
  writeHeaders(together, chainId, unfinalizedHeaders(ranges, finalized));
  if (finalized) forgetHeaders(together, chainId, finalized.number);
  for (const segment of await segments) addSegment(together, chainId, segment);
  moveCheckpoint(together, chainId, commit.epoch, {
    indexed,
    safe: newSafe,
    finalized,
    head: tip.head.number >= indexed.number ? tip.head : indexed,
    eventsPerSecond: commit.eventsPerSecond,
    verified: commit.verified,
  });
  appendChanges(together, chainId, changes);
  // While Postgres is at work.
  await prove(ranges);
  together.add('commit', []);
  await together.send(client);
  return batch.events;
}

function batchOf({ chainId, contracts, eventTypeIds, ranges }: Commit, columnTypes: ColumnTypes): FactBatch {
  const batch = new FactBatch({ chainId, contracts, eventTypeIds, columnTypes });
  for (const { logs } of ranges) for (const log of logs) batch.addLog(log);
  return batch;
}

async function writeFacts(
  together: Together,
  chainId: number,
  ranges: readonly BlockRange[],
  batch: FactBatch,
): Promise<void> {
  const fromBlock = ranges[0]?.fromBlock;
  if (fromBlock === undefined) return;
  batch.end();
  const known = batch.rows.size > 0 ? await copyFacts(together, chainId, batch) : undefined;
  writeBlocks(together, chainId, ranges, batch.eventsPerBlock);
  batch.metadata.write(together, chainId);
  refreshDerived(
    together,
    chainId,
    firstPositionOf(fromBlock),
    new Set(batch.rows.keys()),
    batch.touched,
    known?.waiting ?? [],
  );
}

/** The rows that depend on what the tables hold already are completed while Postgres takes the others. */
async function copyFacts(together: Together, chainId: number, batch: FactBatch): Promise<Known> {
  const asked = readKnown(together, chainId, batch);
  addRows(
    together,
    tablesOf(batch, Object.fromEntries(batch.rows), (name) => !dependsOnTables(name)),
  );
  const known = await asked;
  addRows(together, tablesOf(batch, completeRows(batch, known), dependsOnTables));
  return known;
}

/** The first row of a key stays, and a reward's parts come of what its pool held before. */
function dependsOnTables(name: string): boolean {
  return name in rewardTables || name === 'reward' || factTables[name as FactTableName].firstOf;
}

function completeRows(batch: FactBatch, { funding, newAccounts }: Known): Rows {
  batch.accounts.writeRows(batch.rowsOf('account'), newAccounts);
  const rewardRows = backRewards(batch.rewards, batch.creations, funding, batch.rowsOf('reward'));
  return { ...Object.fromEntries(batch.rows), ...rewardRows };
}

function tablesOf(batch: FactBatch, all: Rows, isWanted: (name: string) => boolean): TableRows[] {
  return Object.entries({ ...factTables, ...rewardTables }).flatMap(([name, table]) => {
    const rows = all[name];
    return isWanted(name) && rows && rows.rows > 0 ? [{ name, table, rows, allNew: batch.isAllNew(name) }] : [];
  });
}

function writeBlocks(
  together: Together,
  chainId: number,
  ranges: readonly BlockRange[],
  eventsPerBlock: ReadonlyMap<number, number>,
): void {
  const withLogs = ranges.flatMap(({ headers }) => headers.filter(({ number }) => eventsPerBlock.has(number)));
  if (withLogs.length === 0) return;
  together.add(
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

function unfinalizedHeaders(ranges: readonly BlockRange[], finalized: Mark | null): Header[] {
  return ranges.flatMap(({ headers }) => headers.filter(({ number }) => number >= (finalized?.number ?? 0)));
}

/**
 * What safe and finalized of the node mean for us: a mark holds as far as we are indexed. One of another fork, which a
 * reorg between two calls can bring, means nothing: a status must not name a block that the rows don't hold.
 */
async function ourMarks(
  together: Together,
  { chainId, ranges, tip }: Commit,
  indexed: Mark,
): Promise<Record<'safe' | 'finalized', Mark | null>> {
  const asFarAsIndexed = (mark: Mark | undefined) => (mark && mark.number > indexed.number ? indexed : mark);
  const [safe, finalized] = [asFarAsIndexed(tip.safe), asFarAsIndexed(tip.finalized)];
  const fetched = new Map(ranges.flatMap(({ headers }) => headers.map(({ number, hash }) => [number, hash] as const)));
  const others = [safe, finalized].flatMap((mark) => (mark && !fetched.has(mark.number) ? [mark.number] : []));
  const kept = await readHeaderHashes(together, chainId, others);
  const ours = (mark: Mark | undefined) => {
    const hash = mark && (fetched.get(mark.number) ?? kept.get(mark.number) ?? mark.hash);
    return mark && hash === mark.hash ? mark : null;
  };
  return { safe: ours(safe), finalized: ours(finalized) };
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
