import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface AnvilOptions {
  /** A free port is found when it is left out. */
  port?: number;
  /** Further command line arguments, as anvil takes them. */
  args?: readonly string[];
  /** How long anvil may take to listen; loading a large state file takes seconds. */
  startTimeoutMs?: number;
  /** Ctrl-C in a terminal doesn't reach it: its starter closes it, after saving what it knows. */
  detached?: boolean;
}

export interface Anvil {
  url: string;
  port: number;
  pid: number;
  /** True once the process has ended, whoever ended it. */
  readonly ended: boolean;
  /** Ends anvil, letting it write its state first; kills it if that takes longer than `graceMs` (5,000). */
  close(graceMs?: number): Promise<void>;
}

/**
 * The path of the anvil program of this platform. The package `@foundry-rs/anvil` only carries a wrapper in JavaScript;
 * running the program itself leaves no process in between that could outlive it.
 */
export function anvilBinary(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const wrapper = path.dirname(require.resolve('@foundry-rs/anvil/package.json'));
  const name = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
  try {
    return require.resolve(`@foundry-rs/anvil-${process.platform}-${arch}/bin/${name}`, { paths: [wrapper] });
  } catch (cause) {
    throw new Error(`no anvil program is installed for ${process.platform} ${arch}`, { cause });
  }
}

/**
 * Runs a real EVM chain on 127.0.0.1 and waits until it answers. Throws with anvil's own words when it ends before that.
 * Anvil picks a free port itself (port 0), so two that start at once never race for one.
 */
export async function spawnAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const { port = 0, args = [], startTimeoutMs = 30_000, detached = false } = options;
  const child = spawn(anvilBinary(), ['--host', '127.0.0.1', '--port', String(port), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  const boundPort = await listening(child, startTimeoutMs);
  const url = `http://127.0.0.1:${boundPort}`;
  // Anvil prints every call; a busy chain would spend its time there.
  await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_setLoggingEnabled', params: [false] }),
  });
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  return {
    url,
    port: boundPort,
    pid: child.pid!,
    get ended() {
      return ended();
    },
    async close(graceMs = 5_000) {
      if (ended()) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(killer);
    },
  };
}

function listening(child: ChildProcess, timeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`anvil did not listen within ${timeoutMs} ms: ${said.slice(-500)}`));
    }, timeoutMs);
    let bound = false;
    // The pipes are read for as long as anvil lives: a full pipe would stop it.
    const read = (chunk: Buffer) => {
      if (bound) return;
      said += chunk.toString();
      const match = /Listening on \S+:(\d+)/.exec(said);
      if (!match) return;
      bound = true;
      clearTimeout(timer);
      resolve(Number(match[1]));
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`anvil ended (${signal ?? code}) before it listened: ${said.slice(-500)}`));
    });
  });
}
