import { Client } from 'pg';
import { openEmbedded, runningEmbedded } from '../db/embedded';
import { connectionConfig } from '../db/pool';
import { AppError, messageOf } from '../schema/appError';
import { lockDataDir } from './dataDir';
import type { Program } from './lifecycle';

/** The demo's rows must not meet those of real chains, also where both use one DATA_DIR. */
export function embeddedDatabase(environment: Program['environment']): string {
  return environment.networks ? 'flywheel' : 'demo';
}

/** DATABASE_URL, which the separate parts need. @throws AppError CONFIG */
export async function requireDatabase({ environment }: Program): Promise<string> {
  if (!environment.databaseUrl) {
    throw new AppError('CONFIG', 'DATABASE_URL is not set: this part needs a database that others can reach too.');
  }
  await checkDatabase(environment.databaseUrl, 'DATABASE_URL');
  return environment.databaseUrl;
}

/** DATABASE_URL, else the embedded server that `npm start` runs right now, else that server, started for us. */
export async function findDatabase(program: Program): Promise<string> {
  const { environment } = program;
  if (environment.databaseUrl) return requireDatabase(program);
  const database = embeddedDatabase(environment);
  const running = runningEmbedded(environment.dataDir, database);
  if (running) return running;
  program.own('data folder', lockDataDir(environment.dataDir));
  return program.own(
    'Postgres',
    await openEmbedded({ dataDir: environment.dataDir, database, onExit: failWith(program) }),
  ).url;
}

export function failWith(program: Program): (reason: string) => void {
  return (reason) => program.fail(new Error(reason));
}

/** @throws AppError CONFIG when the database can't be reached or can't hold what chains say. */
export async function checkDatabase(url: string, variable: string): Promise<void> {
  const { host, pathname } = new URL(url);
  const where = `The database ${host}${pathname} (${variable})`;
  const client = new Client(connectionConfig(url));
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; encoding: string }>(
      "select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding",
    );
    const { version = 0, encoding = '' } = rows[0] ?? {};
    if (version < 150_000)
      throw new AppError('CONFIG', `${where} is Postgres ${Math.floor(version / 10_000)}: 15 or newer is needed.`);
    if (encoding !== 'UTF8')
      throw new AppError('CONFIG', `${where} has the encoding ${encoding}: create it with UTF8.`);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('CONFIG', `${where} can't be used: ${messageOf(cause)}.`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}
