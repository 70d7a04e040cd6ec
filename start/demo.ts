import { openPool } from '../db/pool';
import { startActors } from '../demo/actors';
import { buildHistory } from '../demo/history';
import { type LocalChain, startLocalChain } from '../demo/localChain';
import { networkOf } from '../demo/network';
import type { NetworkFile } from '../schema/networkFile';
import { parseNetworkFile } from '../schema/networkFile';
import { profiles } from '../schema/profiles';
import { compareWithChain, emptyDemoDatabase, hashAtOf } from './demoDatabase';
import { askEndpoint } from './endpoint';
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

/**
 * A chain that lost its newest blocks is made longer than it was, so that the indexer meets an ordinary reorg and takes
 * those blocks back. One that is another chain than was indexed is indexed anew: a demo must never stand halted.
 */
async function matchDatabase({ log }: Program, databaseUrl: string, { url, chainId }: Chain): Promise<void> {
  const pool = openPool(databaseUrl, { max: 1 });
  try {
    const head = Number(await askEndpoint(url, 'eth_blockNumber'));
    const difference = await compareWithChain(pool, chainId, head, hashAtOf(url));
    if (difference.kind === 'behind') {
      const lost = difference.blocks === 1 ? 'last block: taking it' : `last ${difference.blocks} blocks: taking them`;
      log.warn(`The local chain lost its ${lost} back`);
      await askEndpoint(url, 'anvil_mine', [`0x${(difference.blocks + 1).toString(16)}`]);
    }
    if (difference.kind === 'other') {
      log.warn('The local chain is not the one that was indexed: indexing it anew');
      await emptyDemoDatabase(pool, chainId);
    }
  } finally {
    await pool.end();
  }
}

type Chain = Pick<LocalChain, 'url' | 'chainId'>;
