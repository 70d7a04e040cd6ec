import { AppError, messageOf } from '../../schema/appError';
import { fetchRange } from '../ranges/fetchRange';
import { failureText } from '../ranges/rangeFailure';
import type { BlockRange, Tip } from '../store/blockRange';
import { type Checkpoint, noteError, noteHead } from '../store/checkpoint';
import { deferIndexes, FEW_EVENTS } from '../store/deferredIndexes';
import { dropMisfits, withoutSegment } from '../store/segments';
import type { StoredRun } from '../store/storedHistory';
import type { EventRate } from './eventRate';
import type { ChainFollower, Step } from './follower';
import { pause } from './pause';
import { historyEndOf } from './planNext';
import { reorgStep } from './reorgStep';

/** A history of so many is worth deferring indexes for. */
const LONG_HISTORY_EVENTS = 5_000;
/** How often jobs are made again that a lost queue may have forgotten. */
const ENSURE_JOBS_MS = 2_000;
const SEGMENT_POLL_MS = 25;

/** The next stored ranges, as soon as there are any; those that are missing are asked for. */
export async function historyStep(
  follower: ChainFollower,
  checkpoint: Checkpoint,
  tip: Tip,
  rate: EventRate,
  ranges: { fromBlock: number; toBlock: number }[],
): Promise<Step | 'elsewhere' | undefined> {
  const { chain, source, contracts, leadership, signal, log } = follower;
  const next = ranges[0] as { fromBlock: number; toBlock: number };
  const missing = () => withoutSegment(leadership.client, chain.chainId, ranges);
  let ensuredAt: number | undefined;
  let seen = tip;
  let said = '';
  while (!signal.aborted) {
    const run = await follower.history.take(next.fromBlock, historyEndOf(seen));
    if (run && !(await isOnChain(follower, run))) {
      await forgetFrom(follower, next.fromBlock);
      // Not left to whoever stored it: the endpoint that it asks may stand on a fork of its own.
      const own = await fetchRange(source, contracts.addresses, next.fromBlock, next.toBlock);
      if (checkpoint.indexed && own.parentHash !== checkpoint.indexed.hash) return reorgStep(follower, checkpoint, tip);
      return { ranges: [own], stored: false };
    }
    if (run) {
      const { ranges, batch } = run;
      if (!checkpoint.indexed || ranges[0]?.parentHash === checkpoint.indexed.hash) {
        follower.history.readAhead((ranges.at(-1) as BlockRange).toBlock + 1, historyEndOf(seen));
        const isLong = expectedEvents(run, chain.startBlock, tip) >= LONG_HISTORY_EVENTS;
        if (isLong && rate.total < FEW_EVENTS) await deferIndexes(leadership.client);
        fetchMeanwhile(follower, await missing());
        return { ranges, batch, stored: true };
      }
      // Ours may be a fork that was left behind while we were away: it goes like any other.
      await forgetFrom(follower, next.fromBlock);
      return reorgStep(follower, checkpoint, tip);
    }
    // A repair, or a halt, is for now, not for when the next range can be had.
    if (follower.repairs.isWaiting) return 'elsewhere';
    if (ensuredAt === undefined || performance.now() - ensuredAt > ENSURE_JOBS_MS) {
      // A node that went away meanwhile is said at once, and the head goes on.
      if (ensuredAt !== undefined) seen = await source.tip();
      // Finality that was said too high once, or of another fork, is not waited for.
      if (next.toBlock > historyEndOf(seen)) return 'elsewhere';
      await noteHead(leadership.client, chain.chainId, seen, rate.perSecond());
      await dropMisfits(leadership.client, chain.chainId, next.fromBlock, historyEndOf(seen));
      await follower.ranges.ensure(await missing());
      const failure = await follower.ranges.failureAt(next.fromBlock);
      const text = failure && failureText(failure);
      if (text && text !== said) {
        log.warn({ chain: chain.chainId }, text);
        await noteError(leadership.client, chain.chainId, text);
        said = text;
      }
      ensuredAt = performance.now();
    }
    await pause(SEGMENT_POLL_MS, signal);
  }
  return undefined;
}

/**
 * Ranges are stored as they are fetched, which can be long before they are applied: by a worker whose node called too much
 * final, or ahead of a repair. What is applied as final must end on the chain that the node shows now.
 */
async function isOnChain({ source, chain, log }: ChainFollower, { ranges }: StoredRun): Promise<boolean> {
  const { last, toBlock } = ranges.at(-1) as BlockRange;
  const [header] = await source.headers([toBlock]);
  // Nothing is thrown away at the word of a node that lags, or doesn't keep blocks that old: it couldn't give them again.
  if (!header) throw new AppError('RETRY', `the endpoint has no block ${toBlock}, whose range is stored and waits`);
  if (header.hash === last.hash) return true;
  log.warn(
    { chain: chain.chainId, toBlock, hash: last.hash },
    "stored blocks that the node's chain doesn't hold are fetched again",
  );
  return false;
}

async function forgetFrom({ history, leadership, chain }: ChainFollower, fromBlock: number): Promise<void> {
  history.forget();
  await leadership.client.query('delete from segment where chain_id = $1 and from_block >= $2', [
    chain.chainId,
    fromBlock,
  ]);
}

/** Of the whole history, if it is all like this part of it. */
function expectedEvents({ ranges, batch }: StoredRun, startBlock: number, tip: Tip): number {
  const [first, last] = [ranges[0] as BlockRange, ranges.at(-1) as BlockRange];
  return (batch.events / (last.toBlock - first.fromBlock + 1)) * (historyEndOf(tip) - startBlock + 1);
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
