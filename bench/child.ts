import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A program of ours in a process of its own, whose memory can be told. */
export interface Child {
  name: string;
  readonly ended: boolean;
  /** Resolves with its exit code, null after a signal. */
  exited: Promise<number | null>;
  /** The most memory it ever held (VmHWM), in MB; undefined after its end, and on other systems than Linux. */
  peakMb(): number | undefined;
  close(): Promise<void>;
}

export interface ChildOptions {
  args?: readonly string[];
  env?: Record<string, string>;
  /** Writes a CPU profile there when it ends. */
  profileFolder?: string;
}

const GRACE_MS = 12_000;
const running = new Set<Child>();

/** Ends every child that still runs: when the benchmark is interrupted. */
export async function closeChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.close()));
}

/** Runs a compiled entry. What it prints on stderr is ours to see. */
export function startChild(entry: string, { args = [], env = {}, profileFolder }: ChildOptions): Child {
  const name = path.basename(entry, '.js');
  const profiling = profileFolder
    ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.cpuprofile`]
    : [];
  const child = spawn(process.execPath, [...profiling, entry, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const started: Child = {
    name,
    get ended() {
      return ended();
    },
    exited: new Promise((resolve) => child.once('exit', resolve)),
    peakMb: () => (ended() ? undefined : peakOf(child.pid!)),
    async close() {
      if (ended()) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await exited;
      clearTimeout(killer);
    },
  };
  running.add(started);
  child.once('exit', () => running.delete(started));
  return started;
}

function peakOf(pid: number): number | undefined {
  try {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match ? Number(match[1]) / 1024 : undefined;
  } catch {
    return undefined;
  }
}
