import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A number alone doesn't name a process: numbers are given out again, after a restart of a container at once. */
export interface ProcessId {
  pid: number;
  started: string;
}

export function thisProcess(): ProcessId {
  return { pid: process.pid, started: startOf(process.pid) ?? '' };
}

export function isRunning({ pid, started }: ProcessId): boolean {
  return Number.isInteger(pid) && pid > 0 && startOf(pid) === started;
}

/** When the process started, in whatever unit this system has; undefined: there is none, or it is a zombie. */
function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    return (
      spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)])
        .stdout?.toString()
        .trim() || undefined
    );
  }
  try {
    // The name in parentheses may hold spaces: fields are counted after it. State is field 3, start time field 22.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : `${bootId()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/**
 * Ends processes of `program` that were started with a file below `folder` and whose program is gone: a local chain
 * that outlived a kill -9. Whoever calls this holds the folder's lock.
 */
export async function stopOrphans(program: string, folder: string): Promise<number> {
  const orphans = processesOf(program, folder);
  for (const pid of orphans) signal(pid, 'SIGTERM');
  for (const until = Date.now() + 3_000; Date.now() < until && orphans.some((pid) => startOf(pid)); ) await delay(20);
  for (const pid of orphans) signal(pid, 'SIGKILL');
  return orphans.length;
}

function processesOf(program: string, folder: string): number[] {
  return commandLines()
    .filter(
      ({ words }) => path.basename(words[0] ?? '') === program && words.some((word) => word.startsWith(`${folder}/`)),
    )
    .map(({ pid }) => pid);
}

function commandLines(): { pid: number; words: string[] }[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), words: commandLine(name) }));
  }
  const lines = spawnSync('ps', ['-axo', 'pid=,command=']).stdout?.toString().trim().split('\n') ?? [];
  return lines.map((line) => {
    const [pid, ...words] = line.trim().split(/\s+/);
    return { pid: Number(pid), words };
  });
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}
