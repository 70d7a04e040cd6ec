import { openPool } from '../db/pool';
import { startActors } from '../demo/actors';
import { buildHistory } from '../demo/history';
import { startLocalChain } from '../demo/localChain';
import { networkOf } from '../demo/network';
import type { NetworkFile } from '../schema/networkFile';
import { parseNetworkFile } from '../schema/networkFile';
import { profiles } from '../schema/profiles';
import { emptyDemoDatabase, hashAtOf, isAheadOfChain } from './demoDatabase';
import type { Program } from './lifecycle';
import { stopOrphans } from './processTable';

export interface Demo {
  url: string;
  network: NetworkFile;
  startActors(): Promise<void>;
}

/** The local chain with its history, and a database that isn't ahead of it. */
export async function prepareDemo(
  program: Program,
  databaseUrl: string,
  onProgress: (line: string) => void,
): Promise<Demo> {
  const { environment, log } = program;
  const { dataDir, demo } = environment;
  const orphans = await stopOrphans('anvil', dataDir);
  if (orphans > 0) log.info('Stopped the local chain of an earlier start that was killed');
  onProgress('Starting the local chain');
  const chain = program.own('local chain', await startLocalChain({ dataDir }));
  const deployment = await buildHistory({
    url: chain.url,
    seed: demo.seed,
    events: demo.events,
    onProgress: ({ events, of }) => onProgress(`Writing the demo's history: ${events} of ${of} events`),
  });
  if (deployment.seed !== demo.seed || deployment.events !== demo.events) {
    const { seed, events } = deployment;
    log.info(`The local chain in ${dataDir} goes on as it was built, with DEMO_SEED=${seed} and DEMO_EVENTS=${events}`);
  }
  const network = parseNetworkFile(networkOf(chain.url, deployment), {}, profiles);
  await matchDatabase(program, databaseUrl, chain);
  return {
    url: chain.url,
    network,
    async startActors() {
      if (!demo.live) return;
      const onError = (error: unknown) => log.warn({ err: error }, 'An actor of the demo failed');
      program.own('actors', startActors({ url: chain.url, deployment, seed: demo.seed, onError }));
    },
  };
}

async function matchDatabase(
  { log }: Program,
  databaseUrl: string,
  { url, chainId }: { url: string; chainId: number },
): Promise<void> {
  const pool = openPool(databaseUrl, { max: 1 });
  try {
    if (!(await isAheadOfChain(pool, chainId, hashAtOf(url)))) return;
    log.warn('The local chain lost blocks that were indexed: indexing it anew');
    await emptyDemoDatabase(pool, chainId);
  } finally {
    await pool.end();
  }
}
