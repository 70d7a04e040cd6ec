// Makes node_modules what package-lock.json says, when it isn't.
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { underLock } from './lock.mjs';

/** `runProgram(program, args)` resolves with an exit code. */
export async function install(root, runProgram) {
  if (installed(root)) return;
  await underLock(
    root,
    async () => {
      if (installed(root)) return;
      refuseLink(path.join(root, 'node_modules'));
      console.log('Installing dependencies (npm ci) …');
      const npm = process.env.npm_execpath;
      const ci = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
      const code = await (npm ? runProgram(process.execPath, [npm, ...ci]) : runProgram('npm', ci));
      if (code !== 0) throw new Error(`npm ci ended with exit code ${code}: see above.`);
      if (!installed(root)) throw new Error('npm ci did not install what package-lock.json lists.');
    },
    () => console.log('Another command installs the dependencies of this checkout: waiting for it …'),
  );
}

/** npm ci empties the folder that a link leads to, which is somebody else's. */
function refuseLink(folder) {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new Error(
    `${folder} is a link, and what it leads to isn't what package-lock.json lists: install there, or remove the link.`,
  );
}

/** A stamp in node_modules says which lock file it was made from; where somebody else ran npm, the packages say it. */
function installed(root) {
  const lock = read(path.join(root, 'package-lock.json'));
  if (!lock) return false;
  const stampFile = path.join(root, 'node_modules', '.flywheel-installed');
  const stamp = createHash('sha256').update(`${process.platform} ${process.arch} ${lock}`).digest('hex');
  if (read(stampFile) === stamp) return true;
  if (!Object.entries(JSON.parse(lock).packages).every(([place, wanted]) => isThere(root, place, wanted))) return false;
  try {
    writeFileSync(stampFile, stamp);
  } catch {
    // Installed by another user: it is compared again next time.
  }
  return true;
}

/** Optional packages are absent where they are for another platform. */
function isThere(root, place, { version, optional, link }) {
  if (place === '' || link) return true;
  const found = read(path.join(root, place, 'package.json'));
  return found === undefined ? optional === true : JSON.parse(found).version === version;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
