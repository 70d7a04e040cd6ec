// Makes node_modules what package-lock.json says, when it isn't.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { underLock } from './lock.mjs';

/** `runProgram(program, args)` resolves with an exit code. */
export async function install(root, runProgram) {
  if (installed(root)) return;
  await underLock(root, async () => {
    if (installed(root)) return;
    console.log('Installing dependencies (npm ci) …');
    const npm = process.env.npm_execpath;
    const ci = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const code = await (npm ? runProgram(process.execPath, [npm, ...ci]) : runProgram('npm', ci));
    if (code !== 0) throw new Error(`npm ci ended with exit code ${code}: see above.`);
    if (!installed(root)) throw new Error('npm ci did not install what package-lock.json lists.');
  });
}

/** A stamp in node_modules says which lock file it was made from; npm's own record says it where somebody else ran npm. */
function installed(root) {
  const lock = read(path.join(root, 'package-lock.json'));
  const stampFile = path.join(root, 'node_modules', '.flywheel-installed');
  const stamp = createHash('sha256').update(`${process.platform} ${process.arch} ${lock}`).digest('hex');
  if (read(stampFile) === stamp) return true;
  const record = read(path.join(root, 'node_modules', '.package-lock.json'));
  if (!lock || !record || !sameTree(JSON.parse(lock).packages, JSON.parse(record).packages)) return false;
  try {
    writeFileSync(stampFile, stamp);
  } catch {
    // Installed by another user: it is compared again next time.
  }
  return true;
}

/** Optional packages are absent where they are for another platform. */
function sameTree(wanted, found) {
  return Object.entries(wanted).every(
    ([place, { version, optional, link }]) =>
      place === '' || link || found[place]?.version === version || (optional && !found[place]),
  );
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
