import { setTimeout as delay } from 'node:timers/promises';
import { rangeQueueName } from '../indexer/ranges/rangeQueue';
import { messageOf } from '../schema/appError';
import type { NetworkFile } from '../schema/networkFile';
import type { Closable, Program } from './lifecycle';
import type { Store } from './store';

/** A worker that is started together with the indexer has so long to show up. */
const LOOK_MS = 3_000;

/**
 * An indexer without a worker would wait for history without end: while no worker process serves its queues, it does
 * their work itself. It doesn't from the beginning, because fetching would take the time that its commits need.
 */
export function standIn(program: Program, store: Store, network: NetworkFile): Closable {
  const closing = new AbortController();
  const queues = network.chains.map((chain) => store.queues.queue(rangeQueueName(chain)));

  async function untilAlone(): Promise<void> {
    for (;;) {
      await delay(LOOK_MS, undefined, { signal: closing.signal });
      const counts = await Promise.all(queues.map((queue) => queue.getWorkersCount()));
      if (counts.includes(0)) return;
    }
  }

  const watch = async (): Promise<void> => {
    await untilAlone();
    if (closing.signal.aborted) return;
    program.log.info('No worker process runs: fetching here');
    // Loaded only when it is wanted: an indexer's start waits for what it loads.
    const { openWorkers } = await import('./openWorkers.js');
    await openWorkers(program, store, network);
  };
  const watching = (async () => {
    while (!closing.signal.aborted) {
      try {
        return await watch();
      } catch (error) {
        if (closing.signal.aborted) return;
        program.log.warn(`Whether a worker process runs is not known: ${messageOf(error)}`);
      }
    }
  })();
  return {
    async close() {
      closing.abort();
      await watching;
    },
  };
}
