import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A program in a process of its own, whose memory can be told. */
export interface Child {
  name: string;
  pid: number;
  readonly ended: boolean;
  /** Resolves with its exit code, null after a signal. */
  exited: Promise<number | null>;
  /** The most memory it ever held (VmHWM), in MB, as far as it was looked at; undefined on other systems than Linux. */
  peakMb(): number | undefined;
  /** CPU time that it took, all its threads together, as far as it was looked at. */
  cpuSeconds(): number | undefined;
  close(): Promise<void>;
}

export interface ChildOptions {
  args?: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Writes a CPU profile there when it ends. */
  profileFolder?: string;
  /** Where what it prints goes; ours to see if left out. */
  logFile?: string;
  /** It is looked at more often, because what it took last can't be seen any more. */
  endsByItself?: boolean;
  /** What runs this Node with the arguments that follow: on a core of its own, for example. */
  launcher?: { command: string; args: readonly string[] };
}

const GRACE_MS = 12_000;
/** Both figures only grow, so of what goes on until it is closed the last look tells all. */
const LOOK_MS = { goesOn: 1_000, endsByItself: 50 };
const running = new Set<Child>();

/** Ends every child that still runs: when the benchmark is interrupted. */
export async function closeChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.close()));
}

/** Runs a JavaScript file with this Node. */
export function startChild(entry: string, options: ChildOptions): Child {
  const { args = [], env = {}, cwd, profileFolder, logFile, endsByItself } = options;
  const { command, args: before } = options.launcher ?? { command: process.execPath, args: [] };
  const name = path.basename(entry, '.js');
  const profiling = profileFolder
    ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.cpuprofile`]
    : [];
  const output = logFile ? openSync(logFile, 'w') : undefined;
  const child = spawn(command, [...before, ...profiling, entry, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', output ?? 'inherit', output ?? 'inherit'],
  });
  if (output !== undefined) closeSync(output);
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  let peak: number | undefined;
  let cpu: number | undefined;
  const look = () => {
    if (ended()) return;
    peak = peakOf(child.pid!) ?? peak;
    cpu = cpuOf(child.pid!) ?? cpu;
  };
  const looking = setInterval(look, endsByItself ? LOOK_MS.endsByItself : LOOK_MS.goesOn);
  looking.unref();
  const started: Child = {
    name,
    pid: child.pid!,
    get ended() {
      return ended();
    },
    exited: new Promise((resolve) => child.once('exit', resolve)),
    peakMb() {
      look();
      return peak;
    },
    cpuSeconds() {
      look();
      return cpu;
    },
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
  child.once('exit', () => {
    clearInterval(looking);
    running.delete(started);
  });
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

/** Of a clock tick, on Linux. */
const TICK_SECONDS = 0.01;

function cpuOf(pid: number): number | undefined {
  try {
    // The program's name, in parentheses, may hold anything; after it come the fields from the third on.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS;
  } catch {
    return undefined;
  }
}
