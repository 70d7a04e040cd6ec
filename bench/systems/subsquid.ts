import path from 'node:path';
import { loopContracts } from '../chain/benchBlocks';
import { startChild } from '../child';
import { withClient } from '../database';
import { type System, usedBy } from './system';
import { holdsTheLastRow, until } from './until';

/** Its ids begin with the block's number, in ten digits. */
const OF_BLOCK = `id >= lpad($1::integer::text, 10, '0')`;

/** @param project where it is installed (peerProject) */
export function subsquid(project: string): System {
  const lib = (file: string) => path.join(project, 'lib', file);
  return {
    name: 'Subsquid 1.27.3',
    loopSchema: 'public',
    async prepare(databaseUrl) {
      const made = startChild(lib('createTables.js'), { cwd: project, env: { DB_URL: databaseUrl } });
      if ((await made.exited) !== 0) throw new Error("Subsquid's tables could not be made");
    },
    async run(databaseUrl, { chain, folder }) {
      return withClient(databaseUrl, async (client) => {
        const started = performance.now();
        const processor = startChild(lib('main.js'), {
          cwd: project,
          env: {
            DB_URL: databaseUrl,
            RPC_URL: chain.url,
            CONTRACTS: loopContracts.map(({ address }) => address).join(','),
          },
          logFile: path.join(folder, 'subsquid.log'),
        });
        try {
          await until(() => holdsTheLastRow(client, 'public', chain.last, OF_BLOCK), [processor]);
          return { seconds: (performance.now() - started) / 1_000, ...usedBy([processor]) };
        } finally {
          await processor.close();
        }
      });
    },
  };
}
