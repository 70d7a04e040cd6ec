import { chmodSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { type EmbeddedPostgres, openEmbedded } from '../../db/embedded';
import { migrate } from '../../db/migrate';
import { openPool } from '../../db/pool';
import { openQueues } from '../../db/queue';

export const templateDatabase = 'flywheel_template';
const prefix = 'flywheel-test-';

/** Hundreds of databases are made and dropped: on a file system in memory, copied file by file, for a quarter of the time. */
const IN_MEMORY = '/dev/shm';
const ROOM = 2 ** 31;

export interface TestPostgres extends EmbeddedPostgres {
  /** How the template is copied best where its files lie. */
  strategy: 'file_copy' | 'wal_log';
}

/** One server for the whole run, with a migrated database, the queue's schema too, that every test file clones. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = roomIn(IN_MEMORY) > ROOM ? IN_MEMORY : tmpdir();
  removeLeftovers(folder);
  const dataDir = await mkdtemp(path.join(folder, `${prefix}${process.pid}-`));
  // Under root the server runs as another user, who must be able to pass.
  chmodSync(dataDir, 0o711);
  const server = await openEmbedded({ dataDir, database: templateDatabase, throwaway: true });
  const close = async (): Promise<void> => {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const pool = openPool(server.url, { max: 1 });
  try {
    await migrate(pool);
    await (await openQueues({ databaseUrl: server.url })).close();
  } catch (error) {
    await pool.end();
    await close();
    throw error;
  }
  await pool.end();
  await allowNoConnections(server.url);
  return { url: server.url, strategy: folder === IN_MEMORY ? 'file_copy' : 'wal_log', close };
}

/** A template can only be cloned while nobody is connected to it. */
async function allowNoConnections(url: string): Promise<void> {
  const admin = new Client({ connectionString: new URL('/postgres', url).href });
  await admin.connect();
  await admin.query(`alter database ${templateDatabase} with is_template true allow_connections false`);
  await admin.end();
}

/** Bytes; none where there is no such file system. */
function roomIn(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

/** A run that was killed leaves its folder; its server has ended with it. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN;
    if (Number.isInteger(pid) && !alive(pid)) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
