import { randomBytes } from 'node:crypto';
import { Client, type Pool } from 'pg';
import { openPool } from '../../db/pool';
import { templateDatabase } from './postgres';
import { until } from './until';

const IN_USE = '55006';

export interface TestDatabase {
  url: string;
  pool: Pool;
  close(): Promise<void>;
}

/** A migrated database of the caller's own, dropped by `close`; `empty`: without any schema. */
export async function createDatabase(options: { empty?: boolean; tablespace?: string } = {}): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  const { empty, tablespace = 'pg_default' } = options;
  const template = empty ? 'template0' : templateDatabase;
  const strategy = process.env.FLYWHEEL_TEST_COPY ?? 'wal_log';
  await asAdmin(`create database ${name} template ${template} strategy ${strategy} tablespace ${tablespace}`);
  const url = new URL(`/${name}`, serverUrl()).href;
  const pool = openPool(url, { applicationName: 'test' });
  return {
    url,
    pool,
    async close() {
      await pool.end();
      await dropDatabase(name);
    },
  };
}

/** Whoever is still connected is told to go; the statement waits for them for five seconds, and they may take longer. */
export async function dropDatabase(name: string): Promise<void> {
  const isDropped = () =>
    asAdmin(`drop database if exists ${name} with (force)`).then(
      () => true,
      (error) => {
        if (error.code !== IN_USE) throw error;
        return false;
      },
    );
  await until(isDropped, { what: `nobody in ${name}` });
}

/** In no database of a test's own; what it is about is what the server has. */
export async function asAdmin(statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: new URL('/postgres', serverUrl()).href });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

function serverUrl(): string {
  const url = process.env.FLYWHEEL_TEST_POSTGRES;
  if (!url) throw new Error('The test Postgres is not running: start tests with npm test or npx jest.');
  return url;
}
