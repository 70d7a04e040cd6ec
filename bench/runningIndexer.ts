import path from 'node:path';
import type { Client } from 'pg';
import type { ChainConfig } from '../schema/networkFile';
import { type Child, startChild } from './child';
import { connect } from './database';
import { standingOf } from './systems/standing';
import { type Run, usedBy } from './systems/system';
import { until } from './systems/until';

export interface RunningIndexer {
  client: Client;
  parts: readonly Child[];
  /** Waits until the checkpoint is at this block and no index waits. */
  reached(block: number): Promise<void>;
  used(): Pick<Run, 'peakMb' | 'cpuSeconds'>;
  close(): Promise<void>;
}

/** `npm run indexer` and one `npm run worker` per network file, as processes. */
export async function startIndexer(options: {
  databaseUrl: string;
  networkFile: string;
  workerFiles: readonly string[];
  config: ChainConfig;
  logFile?: string;
  profileFolder?: string;
}): Promise<RunningIndexer> {
  const { databaseUrl, networkFile, workerFiles, config, logFile, profileFolder } = options;
  const client = await connect(databaseUrl);
  const start = (part: string, network: string, log?: string) =>
    startChild(path.join(__dirname, '..', 'start', `${part}.js`), {
      env: { NETWORKS: network, DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn', LOG_FORMAT: 'json' },
      logFile: log,
      profileFolder,
    });
  const parts = [
    start('indexer', networkFile, logFile),
    ...workerFiles.map((file) => start('worker', file, logFile && `${logFile}.worker`)),
  ];
  return {
    client,
    parts,
    async reached(block) {
      const patience = new Patience();
      await until(async () => {
        const { done, error } = await standingOf(client, config.chainId, block);
        patience.hear(error);
        return done;
      }, parts);
    },
    used: () => usedBy(parts),
    async close() {
      await Promise.all(parts.map((part) => part.close()));
      await client.end().catch(() => undefined);
    },
  };
}

const PATIENCE_MS = 30_000;

/** Gives up on an indexer that says the same reason for standing still for so long: waiting on measures nothing. */
class Patience {
  private said = '';
  private since = 0;

  hear(error: string): void {
    if (error !== this.said) this.since = performance.now();
    this.said = error;
    if (error && performance.now() - this.since > PATIENCE_MS) throw new Error(`the indexer stands still: ${error}`);
  }
}
