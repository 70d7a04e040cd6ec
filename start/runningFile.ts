import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Closable } from './lifecycle';
import { isRunning, type ProcessId, thisProcess } from './processTable';

/** Where the parts of a running `npm start` are, for commands that talk to them. */
export interface Running {
  url: string;
  chainUrl?: string;
}

const nameOf = (dataDir: string): string => path.join(dataDir, 'running.json');

export function writeRunning(dataDir: string, running: Running): Closable {
  writeFileSync(nameOf(dataDir), JSON.stringify({ ...thisProcess(), ...running }), { mode: 0o600 });
  return { close: async () => rmSync(nameOf(dataDir), { force: true }) };
}

/** Undefined when nothing runs on this DATA_DIR; a file that a killed program left doesn't count. */
export function readRunning(dataDir: string): Running | undefined {
  try {
    const running = JSON.parse(readFileSync(nameOf(dataDir), 'utf8')) as Running & ProcessId;
    return isRunning(running) ? running : undefined;
  } catch {
    return undefined;
  }
}
