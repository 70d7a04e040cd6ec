import type { ClientBase } from 'pg';
import { loopTables } from './tables';

/** The tables' schema: what the indexer's migrations make has some of their names. */
export const LOOP_SCHEMA = 'loop';

/** With the keys that refuse a row twice; logged tables, so that rows outlive a crash. */
export async function createLoopTables(client: ClientBase): Promise<void> {
  await client.query(`create schema ${LOOP_SCHEMA}`);
  for (const table of loopTables) {
    const columns = table.columns.map(({ name, type }) => `${name} ${type}`);
    await client.query(
      `create table ${LOOP_SCHEMA}.${table.name} (${columns.join(', ')}, primary key (${table.key.join(', ')}))`,
    );
  }
  await client.query(`create table ${LOOP_SCHEMA}.checkpoint (number bigint not null, hash text not null)`);
  await client.query(`insert into ${LOOP_SCHEMA}.checkpoint values (-1, '')`);
}

/** Secondary indexes of a table that holds everything already take a tenth of what keeping them costs. */
export async function createLoopIndexes(clients: readonly ClientBase[]): Promise<void> {
  const waiting = loopTables.flatMap(({ name, indexed }) =>
    indexed.map((column) => `${LOOP_SCHEMA}.${name} (${column})`),
  );
  const build = async (client: ClientBase) => {
    await client.query(`set maintenance_work_mem = '256MB'`);
    for (let index = waiting.shift(); index; index = waiting.shift()) await client.query(`create index on ${index}`);
  };
  await Promise.all(clients.map(build));
}
