import { beginMigrating } from '../db/migrate';
import { compileLater } from '../indexer/follow/compileLater';
import { requireDatabase } from './database';
import { checkEndpoints } from './endpoint';
import { runProgram } from './lifecycle';
import { readNetworkFile, requireNetwork } from './network';
import { showHistory } from './progress/showProgress';
import { standIn } from './standIn';
import { openStore } from './store';

runProgram(async (program) => {
  compileLater();
  const network = readNetworkFile(requireNetwork(program));
  const databaseUrl = await requireDatabase(program);
  for (const warning of await checkEndpoints(network.chains)) program.log.warn(warning);
  const store = await openStore(program, databaseUrl, async (pool) => {
    const migration = await beginMigrating(pool);
    // What is the longest to load, while Postgres makes the tables.
    await import('./openIndexer.js');
    return migration;
  });
  const { openIndexer } = await import('./openIndexer.js');
  await openIndexer(program, store, network);
  program.own('stand-in', standIn(program, store, network));
  program.own('progress', showHistory(program, store.pool));
  program.log.info(`Following ${network.chains.map(({ name }) => name).join(', ')}`);
});
