// One installation or build of a checkout at a time.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Outside the checkout, because npm ci empties node_modules and a build replaces dist. */
export async function underLock(root, work, onWait) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const file = path.join(tmpdir(), `flywheel-${name}-${process.getuid?.() ?? 0}.lock`);
  // The second try: a lock that a killed process left is gone by now.
  if (!take(file) && !take(file)) {
    onWait?.();
    while (!take(file)) await delay(100);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!alive(Number(holder(file)))) rmSync(file, { force: true });
    return false;
  }
}

function holder(file) {
  try {
    // Empty for the moment between its creation and its first byte: somebody is just taking it.
    return readFileSync(file, 'utf8') || process.pid;
  } catch {
    return process.pid;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
