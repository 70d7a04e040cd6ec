import { openQueues, type QueueConnection, type Queues } from '../db/queue';
import { describeFailure } from '../indexer/ranges/rangeFailure';
import { type RangedChain, type RangeJob, rangeQueueName } from '../indexer/ranges/rangeQueue';
import { messageOf } from '../schema/appError';
import type { ChainConfig } from '../schema/networkFile';
import type { Say } from './doctor';

type NamedChain = RangedChain & Pick<ChainConfig, 'name'>;

/** Jobs of one chain that are looked at; an indexer asks for sixteen ranges ahead. */
const MOST_JOBS = 100;

/** Whether the queue answers, and of each chain what is still to be fetched and what can't be. */
export async function examineQueue(
  connection: QueueConnection,
  chains: readonly NamedChain[],
  say: Say,
): Promise<void> {
  let queues: Queues | undefined;
  try {
    queues = await openQueues(connection);
    await queues.queue('doctor').getJobCounts();
    say('ok', 'queue', `on ${queues.store}, answers`);
    for (const chain of chains) await examineRanges(queues, chain, say);
  } catch (error) {
    say('wrong', 'queue', messageOf(error), connection.redisUrl ? 'start Redis, or correct REDIS_URL' : undefined);
  } finally {
    await queues?.close();
  }
}

async function examineRanges(queues: Queues, chain: NamedChain, say: Say): Promise<void> {
  const queue = queues.queue<RangeJob>(rangeQueueName(chain));
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed');
  const { waiting = 0, active = 0, delayed = 0 } = counts;
  const workers = await queue.getWorkersCount();
  const about = `${chain.name} ranges`;
  const detail = `${waiting} waiting, ${active} being fetched, ${delayed} to be tried again; ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  if (waiting > 0 && workers === 0) say('warning', about, detail, 'npm run worker, on any number of machines');
  else say('ok', about, detail);
  const jobs = await queue.getJobs(['active', 'waiting', 'delayed'], 0, MOST_JOBS - 1);
  const failing = jobs.flatMap((job) => job?.data.failure ?? []).sort((a, b) => a.fromBlock - b.fromBlock);
  for (const failure of failing) {
    say('warning', about, describeFailure(failure), 'look at the endpoint, or add another that has these blocks');
  }
}
