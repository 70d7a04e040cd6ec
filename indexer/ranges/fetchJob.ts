import { AppError, messageOf } from '../../schema/appError';
import { afterAttempt, blocksToTry } from './rangeFailure';
import type { RangeJob } from './rangeQueue';

/** What a job is and where it keeps why it failed; BullMQ's Job has this shape. */
export interface FetchableJob {
  data: RangeJob;
  updateData(data: RangeJob): Promise<void>;
}

export interface JobFetcher<Piece extends { toBlock: number }> {
  /** The first blocks of the job that aren't stored; undefined when all are. */
  gap(): Promise<{ fromBlock: number; toBlock: number } | undefined>;
  /** These blocks, or the first of them. */
  fetch(fromBlock: number, toBlock: number): Promise<Piece>;
  /** @returns whether the job is still wanted */
  store(piece: Piece): Promise<boolean>;
  /** Whether the node answers at all. */
  nodeAnswers(): Promise<boolean>;
}

/** A piece on its way. */
interface Fetching<Piece> {
  fromBlock: number;
  toBlock: number;
  piece: Promise<Piece>;
}

/**
 * Fetches a job piece by piece, each while the one before is stored; what is stored stays. Where a piece fails, each
 * further attempt asks for fewer blocks, until the ones that can't be had stand alone; behind them the pieces grow again.
 * Ends early where nobody wants the blocks any more.
 * @throws what the piece threw, when the job knows of it
 */
export async function fetchJob<Piece extends { toBlock: number }>(
  job: FetchableJob,
  fetcher: JobFetcher<Piece>,
): Promise<void> {
  let most = blocksToTry(job.data.failure);
  const begin = (fromBlock: number, toBlock: number): Fetching<Piece> => {
    const end = Math.min(toBlock, fromBlock + most - 1);
    most *= 2;
    const piece = fetcher.fetch(fromBlock, end);
    // One that is not wanted after all may fail unheard.
    piece.catch(() => undefined);
    return { fromBlock, toBlock: end, piece };
  };
  let ahead: Fetching<Piece> | undefined;
  for (;;) {
    const gap = await fetcher.gap();
    if (!gap) return;
    const isAhead = ahead?.fromBlock === gap.fromBlock && ahead.toBlock <= gap.toBlock;
    const { fromBlock, toBlock, piece } = ahead && isAhead ? ahead : begin(gap.fromBlock, gap.toBlock);
    try {
      const fetched = await piece;
      ahead = fetched.toBlock < gap.toBlock ? begin(fetched.toBlock + 1, gap.toBlock) : undefined;
      if (!(await fetcher.store(fetched))) return;
    } catch (error) {
      const blocks = toBlock - fromBlock + 1;
      // Of a node or a database that is gone smaller pieces would be no better, only more.
      const isolates = error instanceof AppError && (await fetcher.nodeAnswers());
      const failed = { fromBlock, blocks, isolates, reason: messageOf(error), atMs: Date.now() };
      await job.updateData({ ...job.data, failure: afterAttempt(job.data.failure, failed) }).catch(() => undefined);
      throw error;
    }
  }
}
