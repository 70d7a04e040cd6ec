import { growChain } from '../chain/growingChain';
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

interface Latencies {
  latencies: number[];
  /** Of the same blocks, how much of it nobody can save: the node's answers on the wire. */
  nodeTimes: number[];
}

/**
 * From the announcement of a block (newHeads) to the notice of its commit, by when its rows can be read. The node's part is
 * measured beside it, by a client that does nothing with the answers.
 */
export async function live(bench: Bench): Promise<void> {
  const rows: string[][] = [];
  for (const transactions of SHAPES) {
    const { latencies, nodeTimes } = await latenciesOf(bench, transactions);
    rows.push([
      `${EVENTS} events in ${transactions} transactions a block`,
      `${median(latencies).toFixed(1)} ms`,
      `${percentile(latencies, 99).toFixed(1)} ms`,
      `${Math.max(...latencies).toFixed(1)} ms`,
      `${median(nodeTimes).toFixed(1)} ms`,
    ]);
  }
  console.log(`\n${machineLine()}, load ${load()}`);
  console.log(
    `live: block announced by the node to its rows committed and published, ${bench.options.blocks} blocks\n`,
  );
  printTable(['', 'median', 'p99', 'worst', "the node's part"], rows);
}

async function latenciesOf(bench: Bench, transactions: number): Promise<Latencies> {
  const chain = bench.own(await growChain(FINALITY));
  const databaseUrl = await emptyDatabase(bench.serverUrl, 'bench_live');
  const networkFile = bench.networkFile(chain);
  const logFile = `${bench.folder}/live.log`;
  const { config } = chain;
  const indexer = await startIndexer({ databaseUrl, networkFile, workerFiles: [networkFile], config, logFile });
  try {
    await indexer.reached((await chain.grow({ transactions, events: EVENTS })).number);
    const listener = await listenForChanges(databaseUrl);
    const latencies: number[] = [];
    const nodeTimes: number[] = [];
    for (let i = 0; i < WARM_UP_BLOCKS + bench.options.blocks; i++) {
      const { number, announcedAt } = await chain.grow({ transactions, events: EVENTS });
      const at = await listener.firstAfter(announcedAt, async (client) => {
        const { rows } = await client.query<{ events: number }>({
          name: 'events-of-block',
          text: `select count(*)::int as events from event
            where chain_id = $1 and pos between $2::bigint << 22 and (($2::bigint + 1) << 22) - 1`,
          values: [config.chainId, number],
        });
        return rows[0]!.events === EVENTS;
      });
      if (i < WARM_UP_BLOCKS) continue;
      latencies.push(at - announcedAt);
      nodeTimes.push(await chain.nodeTime(number));
    }
    await listener.close();
    return { latencies, nodeTimes };
  } finally {
    await indexer.close();
    await chain.close();
  }
}
