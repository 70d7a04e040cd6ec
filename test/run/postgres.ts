import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { type EmbeddedPostgres, openEmbedded } from '../../db/embedded';
import { migrate } from '../../db/migrate';
import { openPool } from '../../db/pool';

export const templateDatabase = 'flywheel_template';
const prefix = 'flywheel-test-';

/** One server for the whole run, with a migrated database that every test file clones. */
export async function startTestPostgres(): Promise<EmbeddedPostgres> {
  removeLeftovers();
  const dataDir = await mkdtemp(path.join(tmpdir(), `${prefix}${process.pid}-`));
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
  } catch (error) {
    await pool.end();
    await close();
    throw error;
  }
  await pool.end();
  await allowNoConnections(server.url);
  return { url: server.url, close };
}

/** A template can only be cloned while nobody is connected to it. */
async function allowNoConnections(url: string): Promise<void> {
  const admin = new Client({ connectionString: new URL('/postgres', url).href });
  await admin.connect();
  await admin.query(`alter database ${templateDatabase} with is_template true allow_connections false`);
  await admin.end();
}

/** A run that was killed leaves its folder; its server has ended with it. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN;
    if (Number.isInteger(pid) && !alive(pid)) rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
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
