import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../run/until';

export interface Program {
  child: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Resolves with the exit code; null after a signal. */
  exited: Promise<number | null>;
}

/** Runs a command as its npm script does. What isn't in `env` is unset, so that the machine's own variables stay out. */
export function startProgram(command: string, env: Record<string, string> = {}, args: string[] = []): Program {
  const child = spawn(process.execPath, ['start/bare.mjs', command, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_FORMAT: 'json', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, exited };
}

/** Waits for a line of the program; fails at once when it ends before. */
export async function untilPrinted(program: Program, text: string | RegExp): Promise<void> {
  const found = () => (typeof text === 'string' ? program.output().includes(text) : text.test(program.output()));
  await until(
    () => {
      if (!found() && program.child.exitCode !== null) {
        throw new Error(`It ended with ${program.child.exitCode}: ${program.output()}`);
      }
      return found();
    },
    { limitMs: 240_000, what: `${text} in the output` },
  ).catch((error) => {
    throw new Error(`${error.message}\n${program.output()}`);
  });
}

/** The outcome of a program that ends by itself. */
export async function runToEnd(command: string, env: Record<string, string> = {}, args: string[] = []) {
  const program = startProgram(command, env, args);
  const code = await program.exited;
  return { code, output: program.output() };
}
