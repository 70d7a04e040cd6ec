import { createHash } from 'node:crypto';
import type { Queue } from 'bullmq';
import type { JobProcessor, Queues } from '../../db/queue';
import { inOrder } from '../../schema/contractSet';
import type { ChainConfig } from '../../schema/networkFile';
import { type RangeFailure, retryDelayMs } from './rangeFailure';

export interface RangeJob {
  chainId: number;
  fromBlock: number;
  toBlock: number;
  /** While it is tried again. */
  failure?: RangeFailure;
}

export type RangedChain = Pick<ChainConfig, 'chainId' | 'contracts'>;

/**
 * A queue per chain, so that a slow chain doesn't hold up another, and for these contracts alone: a worker whose network
 * file has others may not store what it fetches.
 */
export function rangeQueueName({ chainId, contracts }: RangedChain): string {
  const listed = inOrder(contracts).map(({ profile, contract, address, startBlock }) => [
    profile,
    contract,
    address,
    startBlock,
  ]);
  const digest = createHash('sha256').update(JSON.stringify(listed)).digest('hex');
  return `ranges-${chainId}-${digest.slice(0, 16)}`;
}

/** Blocks per range of history where the network file doesn't limit it. */
const RANGE_BLOCKS = 1_000;
/** A job ends when its blocks are stored: BullMQ has no "for ever", so a number that no job lives to see. */
const ATTEMPTS = 1_000_000_000;

/** Range jobs of one chain and its contracts. The segments in the database are the truth; a lost queue is filled again. */
export class RangeQueue {
  /** The grid that ranges stand on: none holds blocks of two of its cells. */
  readonly rangeBlocks: number;
  private readonly chainId: number;
  private readonly queue: Queue<RangeJob, void, string>;

  constructor(queues: Queues, chain: RangedChain & Pick<ChainConfig, 'maxLogsRange'>) {
    this.chainId = chain.chainId;
    this.rangeBlocks = chain.maxLogsRange ?? RANGE_BLOCKS;
    this.queue = queues.queue<RangeJob>(rangeQueueName(chain), {
      attempts: ATTEMPTS,
      backoff: { type: 'range' },
      removeOnComplete: true,
      // One that was given up for whatever reason would keep its id, and history would stand still for good.
      removeOnFail: true,
    });
  }

  /** Makes sure that there is a job for each range. */
  async ensure(ranges: readonly { fromBlock: number; toBlock: number }[]): Promise<void> {
    if (ranges.length === 0) return;
    await this.queue.addBulk(
      ranges.map(({ fromBlock, toBlock }) => ({
        name: 'range',
        data: { chainId: this.chainId, fromBlock, toBlock },
        opts: { jobId: this.jobIdAt(fromBlock) },
      })),
    );
  }

  /** Why the job that holds this block is tried again; undefined where it isn't. */
  async failureAt(block: number): Promise<RangeFailure | undefined> {
    const failure = (await this.queue.getJob(this.jobIdAt(block)))?.data.failure;
    // Pieces before the one that failed may still be waiting to be applied.
    return failure && failure.fromBlock <= block ? failure : undefined;
  }

  /** One job for a cell of the grid, however much of it was stored when the job was made. */
  private jobIdAt(block: number): string {
    return `${this.rangeBlocks}-${Math.floor(block / this.rangeBlocks)}`;
  }
}

/**
 * A kill -9 shows as a pause of the applier: another worker takes the job up within lockDuration + stalledInterval. A
 * worker that lives renews its lock when half of it is over, so its event loop may stand still for 2.5 s; one that
 * stands longer loses the job to another, which costs a second fetch and nothing else.
 */
const lock = { lockDuration: 5_000, stalledInterval: 1_000 };

/** Works off the range jobs of one chain; a job that throws is tried again for ever (retryDelayMs). */
export function rangeWorker(
  queues: Queues,
  chain: RangedChain,
  processor: JobProcessor<RangeJob>,
  concurrency: number,
) {
  return queues.worker<RangeJob>(rangeQueueName(chain), processor, {
    concurrency,
    ...lock,
    settings: {
      // Without a failure of its own the queue was lost between the attempt and its note.
      backoffStrategy: (attempts, _type, _error, job) =>
        retryDelayMs((job?.data as RangeJob | undefined)?.failure ?? { attempts, isolates: false }, Math.random()),
    },
  });
}
