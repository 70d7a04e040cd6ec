import { openPool } from '../db/pool';
import { reindex } from '../indexer/reindex';
import { findDatabase } from './database';
import { runProgram } from './lifecycle';
import { untilMigrated } from './untilMigrated';

runProgram(async (program) => {
  const databaseUrl = await findDatabase(program);
  const pool = openPool(databaseUrl, { applicationName: 'flywheel-reindex' });
  program.own('database', { close: () => pool.end() });
  await untilMigrated(pool);
  await reindex({ pool, databaseUrl, log: program.log });
  return 0;
});
