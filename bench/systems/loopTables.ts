import path from 'node:path';
import { startChild } from '../child';
import { LOOP_SCHEMA } from '../loopTables/loopSchema';
import type { PromiseName } from '../loopTables/promises';
import { type System, usedBy } from './system';

/** Our ingest path into the peers' tables, with none of our promises or some of them. */
export function loopTablesOf(name: string, promises: readonly PromiseName[]): System {
  return {
    name,
    loopSchema: LOOP_SCHEMA,
    async run(databaseUrl, { networkFile, folder, profile }) {
      const started = performance.now();
      const loader = startChild(path.join(__dirname, '..', 'loopTables', 'load.js'), {
        args: [networkFile, promises.join(',')],
        env: { DATABASE_URL: databaseUrl },
        endsByItself: true,
        profileFolder: profile ? folder : undefined,
      });
      try {
        if ((await loader.exited) !== 0) throw new Error(`${name} failed`);
        // It ends by itself when everything is committed and every index is built.
        return { seconds: (performance.now() - started) / 1_000, ...usedBy([loader]) };
      } finally {
        await loader.close();
      }
    },
  };
}
