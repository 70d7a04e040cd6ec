import { requireDatabase } from './database';
import { checkEndpoints } from './endpoint';
import { runProgram } from './lifecycle';
import { readNetworkFile } from './network';
import { openStore, openWorkers, requireNetwork } from './parts';
import { untilMigrated } from './untilMigrated';

runProgram(async (program) => {
  const network = readNetworkFile(requireNetwork(program));
  const databaseUrl = await requireDatabase(program);
  for (const warning of await checkEndpoints(network.chains)) program.log.warn(warning);
  const store = await openStore(program, databaseUrl, untilMigrated);
  await openWorkers(program, store, network);
  program.log.info(`Fetching for ${network.chains.map(({ name }) => name).join(', ')}`);
});
