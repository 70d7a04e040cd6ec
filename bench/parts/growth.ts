import { setTimeout as delay } from 'node:timers/promises';
import { openStoredChain } from '../chain/openStoredChain';
import { emptyDatabase } from '../database';
import { load, machineLine } from '../machine';
import type { Bench } from '../part';
import { startIndexer } from '../runningIndexer';
import { countEvents } from '../systems/everythingOn';
import { count, printTable } from '../table';

interface Growth {
  events: number;
  seconds: number;
  /** Events a second over the last LAST of them, indexes built at the end not counted. */
  lastRate: number;
  /** Of the indexer and of the worker. */
  peaksMb: readonly (number | undefined)[];
}

/** The part of a history that its last rate is of. */
const LAST = 100_000;
const LOOK_MS = 200;

/** Speed and memory of histories of several lengths, with everything on, served by a node of our own from a file. */
export async function growth(bench: Bench): Promise<void> {
  const measured: Growth[] = [];
  for (const size of bench.options.sizes) measured.push(await measure(bench, size));
  const first = measured[0]!;
  console.log(`\n${machineLine()}, load ${load()}`);
  console.log('growth: cold backfills with everything on, from launch to the last row with every index built\n');
  printTable(
    [
      'events',
      'events/s',
      'time',
      'to the first',
      `events/s of the last ${count(LAST)}`,
      'to the first',
      'peak: indexer',
      'worker',
    ],
    measured.map(({ events, seconds, lastRate, peaksMb }) => [
      count(events),
      count(events / seconds),
      `${seconds.toFixed(1)} s`,
      `${Math.round((events / seconds / (first.events / first.seconds)) * 100)}%`,
      count(lastRate),
      `${Math.round((lastRate / first.lastRate) * 100)}%`,
      ...peaksMb.map((peak) => (peak === undefined ? '' : `${Math.round(peak)} MB`)),
    ]),
  );
}

async function measure(bench: Bench, size: number): Promise<Growth> {
  const chain = bench.own(await openStoredChain(bench.folder, size));
  const databaseUrl = await emptyDatabase(bench.serverUrl, 'bench_growth');
  const networkFile = bench.networkFile(chain);
  const { config, events, head, eventsTo } = chain;
  const started = performance.now();
  const indexer = await startIndexer({ databaseUrl, networkFile, workerFiles: [networkFile], config });
  try {
    const seen: { at: number; events: number }[] = [{ at: started, events: 0 }];
    const watching = new AbortController();
    const watched = watch(watching.signal, async () => {
      const { rows } = await indexer.client
        .query<{ n: string | null }>('select indexed_number as n from chain where chain_id = $1', [config.chainId])
        // Before the migrations.
        .catch(() => ({ rows: [] }));
      const done = eventsTo[Number(rows[0]?.n ?? 0)] ?? 0;
      if (done > seen.at(-1)!.events) seen.push({ at: performance.now(), events: done });
    });
    await indexer.reached(head);
    const seconds = (performance.now() - started) / 1_000;
    watching.abort();
    await watched;
    const written = await countEvents(indexer.client);
    if (written !== events) throw new Error(`${written} events of ${events}`);
    console.log(`${count(events)} events: all there`);
    return { events, seconds, lastRate: lastRateOf(seen), peaksMb: indexer.parts.map((part) => part.peakMb()) };
  } finally {
    await indexer.close();
    await chain.close();
  }
}

async function watch(signal: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await look();
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** From the moment when all but the last LAST were there to the last commit. */
function lastRateOf(seen: readonly { at: number; events: number }[]): number {
  const end = seen.at(-1)!;
  const start = seen.findLast(({ events }) => events <= Math.max(0, end.events - LAST)) ?? seen[0]!;
  return ((end.events - start.events) / (end.at - start.at)) * 1_000;
}
