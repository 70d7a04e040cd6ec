import { readFileSync } from 'node:fs';
import { playChain } from '../chain/playedChain';
import { emptyDatabase } from '../database';
import { listenForChanges } from '../listener';
import { load, machineLine } from '../machine';
import type { Bench } from '../part';
import { startIndexer } from '../runningIndexer';
import { median, printTable } from '../table';

const BLOCKS = 100;
const EVENTS_PER_BLOCK = 200;
const TRANSACTIONS = 20;
/** Deeper than what is rewound: a reorg below finality would halt the chain. */
const FINALITY = 1_000;
/** Blocks that stay, so that totals and states have something before what goes. */
const BEFORE = 50;

/** A reorg that takes away 100 blocks with 20,000 events. */
export async function rewind(bench: Bench): Promise<void> {
  const chain = bench.own(await playChain(FINALITY));
  const databaseUrl = await emptyDatabase(bench.serverUrl, 'bench_rewind');
  const networkFile = bench.networkFile(chain);
  const logFile = `${bench.folder}/rewind.log`;
  const { config } = chain;
  const indexer = await startIndexer({ databaseUrl, networkFile, workerFiles: [networkFile], config, logFile });
  const noticed: number[] = [];
  const whole: number[] = [];
  try {
    const listener = await listenForChanges(databaseUrl);
    for (let i = 0; i < BEFORE; i++) await chain.mine(TRANSACTIONS, EVENTS_PER_BLOCK);
    for (let round = 0; round < bench.options.rounds; round++) {
      const ancestor = await chain.head();
      for (let i = 0; i < BLOCKS; i++) await chain.mine(TRANSACTIONS, EVENTS_PER_BLOCK);
      await indexer.reached(ancestor + BLOCKS);
      await chain.rpc.call('anvil_reorg', [BLOCKS, []]);
      const reorgedAt = performance.now();
      const at = await listener.firstAfter(reorgedAt - 60_000, async (client) => {
        const { rows } = await client.query<{ left: boolean }>(
          'select exists (select from event where chain_id = $1 and pos >= ($2::bigint + 1) << 22) as left',
          [config.chainId, ancestor],
        );
        return !rows[0]!.left;
      });
      whole.push(at - reorgedAt);
      noticed.push(Date.now() - (performance.now() - at) - noticedAt(logFile));
      await indexer.reached(await chain.head());
    }
    await listener.close();
  } finally {
    await indexer.close();
    await chain.close();
  }
  console.log(`\n${machineLine()}, load ${load()}`);
  console.log(
    `rewind of ${BLOCKS} blocks with ${BLOCKS * EVENTS_PER_BLOCK} events, medians of ${bench.options.rounds}\n`,
  );
  printTable(
    ['', 'median', 'worst'],
    [
      ['reorg noticed to rows gone, replaced and published', ...figures(noticed)],
      ['node has reorged to rows gone, replaced and published', ...figures(whole)],
    ],
  );
}

const figures = (ms: readonly number[]) => [`${Math.round(median(ms))} ms`, `${Math.round(Math.max(...ms))} ms`];

/** When the indexer last said that it saw a reorg (Unix time in ms). */
function noticedAt(logFile: string): number {
  const lines = readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"msg":"reorg"'));
  const last = lines.at(-1);
  if (!last) throw new Error(`the indexer's log ${logFile} says nothing of a reorg`);
  return Date.parse((JSON.parse(last) as { time: string }).time);
}
