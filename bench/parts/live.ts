import { playChain } from '../chain/playedChain';
import { emptyDatabase } from '../database';
import { listenForChanges } from '../listener';
import { load, machineLine } from '../machine';
import type { Bench } from '../part';
import { startIndexer } from '../runningIndexer';
import { median, percentile, printTable } from '../table';

const EVENTS = 200;
const SHAPES = [20, 200];
/** Until caches are warm, code is compiled and the first blocks are final. */
const WARM_UP_BLOCKS = 40;
const FINALITY = 32;

/** From the announcement of a block (newHeads) to the notice of its commit, by when its rows can be read. */
export async function live(bench: Bench): Promise<void> {
  const rows: string[][] = [];
  for (const transactions of SHAPES) {
    const latencies = await latenciesOf(bench, transactions);
    rows.push([
      `${EVENTS} events in ${transactions} transactions a block`,
      `${median(latencies).toFixed(1)} ms`,
      `${percentile(latencies, 99).toFixed(1)} ms`,
      `${Math.max(...latencies).toFixed(1)} ms`,
    ]);
  }
  console.log(`\n${machineLine()}, load ${load()}`);
  console.log(
    `live: block announced by the node to its rows committed and published, ${bench.options.blocks} blocks\n`,
  );
  printTable(['', 'median', 'p99', 'worst'], rows);
}

async function latenciesOf(bench: Bench, transactions: number): Promise<number[]> {
  const chain = bench.own(await playChain(FINALITY));
  const databaseUrl = await emptyDatabase(bench.serverUrl, 'bench_live');
  const networkFile = bench.networkFile(chain);
  const logFile = `${bench.folder}/live.log`;
  const { config } = chain;
  const indexer = await startIndexer({ databaseUrl, networkFile, workerFiles: [networkFile], config, logFile });
  try {
    await indexer.reached(await chain.head());
    const listener = await listenForChanges(databaseUrl);
    const latencies: number[] = [];
    for (let i = 0; i < WARM_UP_BLOCKS + bench.options.blocks; i++) {
      const { number, announcedAt } = await chain.mine(transactions, EVENTS);
      const at = await listener.firstAfter(announcedAt, async (client) => {
        const { rows } = await client.query<{ events: number }>({
          name: 'events-of-block',
          text: `select count(*)::int as events from event
            where chain_id = $1 and pos between $2::bigint << 22 and (($2::bigint + 1) << 22) - 1`,
          values: [config.chainId, number],
        });
        return rows[0]!.events === EVENTS;
      });
      if (i >= WARM_UP_BLOCKS) latencies.push(at - announcedAt);
    }
    await listener.close();
    return latencies;
  } finally {
    await indexer.close();
    await chain.close();
  }
}
