import { openPool } from '../db/pool';
import { type ReindexOptions, reindex } from '../indexer/reindex';
import { findDatabase } from './database';
import { runProgram } from './lifecycle';
import { ReindexWatch } from './progress/reindexWatch';
import { untilMigrated } from './untilMigrated';

runProgram(async (program) => {
  const databaseUrl = await findDatabase(program);
  const pool = openPool(databaseUrl, { applicationName: 'flywheel-reindex' });
  program.own('database', { close: () => pool.end() });
  await untilMigrated(pool);
  const watch = new ReindexWatch();
  const onProgress: ReindexOptions['onProgress'] = (chains) => program.progress.show(watch.look(chains));
  await reindex({ pool, databaseUrl, log: program.log, onProgress });
  program.progress.end();
  return 0;
});
