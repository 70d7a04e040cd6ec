import { isDeepStrictEqual } from 'node:util';
import { DatabaseError } from 'pg';
import { AppError, messageOf } from '../../schema/appError';
import { type Header, levelWanted, type Tip } from '../store/blockRange';
import { type Checkpoint, noteError, noteHead, noteWarnings, readCheckpoint } from '../store/checkpoint';
import { commitRanges } from '../store/commit';
import { buildIndexes } from '../store/deferredIndexes';
import { planByCost, planByKey } from '../store/planByKey';
import { holdsSegment } from '../store/segments';
import { Statistics } from '../store/statistics';
import { UnprovenBlock } from '../store/unprovenBlock';
import type { Repair } from '../verify/repairs';
import type { SealedHeader } from '../verify/sealedHeader';
import { CatchUp } from './catchUp';
import { collectYoung } from './collectYoung';
import { EventRate } from './eventRate';
import { fetchBlocks } from './fetchBlocks';
import { type ChainFollower, FOLLOW_BLOCKS, type Step } from './follower';
import { historyStep } from './historyStep';
import { pause } from './pause';
import { HISTORY_DEPTH, historyEndOf, type Plan, planNext } from './planNext';
import { ourHeadIsGone, reorgStep } from './reorgStep';

const RANGES_AHEAD = 16;
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
  const { chain, source, contracts, leadership, log, signal } = follower;
  const { client } = leadership;
  const rate = new EventRate();
  const statistics = new Statistics(follower.pool);
  const meanwhile = (made: Promise<void>) => {
    made.catch((error) => log.debug({ chain: chain.chainId, err: messageOf(error) }, 'statistics are made later'));
  };
  let retryMs = FIRST_RETRY_MS;
  let said: string[] | undefined;
  const catchUp = new CatchUp();
  let indexesMayWait = true;
  await planByCost(client);
  let plansByKey = false;
  let provesLater = true;
  let collected = 0;
  while (!signal.aborted) {
    try {
      said = await sayWarnings(follower, said);
      if (!indexesMayWait) source.foresee(contracts.addresses);
      const [checkpoint, tip] = await Promise.all([readCheckpoint(client, chain.chainId), source.tip()]);
      if (await follower.repairs.take((repair) => commitRepair(follower, repair, checkpoint, tip, rate))) continue;
      const plan = planOf(follower, checkpoint, tip);
      if (catchUp.includes(plan, tip)) indexesMayWait = true;
      else if (indexesMayWait) {
        await buildIndexes(client, follower.pool, () => noteHead(client, chain.chainId, tip, rate.perSecond()));
        indexesMayWait = false;
      }
      if (plansByKey === indexesMayWait) {
        await (plansByKey ? planByCost(client) : planByKey(client));
        plansByKey = !plansByKey;
      }
      const step = await stepOf(follower, plan, checkpoint, tip, rate, provesLater);
      if (signal.aborted) return;
      if (step && step !== 'elsewhere' && !step.ancestor) fetchOnwards(follower, step, tip);
      else {
        follower.ahead.forget();
        catchUp.stumble();
      }
      if (step === 'elsewhere') {
        // What the endpoint said of head and finality is of its fork.
        await follower.nextHead();
      } else if (step) {
        await commitStep(follower, step, checkpoint, tip, rate);
        if (plan.kind === 'history') meanwhile(statistics.keepUpWithHistory(rate.total));
      } else {
        await noteHead(client, chain.chainId, tip, rate.perSecond());
        await finalizeOnly(follower, checkpoint, tip, rate);
        await noteError(client, chain.chainId, null);
        const head = follower.nextHead();
        meanwhile(statistics.keepUp(rate.total, head));
        if (rate.total > collected) collectYoung();
        collected = rate.total;
        await head;
      }
      retryMs = FIRST_RETRY_MS;
    } catch (error) {
      if (signal.aborted) return;
      follower.ahead.forget();
      catchUp.stumble();
      if (error instanceof UnprovenBlock) {
        // It may lie, or be of a kind that can't be proven: that is found out before anything is written, from now on.
        provesLater = false;
        continue;
      }
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

function planOf({ chain, ranges }: ChainFollower, { indexed }: Checkpoint, tip: Tip): Plan {
  return planNext({
    startBlock: chain.startBlock,
    indexedNumber: indexed?.number ?? null,
    tip,
    rangeBlocks: ranges.rangeBlocks,
    rangesAhead: RANGES_AHEAD,
    followBlocks: FOLLOW_BLOCKS,
  });
}

/**
 * What is near the head is fetched while the step is written, and so it is while the last commits of history are, as soon
 * as nothing of it is to be fetched any more: node and indexer have little to do then.
 */
function fetchOnwards({ ahead, history }: ChainFollower, { ranges }: Step, tip: Tip): void {
  const next = (ranges.at(-1)?.toBlock ?? tip.head.number) + 1;
  if (ahead.reaches(next)) return;
  const end = historyEndOf(tip);
  const from = Math.max(next, end + 1);
  if (from > tip.head.number) ahead.forget();
  else ahead.begin(from, tip.head.number, next <= end ? () => history.isNearEnd(next, end) : undefined);
}

async function stepOf(
  follower: ChainFollower,
  plan: Plan,
  checkpoint: Checkpoint,
  tip: Tip & { head: SealedHeader },
  rate: EventRate,
  provesLater: boolean,
): Promise<Step | 'elsewhere' | undefined> {
  const { source, contracts, ahead } = follower;
  if (plan.kind === 'idle')
    return (await ourHeadIsGone(follower, checkpoint, tip)) ? reorgStep(follower, checkpoint, tip) : undefined;
  // As history, too, where they became final meanwhile.
  const run = await ahead.take(plan.kind === 'history' ? (plan.ranges[0]?.fromBlock as number) : plan.fromBlock);
  if (run && (!checkpoint.indexed || run.ranges[0]?.parentHash === checkpoint.indexed.hash)) {
    return { ...run, stored: false };
  }
  if (plan.kind === 'history') return historyStep(follower, checkpoint, tip, rate, plan.ranges);
  const range = await fetchBlocks(source, contracts.addresses, plan.fromBlock, plan.toBlock, {
    tip: tip.head,
    provesLater,
  });
  if (!range) {
    // It says a head and doesn't have the block below: one that lags behind another at the same address, or worse.
    source.turnFrom(source.inUse);
    return undefined;
  }
  if (checkpoint.indexed && range.parentHash !== checkpoint.indexed.hash) return reorgStep(follower, checkpoint, tip);
  return { ranges: [range], stored: false };
}

async function commitStep(
  follower: ChainFollower,
  step: Step,
  before: Checkpoint,
  tip: Tip,
  rate: EventRate,
): Promise<void> {
  const { chain, contracts, eventTypeIds, leadership } = follower;
  // What was read ahead of the fork's own ranges goes with it.
  if (step.ancestor) {
    follower.history.forget();
    follower.ahead.forget();
  }
  const events = await commitRanges(leadership.client, {
    chainId: chain.chainId,
    contracts,
    eventTypeIds,
    epoch: leadership.epoch,
    before,
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
  checkpoint: Checkpoint,
  tip: Tip,
  rate: EventRate,
): Promise<void> {
  const { indexed, finalized } = checkpoint;
  // Taken away meanwhile: it is found again, if it is stored again.
  if (!indexed || indexed.number < range.toBlock) return;
  if (!(await holdsSegment(follower.leadership.client, follower.chain.chainId, range))) return;
  follower.history.forget();
  const repairKeepsTo = finalized?.number ?? indexed.number - HISTORY_DEPTH;
  await commitStep(follower, { ancestor, ranges: [range], stored: false, repairKeepsTo }, checkpoint, tip, rate);
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
    await commitStep(follower, { ranges: [], stored: true }, checkpoint, tip, rate);
  }
}

/** Another leader wrote: this one must not go on. */
function isLost(error: AppError): boolean {
  return error.code === 'STOP' && error.message.startsWith('another indexer leads');
}
