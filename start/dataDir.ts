import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError, messageOf } from '../schema/appError';
import type { Closable } from './lifecycle';
import { isRunning, type ProcessId, thisProcess } from './processTable';

/**
 * Makes DATA_DIR ours for as long as we live: two programs on one would stop each other's database and chain.
 * @throws AppError CONFIG when another program has it, or it can't be written.
 */
export function lockDataDir(dataDir: string): Closable {
  makeWritable(dataDir);
  const file = path.join(dataDir, 'flywheel.pid');
  while (!take(file)) {
    const holder = readHolder(file);
    if (holder && isRunning(holder)) {
      throw new AppError(
        'CONFIG',
        `Another Flywheel (process ${holder.pid}) runs on DATA_DIR ${dataDir}: stop it, or set another DATA_DIR.`,
      );
    }
    discard(file);
  }
  const close = async (): Promise<void> => {
    if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true });
  };
  return { close };
}

function makeWritable(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new AppError('CONFIG', `DATA_DIR ${dataDir} can't be written: ${messageOf(cause)}.`, { cause });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(thisProcess()), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): ProcessId | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as ProcessId;
    return { pid, started };
  } catch {
    return undefined;
  }
}

/** Of several that find the same stale file only one can move it away. */
function discard(file: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside);
  } catch {
    // Somebody else did.
  }
}
