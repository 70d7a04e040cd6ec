import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pool } from 'pg';
import { migrate, readMigrations } from '../../db/migrate';
import { createDatabase, type TestDatabase } from '../run/database';

/** How many migrations a release had. */
export const FIRST_RELEASE = 3;
export const SECOND_RELEASE = 5;

/** What a table of the first release held, out of what took its place. */
const FORMER: Record<string, string> = {
  event_subject: `(
    select t.chain_id, t.subject, p as pos, 0 as item from posting t cross join unnest(t.positions) p
    where get_byte(t.subject, 0) <= 8
  )`,
  // Without those that stand above and below a model.
  model_count: `(
    select chain_id, model_id, n - children - adapters as n, inferences, paid, paid_attributed, users, ratings, rating_sum
    from model_count where n > children + adapters
  )`,
  retracted_reward: `(
    select chain_id, block_hash, pos, judged || jsonb_build_object('chain_id', chain_id, 'pos', pos) as judged
    from retracted_item where kind = 2
  )`,
};
/** Tables of the first release that later ones do without. */
const GONE = ['contribution_inference', 'datanet_inference'];

/** Applies the first so many migrations, or those of them that are missing. */
export async function migrateTo(count: number, pool: Pool): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'release-'));
  for (const { name, sql } of (await readMigrations()).slice(0, count)) {
    await writeFile(path.join(folder, `${name}.sql`), sql);
  }
  await migrate(pool, folder);
  await rm(folder, { recursive: true });
}

/** A database with the schema of a release, and no rows. */
export async function databaseOf(release: number): Promise<TestDatabase> {
  const database = await createDatabase({ empty: true });
  await migrateTo(release, database.pool);
  return database;
}

/** Every row of the tables that `to` has and that there still are: the first release wrote the same ones. */
export async function copyIntoFirstRelease(from: Pool, to: Pool): Promise<void> {
  const { rows: tables } = await to.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables
     where schemaname = 'public' and tablename <> all ($1)`,
    [[...GONE, 'flywheel_migration']],
  );
  const client = await to.connect();
  // Triggers would count what is there already.
  await client.query('set session_replication_role = replica');
  for (const { name } of tables) {
    const { rows } = await from.query<{ rows: string }>(
      `select coalesce(jsonb_agg(t), '[]')::text as rows from ${FORMER[name] ?? name} t`,
    );
    await client.query(`truncate ${name}`);
    await client.query(
      `insert into ${name} overriding system value select * from jsonb_populate_recordset(null::${name}, $1)`,
      [rows[0]?.rows],
    );
  }
  await client.query(`select setval(pg_get_serial_sequence('event_type', 'id'), max(id)) from event_type`);
  client.release(true);
}
