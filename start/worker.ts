import { compileLater } from '../indexer/follow/compileLater';
import { requireDatabase } from './database';
import { checkEndpoints } from './endpoint';
import { runProgram } from './lifecycle';
import { readNetworkFile, requireNetwork } from './network';
import { openWorkers } from './openWorkers';
import { openStore } from './store';
import { untilMigrated } from './untilMigrated';

runProgram(async (program) => {
  compileLater();
  const network = readNetworkFile(requireNetwork(program));
  const databaseUrl = await requireDatabase(program);
  for (const warning of await checkEndpoints(network.chains)) program.log.warn(warning);
  const store = await openStore(program, databaseUrl, async (pool) => ({ done: untilMigrated(pool) }));
  await openWorkers(program, store, network);
  program.log.info(`Fetching for ${network.chains.map(({ name }) => name).join(', ')}`);
});
