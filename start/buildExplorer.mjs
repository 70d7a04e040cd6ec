// Bundles the explorer with Vite, once per state of its sources. Vite runs in a process of its own: it changes NODE_ENV,
// and the server that is started next has no use for what it keeps in memory.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Copies the bundle of the sources that `stamp` is of to `target`; makes it first if there is none. */
export async function buildExplorer(stamp, target) {
  const cache = path.join(root, 'node_modules', '.cache', 'flywheel-explorer');
  const made = path.join(cache, stamp);
  if (!existsSync(made)) {
    const fresh = path.join(cache, `fresh-${process.pid}`);
    await mkdir(cache, { recursive: true });
    await bundle(fresh);
    await rename(fresh, made);
    for (const old of await readdir(cache)) {
      if (old !== stamp) await rm(path.join(cache, old), { recursive: true, force: true });
    }
  }
  await cp(made, target, { recursive: true });
}

function bundle(outDir) {
  const { NODE_ENV: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), outDir], { cwd: root, env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The explorer could not be built:\n${said}`));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { build } = await import('vite');
  await build({
    configFile: path.join(root, 'explorer', 'vite.config.mjs'),
    logLevel: 'error',
    build: { outDir: process.argv[2], emptyOutDir: true },
  });
}
