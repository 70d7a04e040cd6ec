import { randomBytes } from 'node:crypto';
import { Client, type Pool } from 'pg';
import { openPool } from '../../db/pool';
import { templateDatabase } from './postgres';

export interface TestDatabase {
  url: string;
  pool: Pool;
  close(): Promise<void>;
}

/** A migrated database of the caller's own, dropped by `close`; `empty`: without any schema. */
export async function createDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await admin(`create database ${name} template ${options.empty ? 'template0' : templateDatabase}`);
  const url = new URL(`/${name}`, serverUrl()).href;
  const pool = openPool(url, { applicationName: 'test' });
  return {
    url,
    pool,
    async close() {
      await pool.end();
      await admin(`drop database if exists ${name} with (force)`);
    },
  };
}

async function admin(statement: string): Promise<void> {
  const client = new Client({ connectionString: new URL('/postgres', serverUrl()).href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function serverUrl(): string {
  const url = process.env.FLYWHEEL_TEST_POSTGRES;
  if (!url) throw new Error('The test Postgres is not running: start tests with npm test or npx jest.');
  return url;
}
