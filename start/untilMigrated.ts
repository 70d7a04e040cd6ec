import type { Pool } from 'pg';
import { pendingMigrations } from '../db/migrate';
import { AppError } from '../schema/appError';
import { until } from './until';

/** A first history waits for the worker. */
const PAUSE_MS = 50;

/** Workers and API processes that start beside the indexer wait for it to bring the schema up to date. */
export async function untilMigrated(pool: Pool): Promise<void> {
  const limitMs = 60_000;
  const migrated = async () => (await pendingMigrations(pool)).length === 0;
  if (!(await until(migrated, limitMs, PAUSE_MS))) {
    throw new AppError(
      'CONFIG',
      `The database lacks ${(await pendingMigrations(pool)).join(', ')}: run npm run migrate.`,
    );
  }
}
