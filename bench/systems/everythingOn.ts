import path from 'node:path';
import type { Client } from 'pg';
import { startChild } from '../child';
import { withClient } from '../database';
import { largest, type System } from './system';
import { until } from './until';

/**
 * The product as a user has it: `npm run indexer` and `npm run worker` (their entries, as processes), migrations
 * included, to the commit that puts the checkpoint at the head and the last index that was left for later.
 */
export function everythingOn(workers = 1): System {
  return {
    name: `everything on: indexer + ${workers === 1 ? 'worker' : `${workers} workers`}`,
    countEvents,
    async run(databaseUrl, { chain, networkFile, folder, profile }) {
      return withClient(databaseUrl, async (client) => {
        const started = performance.now();
        const parts = ['indexer', ...Array<string>(workers).fill('worker')].map((part) =>
          startChild(path.join(__dirname, '..', '..', 'start', `${part}.js`), {
            env: { NETWORKS: networkFile, DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn', LOG_FORMAT: 'json' },
            profileFolder: profile ? folder : undefined,
          }),
        );
        try {
          await until(() => isIndexed(client, chain.config.chainId, chain.head), parts);
          return { seconds: (performance.now() - started) / 1_000, peakMb: largest(parts) };
        } finally {
          await Promise.all(parts.map((part) => part.close()));
        }
      });
    },
  };
}

export async function countEvents(client: Client): Promise<number> {
  const { rows } = await client.query<{ events: number }>(
    'select (select count(*) from event)::int + (select count(*) from undecoded_log)::int as events',
  );
  return rows[0]!.events;
}

/** Whether the checkpoint is at the head and no index is still to be built. */
export async function isIndexed(client: Client, chainId: number, head: number): Promise<boolean> {
  const { rows: tables } = await client.query<{ chain: boolean; deferred: boolean }>(
    `select to_regclass('chain') is not null as chain, to_regclass('deferred_index') is not null as deferred`,
  );
  // Before the first migration there are no tables at all.
  if (!tables[0]?.chain) return false;
  const { rows } = await client.query<{ done: boolean }>(
    'select indexed_number >= $2 as done from chain where chain_id = $1',
    [chainId, head],
  );
  if (!rows[0]?.done) return false;
  if (!tables[0].deferred) return true;
  const { rows: left } = await client.query('select from deferred_index limit 1');
  return left.length === 0;
}
