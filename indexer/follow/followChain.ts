import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { DatabaseError } from 'pg';
import type { Logger } from 'pino';
import { AppError, messageOf } from '../../schema/appError';
import type { ContractSet } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import { failureText } from '../ranges/rangeFailure';
import type { RangeQueue } from '../ranges/rangeQueue';
import type { ChainSource } from '../rpc/chainSource';
import { type BlockRange, type Header, levelWanted, type Tip } from '../store/blockRange';
import {
  type Checkpoint,
  noteError,
  noteHead,
  noteWarnings,
  readCheckpoint,
  readHeaderHash,
  readHeaders,
} from '../store/checkpoint';
import { commitRanges } from '../store/commit';
import { buildIndexes, deferIndexes } from '../store/deferredIndexes';
import type { EventTypeIds, FactBatch } from '../store/factBatch';
import type { Leadership } from '../store/leadership';
import { withoutSegment } from '../store/segments';
import type { StoredHistory } from '../store/storedHistory';
import type { Repair, Repairs } from '../verify/repairs';
import type { SealedHeader } from '../verify/sealedHeader';
import { agreeToLeave } from './agreeToLeave';
import { EventRate } from './eventRate';
import { fetchBlocks } from './fetchBlocks';
import { findAncestor } from './findAncestor';
import { HISTORY_DEPTH, planNext } from './planNext';

export interface ChainFollower {
  chain: ChainConfig;
  contracts: ContractSet;
  eventTypeIds: EventTypeIds;
  source: ChainSource;
  ranges: RangeQueue;
  history: StoredHistory;
  /** What the audit found wrong in what is stored. */
  repairs: Repairs;
  leadership: Leadership;
  log: Logger;
  /** Ends the loop. */
  signal: AbortSignal;
  /** Resolves when there may be something new: a head announced, or pollMs gone by. */
  nextHead: () => Promise<void>;
}

const RANGES_AHEAD = 16;
/** A first commit of so many is the beginning of a history that is worth deferring indexes for. */
const LONG_HISTORY_EVENTS = 5_000;
const FOLLOW_BLOCKS = 50;
/** How often jobs are made again that a lost queue may have forgotten. */
const ENSURE_JOBS_MS = 2_000;
const SEGMENT_POLL_MS = 25;
/** A chain that moved between two calls has settled at the next; a node that is gone is asked ever more rarely. */
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;
const HALTED_RETRY_MS = 10_000;

/**
 * What a database refuses and may allow later, over the same connection: serialization failures and deadlocks, a full
 * disk or memory, a lock or statement that took too long.
 */
const PASSING = /^(40...|53...|55P03|57014)$/;

/**
 * The loop of the indexer: look at the tip, plan, fetch, check the parent, rewind or go on, commit. Ends when the signal
 * aborts.
 * @throws AppError STOP when another leader took over, or whatever broke the database connection: lead again
 */
export async function followChain(follower: ChainFollower): Promise<void> {
  const { chain, source, leadership, log, signal } = follower;
  const { client } = leadership;
  const rate = new EventRate();
  let retryMs = FIRST_RETRY_MS;
  let said: string[] | undefined;
  while (!signal.aborted) {
    try {
      said = await sayWarnings(follower, said);
      const checkpoint = await readCheckpoint(client, chain.chainId);
      const tip = await source.tip();
      if (await follower.repairs.take((repair) => commitRepair(follower, repair, checkpoint, tip, rate))) continue;
      const step = await stepOf(follower, checkpoint, tip, rate);
      if (signal.aborted) return;
      if (step === 'elsewhere') {
        // What the endpoint said of head and finality is of its fork.
        await follower.nextHead();
      } else if (step) {
        await commitStep(follower, step, tip, rate);
      } else {
        await noteHead(client, chain.chainId, tip, rate.perSecond());
        await finalizeOnly(follower, checkpoint, tip, rate);
        await noteError(client, chain.chainId, null);
        await follower.nextHead();
      }
      retryMs = FIRST_RETRY_MS;
    } catch (error) {
      if (signal.aborted) return;
      const passes = error instanceof DatabaseError && PASSING.test(error.code ?? '');
      if (!passes && (!(error instanceof AppError) || isLost(error))) throw error;
      const reason = passes ? `the database refused a transaction: ${messageOf(error)}` : messageOf(error);
      log.warn({ chain: chain.chainId, err: reason }, 'the chain waits');
      await noteError(client, chain.chainId, reason);
      await pause(passes || error.code === 'RETRY' ? retryMs : HALTED_RETRY_MS, signal);
      retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
    }
  }
}

/** What to commit next: blocks, and where a reorg left our chain. 'elsewhere': nothing, and another endpoint is asked. */
interface Step {
  /** Adjoining, in chain order. */
  ranges: BlockRange[];
  /** Their rows, if worked out already. */
  batch?: FactBatch;
  ancestor?: Header;
  /** From the queue: their segments are stored already. */
  stored: boolean;
  /** A repair of finalized blocks; later segments stay up to here. */
  repairKeepsTo?: number;
}

