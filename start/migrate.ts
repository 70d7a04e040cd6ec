import { migrate } from '../db/migrate';
import { openPool } from '../db/pool';
import { requireDatabase } from './database';
import { runProgram } from './lifecycle';

runProgram(async (program) => {
  const url = await requireDatabase(program);
  const pool = openPool(url, { max: 1, applicationName: 'flywheel-migrate' });
  program.own('database', { close: () => pool.end() });
  const applied = await migrate(pool);
  process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'The schema is up to date.\n');
  return 0;
});
