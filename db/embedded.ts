import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, readlink, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { AppError, messageOf } from '../schema/appError';
import { CONNECT_LIMIT_MS } from './pool';
import { postgresBinaries, reachable, relocationRoot, type ServerUser, serverUser } from './postgresBinaries';
import { belongsTo, readPostmasterFile, stopStaleServer } from './postmaster';

export interface EmbeddedOptions {
  /** Absolute; the cluster is its subfolder `postgres`. */
  dataDir: string;
  database?: string;
  /** For tests: no fsync, small buffers, cheap logins. What it holds doesn't survive a power cut. */
  throwaway?: boolean;
  /** The server ended without being asked to. */
  onExit?: (reason: string) => void;
}

export interface EmbeddedPostgres {
  url: string;
  close(): Promise<void>;
}

/**
 * A commit reaches the kernel before it is answered, so kill -9 of any process loses nothing; fsync keeps that true for
 * a power cut. Dynamic shared memory as files, because containers give /dev/shm 64 MB. Checkpoints are seldom: after each,
 * every page that is touched is logged whole, and a long history touches pages all over its tables (with 1 GB three for
 * every million events, and at five millions a third of the log). Buffers are taken as pages come: of 5,000,000 rewards a
 * graph reads 500 pages, each of which costs the system 5 µs where it isn't among them.
 */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: `${sharedBuffersMb()}MB`,
  effective_cache_size: '1GB',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  dynamic_shared_memory_type: 'mmap',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_buffers: '16MB',
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
};
/** An eighth of the machine's memory, or of the container's: others run beside it here. */
function sharedBuffersMb(): number {
  // 0 or beyond all bounds where there is no limit.
  const limit = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  const megabytes = Math.min(totalmem(), limit) / 2 ** 20;
  return Math.round(Math.min(Math.max(megabytes / 8, 128), 4_096));
}
const throwawaySettings = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '300',
  max_wal_size: '512MB',
  min_wal_size: '80MB',
};
/** A test makes a database and a dozen connections: proving the password a thousandfold is a tenth of what they cost. */
const throwawayLogin = ['--auth=password', '-c', 'scram_iterations=1'];

/**
 * The server lives in a session of its own, so that Ctrl-C reaches it only through us and our clients end first; the
 * shell stops it in order when our end of the pipe closes, however we end.
 */