async function stepOf(
  follower: ChainFollower,
  checkpoint: Checkpoint,
  tip: Tip & { head: SealedHeader },
  rate: EventRate,
): Promise<Step | 'elsewhere' | undefined> {
  const { chain, source, contracts, leadership } = follower;
  const plan = planNext({
    startBlock: chain.startBlock,
    indexedNumber: checkpoint.indexed?.number ?? null,
    tip,
    rangeBlocks: follower.ranges.rangeBlocks,
    rangesAhead: RANGES_AHEAD,
    followBlocks: FOLLOW_BLOCKS,
  });
  if (plan.kind === 'history') return historyStep(follower, checkpoint, tip, rate, plan.ranges);
  await buildIndexes(leadership.client, () => noteHead(leadership.client, chain.chainId, tip, rate.perSecond()));
  if (plan.kind === 'idle')
    return (await ourHeadIsGone(follower, checkpoint, tip)) ? reorgStep(follower, checkpoint, tip) : undefined;
  const range = await fetchBlocks(source, contracts.addresses, plan.fromBlock, plan.toBlock, tip.head);
  if (!range) {
    // It says a head and doesn't have the block below: one that lags behind another at the same address, or worse.
    source.turnFrom(source.inUse);
    return undefined;
  }
  if (checkpoint.indexed && range.parentHash !== checkpoint.indexed.hash) return reorgStep(follower, checkpoint, tip);
  return { ranges: [range], stored: false };
}

async function historyStep(
  follower: ChainFollower,
  checkpoint: Checkpoint,
  tip: Tip,
  rate: EventRate,
  ranges: { fromBlock: number; toBlock: number }[],
): Promise<Step | 'elsewhere' | undefined> {
  const { chain, source, leadership, signal, log } = follower;
  const next = ranges[0] as { fromBlock: number; toBlock: number };
  const missing = () => withoutSegment(leadership.client, chain.chainId, ranges);
  let ensuredAt = 0;
  let said = '';
  while (!signal.aborted) {
    const run = await follower.history.take(next.fromBlock);
    if (run) {
      const { ranges, batch } = run;
      if (!checkpoint.indexed || ranges[0]?.parentHash === checkpoint.indexed.hash) {
        if (batch.events >= LONG_HISTORY_EVENTS) await deferIndexes(leadership.client);
        fetchMeanwhile(follower, await missing());
        follower.history.readAhead((ranges.at(-1) as BlockRange).toBlock + 1);
        return { ranges, batch, stored: true };
      }
      follower.history.forget();
      // Ours may be a fork that was left behind while we were away: it goes like any other.
      await leadership.client.query('delete from segment where chain_id = $1 and from_block >= $2', [
        chain.chainId,
        next.fromBlock,
      ]);
      return reorgStep(follower, checkpoint, tip);
    }
    if (Date.now() - ensuredAt > ENSURE_JOBS_MS) {
      // A node that went away meanwhile is said at once, and the head goes on.
      await noteHead(leadership.client, chain.chainId, ensuredAt === 0 ? tip : await source.tip(), rate.perSecond());
      await follower.ranges.ensure(await missing());
      const failure = await follower.ranges.failureAt(next.fromBlock);
      const text = failure && failureText(failure);
      if (text && text !== said) {
        log.warn({ chain: chain.chainId }, text);
        await noteError(leadership.client, chain.chainId, text);
        said = text;
      }
      ensuredAt = Date.now();
    }
    await pause(SEGMENT_POLL_MS, signal);
  }
  return undefined;
}

/** Without waiting: a queue that is down holds up nothing that is stored already. */
function fetchMeanwhile(
  { chain, ranges, log }: ChainFollower,
  missing: { fromBlock: number; toBlock: number }[],
): void {
  ranges
    .ensure(missing)
    .catch((error) => log.debug({ chain: chain.chainId, err: messageOf(error) }, 'ranges ahead are asked for later'));
}

/** No new block: is our newest one still the node's? A head that went back inside our chain is a node that lags. */
async function ourHeadIsGone(follower: ChainFollower, checkpoint: Checkpoint, tip: Tip): Promise<boolean> {
  const { indexed } = checkpoint;
  if (!indexed) return false;
  const { chain, source } = follower;
  if (tip.head.number < (checkpoint.finalized?.number ?? 0) && checkpoint.genesisHash !== null) {
    const genesis = await source.genesis();
    if (genesis !== undefined && genesis !== checkpoint.genesisHash) {
      throw new AppError(
        'STOP',
        `the node's chain begins with block ${genesis}, ours with ${checkpoint.genesisHash}: this is another chain. The ` +
          'rows stay as they are. Check the endpoints, or index it with an empty database',
      );
    }
  }
  if (tip.head.number === indexed.number) return tip.head.hash !== indexed.hash;
  const ours = await readHeaderHash(follower.leadership.client, chain.chainId, tip.head.number);
  return ours !== undefined && ours !== tip.head.hash;
}

