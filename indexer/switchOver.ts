import { setTimeout as delay } from 'node:timers/promises';
import { type ClientBase, DatabaseError } from 'pg';
import type { Logger } from 'pino';
import { inTransaction } from '../db/transaction';
import { AppError } from '../schema/appError';

/** The schema where a re-index lets the new rows grow while readers have the old ones. */
export const SHADOW = 'flywheel_reindex';
/** What a re-index doesn't make anew: raw material, the log of changes, what was fetched from outside. */
const KEPT_TABLES = [
  'segment',
  'header',
  'final_header',
  'change',
  'change_position',
  'retracted_event',
  'retracted_item',
  'document',
  'token',
  'flywheel_migration',
];
const KEPT_SEQUENCES = ['metadata_counter'];

/** Less than the second after which Postgres looks for deadlocks: it is never the reader who has to give way. */
const LOCK_LIMIT_MS = 500;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5_000;
/** A deadlock, a lock that was not to be had, a statement that took too long. */
const IN_THE_WAY = /^(40P01|55P03|57014)$/;

/**
 * Puts the new rows in the place of the old ones, in one transaction: readers see the old tables until it commits and the
 * new ones from then on. It lets readers who are in its way finish, and tries again for as long as there are any.
 * @throws AppError RETRY when there is a chain that the new rows know nothing of
 */
export async function switchOver(client: ClientBase, log: Logger): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
    try {
      await inTransaction(client, async () => {
        await client.query('set local synchronous_commit = on');
        await lockTables(client);
        await refuseNewChains(client);
        await exchangeSchemas(client);
      });
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError && IN_THE_WAY.test(error.code ?? ''))) throw error;
      if (pauseMs === FIRST_PAUSE_MS) log.info('the rows are made, and wait for readers to finish');
      await delay(pauseMs);
    }
  }
}

/**
 * All tables at once: a reader between two of them would wait for one, and we for the other. First the one that every
 * request of the API holds from its beginning, so that none is between two; views before what they read, as readers do.
 */
async function lockTables(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ tables: string }>(
    `select string_agg(format('public.%I', relname), ', ' order by relname <> 'chain', relkind <> 'v', relname) as tables
     from pg_class where relnamespace = $1::regnamespace and relkind in ('r', 'v')`,
    [SHADOW],
  );
  await client.query(`set local statement_timeout = ${LOCK_LIMIT_MS}`);
  await client.query(`lock table ${rows[0]?.tables} in access exclusive mode`);
  await client.query('set local statement_timeout = 0');
}

/** One that was first indexed meanwhile would lose its rows, and its log of changes would speak of them. */
async function refuseNewChains(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ chain_id: number }>(
    `select chain_id from public.chain except select chain_id from ${SHADOW}.chain`,
  );
  if (rows.length === 0) return;
  const chains = rows.map(({ chain_id }) => chain_id).join(', ');
  throw new AppError('RETRY', `chain ${chains} was added during the re-index, which changed nothing: run it again`);
}

/** A schema changes its name, so what a session has prepared is planned anew; roles that could read still can. */
async function exchangeSchemas(client: ClientBase): Promise<void> {
  const { rows: readers } = await client.query<{ role: string }>(
    `select quote_ident(grantee) as role from information_schema.role_table_grants
     where table_schema = 'public' and table_name = 'chain' and privilege_type = 'SELECT'
       and grantee not in (current_user, 'PUBLIC')`,
  );
  await client.query('alter schema public rename to flywheel_old');
  await client.query(`alter schema ${SHADOW} rename to public`);
  for (const table of KEPT_TABLES) {
    await client.query(`drop table if exists public.${table}`);
    await client.query(`alter table flywheel_old.${table} set schema public`);
  }
  for (const sequence of KEPT_SEQUENCES) {
    await client.query(`drop sequence public.${sequence}`);
    await client.query(`alter sequence flywheel_old.${sequence} set schema public`);
  }
  // An extension of somebody else's, or pg_trgm where it was there before us, isn't ours to drop.
  const { rows: extensions } = await client.query<{ name: string }>(
    "select quote_ident(extname) as name from pg_extension where extnamespace = 'flywheel_old'::regnamespace",
  );
  for (const { name } of extensions) await client.query(`alter extension ${name} set schema public`);
  await client.query('drop schema flywheel_old cascade');
  await client.query('grant usage on schema public to public');
  for (const { role } of readers) await client.query(`grant select on all tables in schema public to ${role}`);
  // The views of past blocks went with the tables that they read.
  await client.query('set local search_path to public');
  await client.query('select make_past()');
}
