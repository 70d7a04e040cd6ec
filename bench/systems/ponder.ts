import path from 'node:path';
import { loopContracts } from '../chain/benchBlocks';
import type { BenchChain } from '../chain/benchChain';
import { startChild } from '../child';
import { withClient } from '../database';
import { freePort } from '../freePort';
import { type Run, type System, usedBy } from './system';
import { holdsTheLastRow, until } from './until';

export const PONDER_SCHEMA = 'ponder_loop';

/** Every address is throttled by itself, at 20 requests a second to begin with: as many as its own users would give. */
export function ponder(project: string, urls: number): System {
  return {
    name: `Ponder 0.16.6, ${urls} RPC url${urls > 1 ? 's' : ''}`,
    loopSchema: PONDER_SCHEMA,
    run: (databaseUrl, { chain, folder }) =>
      runPonder({ project, databaseUrl, chain, urls, schema: PONDER_SCHEMA, logFile: path.join(folder, 'ponder.log') }),
  };
}

export interface PonderRun {
  project: string;
  databaseUrl: string;
  chain: BenchChain;
  urls: number;
  /** Another one than before makes it index anew, from what it cached of the RPC. */
  schema: string;
  logFile: string;
}

export async function runPonder({ project, databaseUrl, chain, urls, schema, logFile }: PonderRun): Promise<Run> {
  const port = await freePort();
  return withClient(databaseUrl, async (client) => {
    const started = performance.now();
    const addresses = Object.fromEntries(loopContracts.map(({ contract, address }) => [contract, address]));
    const program = startChild(path.join(project, 'node_modules', 'ponder', 'dist', 'esm', 'bin', 'ponder.js'), {
      args: ['start', '--schema', schema, '--port', String(port), '--hostname', '127.0.0.1', '--log-format', 'json'],
      cwd: project,
      env: {
        DATABASE_URL: databaseUrl,
        RPC_URLS: Array.from({ length: urls }, (_, i) => `${chain.url}/?n=${i}`).join(','),
        CONTRACTS: JSON.stringify(addresses),
        PONDER_TELEMETRY_DISABLED: 'true',
        PORT: String(port),
        CI: 'true',
      },
      logFile,
    });
    try {
      await until(() => holdsTheLastRow(client, schema, chain.last), [program]);
      return { seconds: (performance.now() - started) / 1_000, ...usedBy([program]) };
    } finally {
      await program.close();
    }
  });
}