async function reorgStep(follower: ChainFollower, checkpoint: Checkpoint, tip: Tip): Promise<Step | 'elsewhere'> {
  const { chain, source, contracts, leadership, log } = follower;
  const stored = await readHeaders(leadership.client, chain.chainId, checkpoint.finalized?.number ?? 0);
  const ancestor = await findAncestor(stored, (numbers) => source.headers(numbers));
  const gone = ancestor ? stored.filter(({ number }) => number > ancestor.number) : stored;
  const lowest = gone.at(-1);
  if (lowest && !(await agreeToLeave(source, lowest, !ancestor || gone.length > chain.quorumDepth))) {
    log.warn({ chain: chain.chainId, block: lowest.number }, 'an endpoint on a fork of its own is left');
    return 'elsewhere';
  }
  if (!ancestor) {
    throw new AppError(
      'STOP',
      `the node's chain leaves ours below finality (block ${checkpoint.finalized?.number ?? chain.startBlock}). ` +
        'The rows stay as they are. Check the endpoints; if the chain really changed, index it anew with an empty ' +
        'database',
    );
  }
  if (lowest) {
    log.warn({ chain: chain.chainId, ancestor: ancestor.number, indexed: checkpoint.indexed?.number }, 'reorg');
  }
  const toBlock = Math.min(ancestor.number + FOLLOW_BLOCKS, tip.head.number);
  const range =
    toBlock > ancestor.number
      ? await fetchBlocks(source, contracts.addresses, ancestor.number + 1, toBlock)
      : undefined;
  if (range && range.parentHash !== ancestor.hash) {
    throw new AppError('RETRY', `the chain changed again above block ${ancestor.number}`);
  }
  // Nothing goes where our newest block is theirs too, and only what was fetched ahead was of another fork.
  return { ancestor: lowest && ancestor, ranges: range ? [range] : [], stored: false };
}

async function commitStep(follower: ChainFollower, step: Step, tip: Tip, rate: EventRate): Promise<void> {
  const { chain, contracts, eventTypeIds, leadership } = follower;
  // What was read ahead of the fork's own ranges goes with it.
  if (step.ancestor) follower.history.forget();
  const events = await commitRanges(leadership.client, {
    chainId: chain.chainId,
    contracts,
    eventTypeIds,
    epoch: leadership.epoch,
    ancestor: step.ancestor,
    ranges: step.ranges,
    batch: step.batch,
    tip,
    eventsPerSecond: rate.perSecond(),
    storeSegments: !step.stored,
    verified: levelWanted(chain.verify),
    repairKeepsTo: step.repairKeepsTo,
  });
  rate.add(events);
}

/** What was stored of history and isn't what the chain holds; what comes after it is applied again from its segments. */
async function commitRepair(
  follower: ChainFollower,
  { ancestor, range }: Repair,
  { indexed, finalized }: Checkpoint,
  tip: Tip,
  rate: EventRate,
): Promise<void> {
  // Taken away meanwhile: it is found again, if it is stored again.
  if (!indexed || indexed.number < range.toBlock) return;
  follower.history.forget();
  const repairKeepsTo = finalized?.number ?? indexed.number - HISTORY_DEPTH;
  await commitStep(follower, { ancestor, ranges: [range], stored: false, repairKeepsTo }, tip, rate);
}

/** @returns what is said now */
async function sayWarnings(
  { source, leadership, chain }: ChainFollower,
  said: string[] | undefined,
): Promise<string[]> {
  const warnings = source.warnings.list();
  if (!isDeepStrictEqual(warnings, said)) await noteWarnings(leadership.client, chain.chainId, warnings);
  return warnings;
}

/** Safe and finalized move without new blocks of ours, too. */
async function finalizeOnly(follower: ChainFollower, checkpoint: Checkpoint, tip: Tip, rate: EventRate): Promise<void> {
  const { indexed, safe, finalized } = checkpoint;
  if (!indexed) return;
  // A mark above our newest block says nothing of that one: it may be of a fork that was left behind meanwhile.
  const moved = (mark: Header | undefined, before: { number: number } | null) =>
    mark !== undefined && mark.number <= indexed.number && mark.number > (before?.number ?? -1);
  if (moved(tip.safe, safe) || moved(tip.finalized, finalized)) {
    await commitStep(follower, { ranges: [], stored: true }, tip, rate);
  }
}

/** Another leader wrote: this one must not go on. */
function isLost(error: AppError): boolean {
  return error.code === 'STOP' && error.message.startsWith('another indexer leads');
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error) => {
    if (!signal.aborted) throw new Error(messageOf(error));
  });
}
