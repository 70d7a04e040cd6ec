import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Pool, PoolClient } from 'pg';
import { AppError, messageOf } from '../schema/appError';

/** Beside db/ in the sources and in dist/ alike. */
const migrationsFolder = path.join(__dirname, '..', 'migrations');
/** Any constant; two programs that migrate at once take turns. */
const MIGRATION_LOCK = 7_236_410_021;
/** The API's role may be one that can only read: whoever reads `chain` reads what this transaction has made, too. */
const LET_READERS_READ = `
do $$
declare permission text;
begin
  for permission in
    select format('grant select on %s to %s', made.oid::regclass,
      case reader.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(reader.grantee)) end)
    from pg_class chain
    cross join aclexplode(chain.relacl) reader
    join pg_class made on made.relnamespace = chain.relnamespace and made.relkind in ('r', 'v')
      and made.xmin = pg_current_xact_id()::xid
    where chain.oid = to_regclass('public.chain') and reader.privilege_type = 'SELECT'
      and reader.grantee <> chain.relowner
  loop
    execute permission;
  end loop;
end $$`;

interface Migration {
  name: string;
  sql: string;
  hash: string;
}

/**
 * Brings the database to this program's schema: every migrations/NNNN_*.sql that isn't recorded yet, in order, each in
 * a transaction of its own with its record. Returns the names it applied.
 * @throws AppError CONFIG, with nothing written, when the database holds a migration that this program doesn't know
 * (it is newer) or one whose text was changed since.
 */
export async function migrate(pool: Pool, folder = migrationsFolder): Promise<string[]> {
  return (await beginMigrating(pool, folder)).done;
}

/**
 * As `migrate`, which takes a third of a second on an empty database: resolves once the statements are on their way, so
 * that a program can load the rest of itself meanwhile.
 */
export async function beginMigrating(pool: Pool, folder = migrationsFolder): Promise<{ done: Promise<string[]> }> {
  const migrations = await readMigrations(folder);
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const pending = pendingOf(migrations, await readRecorded(client));
    if (pending.length > 0) await createRecord(client);
    const done = applied(client, pending);
    // Whoever waits for it may do something else first.
    done.catch(() => undefined);
    return { done };
  } catch (error) {
    // The session may still hold the lock: closing it lets go of it.
    client.release(error as Error);
    throw error;
  }
}

async function applied(client: PoolClient, pending: readonly Migration[]): Promise<string[]> {
  try {
    if (pending.length > 0) await client.query(pending.map((migration) => transactionOf(client, migration)).join('\n'));
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    client.release();
    return pending.map(({ name }) => name);
  } catch (cause) {
    const failed = await firstUnrecorded(client, pending).catch(() => undefined);
    // The session may hold the lock and an open transaction: closing it lets go of both.
    client.release(cause as Error);
    throw failed ? new Error(`Migration ${failed.name} failed: ${messageOf(cause)}`, { cause }) : cause;
  }
}

/** Of statements that were sent together, the first that failed ended the rest. */
async function firstUnrecorded(client: PoolClient, pending: readonly Migration[]): Promise<Migration | undefined> {
  await client.query('rollback');
  const recorded = await readRecorded(client);
  return pending.find(({ name }) => !recorded.has(name));
}

/** The names that `migrate` would apply. Reads only, so a read-only role may ask. Throws as `migrate` does. */
export async function pendingMigrations(pool: Pool, folder = migrationsFolder): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = await pool.connect();
  try {
    return pendingOf(migrations, await readRecorded(client)).map(({ name }) => name);
  } finally {
    client.release();
  }
}

export async function readMigrations(folder = migrationsFolder): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (file) => {
      const sql = await readFile(path.join(folder, file), 'utf8');
      return { name: file.replace(/\.sql$/, ''), sql, hash: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function readRecorded(client: PoolClient): Promise<Map<string, string>> {
  const table = await client.query<{ found: boolean }>(
    "select to_regclass('public.flywheel_migration') is not null as found",
  );
  if (!table.rows[0]?.found) return new Map();
  const { rows } = await client.query<{ name: string; hash: string }>(
    'select name, hash from public.flywheel_migration',
  );
  return new Map(rows.map(({ name, hash }) => [name, hash]));
}

function pendingOf(migrations: Migration[], recorded: Map<string, string>): Migration[] {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...recorded.keys()].filter((name) => !known.has(name)).sort();
  if (unknown.length > 0) {
    const newest = migrations.at(-1)?.name ?? 'none';
    throw new AppError(
      'CONFIG',
      `The database is newer than this program: it holds migration ${unknown.join(', ')}, this program knows up to ` +
        `${newest}. Start the newer program, or use another database.`,
    );
  }
  const changed = migrations.find(({ name, hash }) => recorded.has(name) && recorded.get(name) !== hash);
  if (changed) {
    throw new AppError(
      'CONFIG',
      `Migration ${changed.name} was changed after it was applied to this database. Use the program that applied it, ` +
        'or start with an empty database.',
    );
  }
  return migrations.filter(({ name }) => !recorded.has(name));
}

async function createRecord(client: PoolClient): Promise<void> {
  await client.query(`
    create table if not exists public.flywheel_migration (
      name text primary key,
      hash text not null,
      applied_at timestamptz not null default now()
    )`);
}

function transactionOf(client: PoolClient, { name, sql, hash }: Migration): string {
  const record = [name, hash].map((value) => client.escapeLiteral(value)).join(', ');
  return `begin;\n${sql}\n;${LET_READERS_READ};insert into public.flywheel_migration (name, hash) values (${record});\ncommit;`;
}
