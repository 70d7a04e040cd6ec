import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What a running or killed server left in postmaster.pid: its process and port. */
export function readPostmasterFile(clusterDir: string): { pid: number; port: number } | undefined {
  try {
    const lines = readFileSync(path.join(clusterDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  } catch {
    return undefined;
  }
}

/**
 * Ends what an earlier, killed program left of this cluster's server: the postmaster, which shuts down in order, and
 * backends that outlived a killed postmaster and hold its shared memory. A postmaster.pid whose process is gone, or is
 * somebody else's by now, is removed: Postgres itself would refuse to start where the number was given out again.
 */
export async function stopStaleServer(clusterDir: string): Promise<void> {
  const stale = readPostmasterFile(clusterDir);
  if (stale && belongsTo(stale.pid, clusterDir)) {
    signal(stale.pid, 'SIGINT');
    await goneWithin(8_000, () => !belongsTo(stale.pid, clusterDir));
    if (belongsTo(stale.pid, clusterDir)) signal(stale.pid, 'SIGQUIT');
    await goneWithin(2_000, () => !belongsTo(stale.pid, clusterDir));
  }
  const orphans = serverProcesses(clusterDir);
  for (const pid of orphans) signal(pid, 'SIGQUIT');
  await goneWithin(2_000, () => serverProcesses(clusterDir).length === 0);
  for (const pid of serverProcesses(clusterDir)) signal(pid, 'SIGKILL');
  await goneWithin(2_000, () => serverProcesses(clusterDir).length === 0);
  rmSync(path.join(clusterDir, 'postmaster.pid'), { force: true });
}

/** Whether `pid` is a live Postgres process that works in this cluster. */
export function belongsTo(pid: number, clusterDir: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  if (process.platform === 'linux') return workingFolder(pid) === real(clusterDir) && isPostgres(pid);
  const command = spawnSync('ps', ['-o', 'command=', '-p', String(pid)]).stdout?.toString() ?? '';
  return command.includes('postgres') && command.includes(clusterDir);
}

/** Every server process has the cluster as its working folder; elsewhere than on Linux backends end by themselves. */
function serverProcesses(clusterDir: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && belongsTo(pid, clusterDir));
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
  } catch {
    return false;
  }
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}

async function goneWithin(limitMs: number, gone: () => boolean): Promise<void> {
  for (const until = Date.now() + limitMs; Date.now() < until && !gone(); ) await delay(20);
}
