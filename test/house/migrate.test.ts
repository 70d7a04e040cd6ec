import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate, pendingMigrations } from '../../db/migrate';
import { asAdmin, createDatabase, type TestDatabase } from '../run/database';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await createDatabase({ empty: true });
  folder = await mkdtemp(path.join(tmpdir(), 'migrations-'));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const write = (name: string, sql: string) => writeFile(path.join(folder, name), sql);
const tables = async () =>
  (await database.pool.query("select tablename from pg_tables where schemaname = 'public' order by 1")).rows.map(
    (row) => row.tablename,
  );

test('applies what is missing, in order, once, also when two programs start together', async () => {
  await write('0001_a.sql', 'create table a (n int); create table b (n int);');
  await write('0002_c.sql', 'alter table a rename to c;');
  expect(await pendingMigrations(database.pool, folder)).toEqual(['0001_a', '0002_c']);
  const applied = await Promise.all([migrate(database.pool, folder), migrate(database.pool, folder)]);
  expect(applied.flat()).toEqual(['0001_a', '0002_c']);
  expect(await tables()).toEqual(['b', 'c', 'flywheel_migration']);
  expect(await pendingMigrations(database.pool, folder)).toEqual([]);
});

test('a migration that fails leaves nothing of itself and keeps those before it', async () => {
  await write('0001_a.sql', 'create table a (n int);');
  await write('0002_b.sql', 'create table b (n int); select 1 / 0;');
  await expect(migrate(database.pool, folder)).rejects.toThrow('Migration 0002_b failed: division by zero');
  expect(await tables()).toEqual(['a', 'flywheel_migration']);
  await write('0002_b.sql', 'create table b (n int);');
  expect(await migrate(database.pool, folder)).toEqual(['0002_b']);
});

test('a database of a newer program is refused with nothing written', async () => {
  await write('0001_a.sql', 'create table a (n int);');
  await write('0002_b.sql', 'create table b (n int);');
  await migrate(database.pool, folder);
  await rm(path.join(folder, '0002_b.sql'));
  await write('0003_c.sql', 'create table c (n int);');
  await expect(migrate(database.pool, folder)).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining('newer than this program: it holds migration 0002_b'),
  });
  expect(await tables()).toEqual(['a', 'b', 'flywheel_migration']);
});

test('a migration that was changed after it was applied is refused', async () => {
  await write('0001_a.sql', 'create table a (n int);');
  await migrate(database.pool, folder);
  await write('0001_a.sql', 'create table a (n bigint);');
  await expect(migrate(database.pool, folder)).rejects.toMatchObject({ code: 'CONFIG' });
});

test('a role that could read what there was reads what a migration adds, and nothing else', async () => {
  const role = `reader_${database.url.split('_').at(-1)}`;
  await write('0001_a.sql', 'create table chain (n int);');
  await migrate(database.pool, folder);
  await asAdmin(`create role ${role}`);
  try {
    await database.pool.query(`create table theirs (n int); grant select on chain to ${role}`);
    await write('0002_b.sql', 'create table b (n int); create view c as select * from b;');
    await migrate(database.pool, folder);
    const { rows } = await database.pool.query<{ name: string; privileges: string[] }>(
      `select table_name as name, array_agg(privilege_type::text) as privileges from information_schema.role_table_grants
       where grantee = $1 group by 1 order by 1`,
      [role],
    );
    expect(rows).toEqual(['b', 'c', 'chain'].map((name) => ({ name, privileges: ['SELECT'] })));
  } finally {
    await database.pool.query(`drop owned by ${role}`);
    await asAdmin(`drop role ${role}`);
  }
});
