import type { Client } from 'pg';
import { createLoopViews, VIEW_SCHEMA } from '../loopTables/loopViews';
import { startIndexer } from '../runningIndexer';
import type { System } from './system';

/**
 * The product as a user has it, migrations included, to the commit that puts the checkpoint at the head and the last
 * index that was left for later.
 * @param workerFiles network files of the workers, one each; by default one worker with the indexer's own
 */
export function everythingOn(name = 'everything on: indexer + worker', workerFiles?: readonly string[]): System {
  return {
    name,
    loopSchema: VIEW_SCHEMA,
    finish: createLoopViews,
    countEvents,
    async run(databaseUrl, { chain, networkFile, folder, profile }) {
      const started = performance.now();
      const indexer = await startIndexer({
        databaseUrl,
        networkFile,
        workerFiles: workerFiles ?? [networkFile],
        config: chain.config,
        profileFolder: profile ? folder : undefined,
      });
      try {
        await indexer.reached(chain.head);
        return { seconds: (performance.now() - started) / 1_000, ...indexer.used() };
      } finally {
        await indexer.close();
      }
    },
  };
}

export async function countEvents(client: Client): Promise<number> {
  const { rows } = await client.query<{ events: number }>(
    'select (select count(*) from event)::int + (select count(*) from undecoded_log)::int as events',
  );
  return rows[0]!.events;
}
