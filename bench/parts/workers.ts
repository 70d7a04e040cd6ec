import { load, machineLine } from '../machine';
import type { Bench } from '../part';
import { interleaved } from '../rounds';
import { startSlowNode } from '../slowNode';
import { everythingOn } from '../systems/everythingOn';
import { count, printTable } from '../table';

const LATENCY_MS = 100;
const WORKERS = [1, 2];
/** Small ranges, as a provider with a limit gives them: there is something to share. */
const RANGE_BLOCKS = 5;

/** One worker and two, each with a key of its own at a provider that is slow and serves a key one request at a time. */
export async function workers(bench: Bench): Promise<void> {
  const { options, folder, serverUrl } = bench;
  const chain = await bench.openChain(options.events);
  const slow = bench.own(await startSlowNode(chain.url, LATENCY_MS));
  const maxLogsRange = options.range ?? RANGE_BLOCKS;
  // Nearly all of it is history, which workers fetch; nothing of this chain is ever removed.
  const finality = { depth: 2 };
  const fileOf = (client: string) =>
    bench.networkFile(chain, { rpc: [slow.urlOf(client)], maxLogsRange, finality }, `network-${client}`);
  const systems = WORKERS.map((n) => {
    const files = Array.from({ length: n }, (_, i) => fileOf(`worker-${i}`));
    return everythingOn(`${n} ${n === 1 ? 'worker' : 'workers'}`, files);
  });
  const figures = await interleaved({
    systems,
    rounds: options.rounds,
    chain,
    networkFile: fileOf('indexer'),
    folder,
    serverUrl,
    profile: false,
  });
  console.log(`\n${machineLine()}, load ${load()}`);
  console.log(
    `backfill of ${count(chain.events)} events from an RPC with ${LATENCY_MS} ms latency that serves a client one request ` +
      `at a time, ${maxLogsRange} blocks a range; medians of ${options.rounds}\n`,
  );
  printTable(
    ['', 'events/s', 'time', 'to 1 worker'],
    figures.map(({ name, seconds }) => [
      name,
      count(chain.events / seconds),
      `${seconds.toFixed(2)} s`,
      `${(figures[0]!.seconds / seconds).toFixed(2)}x`,
    ]),
  );
}
