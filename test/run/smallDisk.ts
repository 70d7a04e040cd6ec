import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asAdmin } from './database';
import { until } from './until';

/** A tablespace of the test server on a file system of a few megabytes. */
export interface SmallDisk {
  tablespace: string;
  /** Takes all that is left of it. */
  fill(): void;
  /** Gives that back. */
  free(): void;
  /** Databases in it are dropped before. */
  close(): Promise<void>;
}

/** An empty database of ours takes 15. */
const SIZE = 'size=64m';

/** `describe` where a file system may be mounted: by root, or by anybody in a namespace of its own. */
export function describeWithSmallDisk(title: string, tests: () => void): void {
  const [program, ...args] = namespaceOf('true');
  if (process.getuid?.() === 0 || spawnSync(program as string, args).status === 0) {
    describe(title, tests);
    return;
  }
  test(`${title}: left out, because no file system can be mounted`, () => {
    process.stderr.write(`Tests of a small disk left out (${title}): neither root nor user namespaces.\n`);
  });
}

export async function createSmallDisk(): Promise<SmallDisk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'small-disk-'));
  const disk = process.getuid?.() === 0 ? mountAsRoot(folder) : await mountInNamespace(folder);
  const place = path.join(disk.root, 'tablespace');
  const filler = path.join(disk.root, 'filler');
  const tablespace = `small_${path.basename(folder).replace(/\W/g, '_').toLowerCase()}`;
  mkdirSync(place, { mode: 0o700 });
  const [server] = await asAdmin('show data_directory');
  const { uid, gid } = statSync(String(server?.['data_directory']));
  if (process.getuid?.() === 0) chownSync(place, uid, gid);
  await asAdmin(`create tablespace ${tablespace} location '${place}'`);
  return {
    tablespace,
    fill() {
      for (const bytes of [65_536, 4_096, 1]) fillUp(filler, Buffer.alloc(bytes));
    },
    free: () => rmSync(filler, { force: true }),
    async close() {
      await asAdmin(`drop tablespace ${tablespace}`);
      await disk.unmount();
      await rm(folder, { recursive: true });
    },
  };
}

/** In steps of these bytes, until no more fit. */
function fillUp(file: string, bytes: Buffer): void {
  try {
    for (;;) writeFileSync(file, bytes, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

interface Mounted {
  root: string;
  unmount(): Promise<void>;
}

function mountAsRoot(folder: string): Mounted {
  run('chmod', ['711', folder]);
  const root = path.join(folder, 'disk');
  mkdirSync(root);
  run('mount', ['-t', 'tmpfs', '-o', `${SIZE},mode=711`, 'tmpfs', root]);
  return { root, unmount: async () => run('umount', [root]) };
}

/** It lives as long as a process in there; others of the same user reach it by that one's root. */
async function mountInNamespace(folder: string): Promise<Mounted> {
  const [program, ...args] = namespaceOf(`mount -t tmpfs -o ${SIZE} tmpfs ${folder} && echo mounted && cat`);
  const child: ChildProcess = spawn(program as string, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    said += chunk;
  });
  await until(() => said.includes('mounted') || child.exitCode !== null, { what: 'a mounted file system' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    root: path.join('/proc', String(child.pid), 'root', folder),
    async unmount() {
      child.stdin?.end();
      await exited;
    },
  };
}

function namespaceOf(command: string): string[] {
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', command];
}

function run(program: string, args: string[]): void {
  const { status, stderr } = spawnSync(program, args);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
