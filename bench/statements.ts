import { type EmbeddedPostgres, openEmbedded } from '../db/embedded';
import { withClient } from './database';
import { count, printTable } from './table';

/**
 * The benchmark's own Postgres, which counts statements (pg_stat_statements) when a profile is wanted and does nothing of
 * the kind otherwise: counting costs time.
 */
export async function openBenchServer(folder: string, counting: boolean): Promise<EmbeddedPostgres> {
  const options = { dataDir: folder, database: 'bench' };
  const server = await openEmbedded(options);
  const loaded = await withClient(server.url, async (client) => {
    const { rows } = await client.query<{ libraries: string }>(
      `select current_setting('shared_preload_libraries') as libraries`,
    );
    return rows[0]!.libraries.includes('pg_stat_statements');
  });
  if (loaded === counting) return server;
  await withClient(server.url, async (client) => {
    await client.query(
      counting
        ? `alter system set shared_preload_libraries = 'pg_stat_statements'`
        : 'alter system reset shared_preload_libraries',
    );
  });
  await server.close();
  const again = await openEmbedded(options);
  if (counting) {
    await withClient(again.url, (client) => client.query('create extension if not exists pg_stat_statements'));
  }
  return again;
}

export async function forgetStatements(serverUrl: string): Promise<void> {
  await withClient(serverUrl, (client) => client.query('select pg_stat_statements_reset()'));
}

const SHOWN = 20;
const WIDTH = 110;

/** Where Postgres' time went since forgetStatements; of what a statement calls or triggers, with it. */
export async function printStatements(serverUrl: string, title: string): Promise<void> {
  const { rows } = await withClient(serverUrl, (client) =>
    client.query<{ ms: number; calls: string; wal: string; query: string }>(
      `select total_exec_time as ms, calls, wal_bytes as wal, query from pg_stat_statements
       order by total_exec_time desc limit ${SHOWN}`,
    ),
  );
  console.log(`\nPostgres, ${title}:`);
  printTable(
    ['statement', 'ms', 'calls', 'WAL MB'],
    rows.map(({ ms, calls, wal, query }) => [
      query.replace(/\s+/g, ' ').slice(0, WIDTH),
      count(ms),
      count(Number(calls)),
      (Number(wal) / 1e6).toFixed(1),
    ]),
  );
}
