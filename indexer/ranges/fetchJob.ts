import { AppError, messageOf } from '../../schema/appError';
import { afterAttempt, blocksToTry } from './rangeFailure';
import type { RangeJob } from './rangeQueue';

/** What a job is and where it keeps why it failed; BullMQ's Job has this shape. */
export interface FetchableJob {
  data: RangeJob;
  updateData(data: RangeJob): Promise<void>;
}

export interface JobFetcher {
  /** The first blocks of the job that aren't stored; undefined when all are. */
  gap(): Promise<{ fromBlock: number; toBlock: number } | undefined>;
  /** Stores these blocks, or the first of them. */
  fetchPiece(fromBlock: number, toBlock: number): Promise<void>;
  /** Whether the node answers at all. */
  nodeAnswers(): Promise<boolean>;
}

/**
 * Fetches a job piece by piece; what is stored stays. Where a piece fails, each further attempt asks for fewer
 * blocks, until the ones that can't be had stand alone; behind them the pieces grow again.
 * @throws what the piece threw, when the job knows of it
 */
export async function fetchJob(job: FetchableJob, fetcher: JobFetcher): Promise<void> {
  let most = blocksToTry(job.data.failure);
  for (;;) {
    const gap = await fetcher.gap();
    if (!gap) return;
    const toBlock = Math.min(gap.toBlock, gap.fromBlock + most - 1);
    try {
      await fetcher.fetchPiece(gap.fromBlock, toBlock);
    } catch (error) {
      const blocks = toBlock - gap.fromBlock + 1;
      // Of a node or a database that is gone smaller pieces would be no better, only more.
      const isolates = error instanceof AppError && (await fetcher.nodeAnswers());
      const failed = { fromBlock: gap.fromBlock, blocks, isolates, reason: messageOf(error), atMs: Date.now() };
      await job.updateData({ ...job.data, failure: afterAttempt(job.data.failure, failed) }).catch(() => undefined);
      throw error;
    }
    most *= 2;
  }
}
