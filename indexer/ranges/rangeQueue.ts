import type { Queue } from 'bullmq';
import type { Queues } from '../../db/queue';

export interface RangeJob {
  chainId: number;
  fromBlock: number;
  toBlock: number;
}

/** A queue per chain, so that a slow chain doesn't hold up another. */
export function rangeQueueName(chainId: number): string {
  return `ranges-${chainId}`;
}

/** Within eight seconds: after that the status says why history stands still. */
const ATTEMPTS = 6;

/** Range jobs of one chain. The segments in the database are the truth; a lost queue is filled again. */
export class RangeQueue {
  private readonly queue: Queue<RangeJob, void, string>;

  constructor(
    queues: Queues,
    private readonly chainId: number,
  ) {
    this.queue = queues.queue<RangeJob>(rangeQueueName(chainId), {
      attempts: ATTEMPTS,
      backoff: { type: 'exponential', delay: 250, jitter: 0.5 },
      removeOnComplete: true,
    });
  }

  /**
   * Makes sure that there is a job for each range.
   * @returns what failed for good in the last round: it is queued again, and said
   */
  async ensure(ranges: readonly { fromBlock: number; toBlock: number }[]): Promise<string[]> {
    const failures: string[] = [];
    for (const { fromBlock, toBlock } of ranges) {
      const jobId = `${fromBlock}-${toBlock}`;
      const failed = await this.failedJob(jobId);
      if (failed) {
        failures.push(`blocks ${fromBlock} to ${toBlock} failed ${ATTEMPTS} times, last: ${failed.reason}`);
        await failed.remove();
      }
      await this.queue.add('range', { chainId: this.chainId, fromBlock, toBlock }, { jobId });
    }
    return failures;
  }

  private async failedJob(jobId: string) {
    const job = await this.queue.getJob(jobId);
    if (!job || !(await job.isFailed())) return undefined;
    return { reason: job.failedReason, remove: () => job.remove() };
  }
}
