import pino from 'pino';
import { type Api, startApi } from '../../api/server';
import type { ChainConfig } from '../../schema/networkFile';
import { type RunningIndex, startIndex } from '../indexer/runningIndex';
import type { JsonObject } from './model/json';
import { ORACLE_BOUNDS, type Run } from './queries';

/** Chain to answer: an index that follows the chains and the API over it. */
export interface RunningLoop {
  index: RunningIndex;
  api: Api;
  run: Run;
  close(): Promise<void>;
}

export async function startLoop(chains: ChainConfig[]): Promise<RunningLoop> {
  const index = await startIndex(chains);
  const { pool, url: databaseUrl } = index.database;
  const log = pino({ level: 'silent' });
  const api = await startApi({ pool, databaseUrl, host: '127.0.0.1', port: 0, log, bounds: ORACLE_BOUNDS });
  return {
    index,
    api,
    async run(query, variables) {
      const response = await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data?: JsonObject; errors?: unknown };
      if (errors || !data) throw new Error(`${JSON.stringify(errors)?.slice(0, 600)} for ${query.slice(0, 200)}`);
      return data;
    },
    async close() {
      await api.close();
      await index.close();
    },
  };
}