const guard = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(read -r _ <&3; kill -INT $server 2>/dev/null) &
exec 3<&-
wait $server
code=$?
kill $! 2>/dev/null
exit $code`;

/**
 * Starts the Postgres of DATA_DIR on a free port of 127.0.0.1, made first when it isn't there (UTF-8, code point order,
 * Unicode case mapping). A server that an earlier, killed program left running is stopped first.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { clusterDir, user } = await place(options.dataDir);
  const binaries = await postgresBinaries(user);
  await stopStaleServer(clusterDir);
  if (!existsSync(path.join(clusterDir, 'PG_VERSION'))) await initialise(binaries, clusterDir, user, options);
  const port = await freePort();
  const server = launch(binaries, clusterDir, port, user, options);
  let closing = false;
  server.exited.then((code) => {
    if (!closing) options.onExit?.(`Postgres ended with ${code}: ${logTail(options.dataDir)}`);
  });
  const close = async (): Promise<void> => {
    closing = true;
    server.child.stdin?.end();
    const ended = await Promise.race([server.exited.then(() => true), delay(8_000, false, { ref: false })]);
    if (!ended) await stopStaleServer(clusterDir);
  };
  try {
    const database = options.database ?? 'flywheel';
    await ready(urlOf(clusterDir, port, 'postgres'), server.exited, options.dataDir);
    await ensureDatabase(urlOf(clusterDir, port, 'postgres'), database);
    return { url: urlOf(clusterDir, port, database), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address of a server that somebody else runs on this DATA_DIR right now. */
export function runningEmbedded(dataDir: string, database = 'flywheel'): string | undefined {
  const clusterDir = path.join(dataDir, 'postgres');
  const running = readPostmasterFile(clusterDir);
  return running && belongsTo(running.pid, clusterDir) ? urlOf(clusterDir, running.port, database) : undefined;
}

/** Under root, a cluster that its user couldn't reach is a link to one below /var/lib. */
async function place(dataDir: string): Promise<{ clusterDir: string; user: ServerUser }> {
  mkdirSync(dataDir, { recursive: true });
  const clusterDir = path.join(dataDir, 'postgres');
  const user = serverUser(clusterDir);
  if (reachable(dataDir, user)) return { clusterDir, user };
  const elsewhere = path.join(relocationRoot, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  const linked = lstatSync(clusterDir, { throwIfNoEntry: false })?.isSymbolicLink();
  if (linked && (await readlink(clusterDir)) === elsewhere) return { clusterDir: elsewhere, user };
  if (linked) await unlink(clusterDir);
  // Without the link, what lies there belonged to a DATA_DIR that somebody removed.
  await stopStaleServer(elsewhere);
  await rm(elsewhere, { recursive: true, force: true });
  mkdirSync(relocationRoot, { recursive: true, mode: 0o755 });
  if (existsSync(clusterDir)) await rename(clusterDir, elsewhere);
  await symlink(elsewhere, clusterDir);
  return { clusterDir: elsewhere, user };
}

/** Made beside its place and moved there when complete, so that a kill leaves no half a cluster. */
async function initialise(
  binaries: string,
  clusterDir: string,
  user: ServerUser,
  { throwaway }: EmbeddedOptions,
): Promise<void> {
  const fresh = `${clusterDir}.new`;
  await rm(fresh, { recursive: true, force: true });
  await rm(clusterDir, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const secrets = await mkdtemp(path.join(tmpdir(), 'flywheel-'));
  const passwordFile = path.join(secrets, 'password');
  const password = randomBytes(18).toString('hex');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) for (const file of [fresh, secrets, passwordFile]) chownSync(file, user.uid, user.gid);
  const login = throwaway ? throwawayLogin : ['--auth=scram-sha-256'];
  const flags = ['--username=flywheel', ...login, '--encoding=UTF8', '--locale=C'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync', '--no-instructions'];
  try {
    await run(path.join(binaries, 'initdb'), [`-D${fresh}`, `--pwfile=${passwordFile}`, ...flags, ...locale], user);
    const kept = path.join(fresh, 'flywheel.password');
    await writeFile(kept, password, { mode: 0o600 });
    if (user) chownSync(kept, user.uid, user.gid);
  } finally {
    await rm(secrets, { recursive: true, force: true });
  }
  await rename(fresh, clusterDir);
}

function run(program: string, args: string[], user: ServerUser): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], env: environment() });
    let output = '';
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${output}`)),
    );
  });
}

/** The server sees no PG* variables and no locale of ours. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

function launch(binaries: string, clusterDir: string, port: number, user: ServerUser, options: EmbeddedOptions) {
  const all = Object.entries({ ...settings, ...(options.throwaway ? throwawaySettings : {}) });
  const flags = all.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(path.join(options.dataDir, 'postgres.log'), 'w');
  const command = [path.join(binaries, 'postgres'), '-D', clusterDir, '-p', String(port), ...flags];
  const child: ChildProcess = spawn('/bin/sh', ['-c', guard, 'sh', ...command], {
    ...user,
    cwd: clusterDir,
    detached: true,
    env: environment(),
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  child.stdin?.on('error', () => undefined);
  const exited = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => resolve(code));
    child.on('error', () => resolve(null));
  });
  return { child, exited };
}

/** Recovery after a kill can take a while, so the limit is generous; a server that ended is not waited for. */
async function ready(url: string, exited: Promise<number | null>, dataDir: string): Promise<void> {
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  let last = '';
  for (const until = Date.now() + 90_000; Date.now() < until && !ended; ) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      last = messageOf(error);
      await delay(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new AppError('CONFIG', `The embedded Postgres did not start: ${ended ? logTail(dataDir) : last}`);
}

async function ensureDatabase(url: string, database: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

function urlOf(clusterDir: string, port: number, database: string): string {
  const password = readFileSync(path.join(clusterDir, 'flywheel.password'), 'utf8');
  return `postgresql://flywheel:${password}@127.0.0.1:${port}/${database}`;
}

function logTail(dataDir: string): string {
  try {
    return readFileSync(path.join(dataDir, 'postgres.log'), 'utf8').trim().split('\n').slice(-3).join(' / ');
  } catch {
    return 'it left no log';
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
