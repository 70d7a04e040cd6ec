import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Load, Loaded } from './generator';

const TASKSET = '/usr/bin/taskset';

/** How to run something on one core alone: [program, arguments before its own]. Elsewhere than on Linux nothing pins. */
export function onCore(core: number): { command: string; args: string[] } | undefined {
  const pinned = existsSync(TASKSET) && os.cpus().length > 1;
  return pinned ? { command: TASKSET, args: ['-c', String(core), process.execPath] } : undefined;
}

/** Of servers; the generator has the other. Postgres runs where the system puts it. */
export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

/** @param folder for the file that tells the generator what to ask */
export async function loadServer(folder: string, load: Load): Promise<Loaded> {
  const file = path.join(folder, 'load.json');
  writeFileSync(file, JSON.stringify(load));
  const pinned = onCore(GENERATOR_CORE);
  const generator = fork(path.join(__dirname, 'generator.js'), {
    env: { ...process.env, LOAD: file },
    ...(pinned ? { execPath: pinned.command, execArgv: pinned.args } : {}),
  });
  const ended = once(generator, 'exit').then(([code]) => {
    throw new Error(`the generator ended with ${code}`);
  });
  const [loaded] = (await Promise.race([once(generator, 'message'), ended])) as [Loaded];
  return loaded;
}
