import { openPool } from '../db/pool';
import { checkDatabase, requireDatabase } from './database';
import { runProgram } from './lifecycle';
import { readChainIds } from './network';
import { checkPort } from './port';
import { openApi } from './serve';
import { untilMigrated } from './untilMigrated';

runProgram(async (program) => {
  const { environment, log } = program;
  const chainIds = environment.networks ? readChainIds(environment.networks) : undefined;
  await checkPort(environment.host, environment.port);
  const databaseUrl = await requireDatabase(program);
  if (environment.replicaUrl) await checkDatabase(environment.replicaUrl, 'DATABASE_REPLICA_URL');
  if (environment.apiDatabaseUrl) await checkDatabase(environment.apiDatabaseUrl, 'API_DATABASE_URL');
  const pool = openPool(environment.apiDatabaseUrl ?? databaseUrl, { max: 1, readOnly: true });
  await untilMigrated(pool).finally(() => pool.end());
  log.info(`Serving ${await openApi(program, databaseUrl, chainIds)}`);
});
