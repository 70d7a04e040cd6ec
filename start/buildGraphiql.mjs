// Bundles the package `graphiql` and what it stands on into files that the API serves by itself.
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Relative to the root. */
export const graphiqlFolder = 'api/graphiql';

const noncePlaceholder = 'NONCE';

/**
 * Puts the page and its files into `target`, all in one folder. They are made anew only when the page or an installed
 * package has changed: bundling takes 2 s of CPU, and sources change more often.
 */
export async function buildGraphiql(root, target) {
  const source = path.join(root, graphiqlFolder);
  const built = path.join(root, 'node_modules', '.cache', `flywheel-graphiql-${await keyOf(root, source)}`);
  if (!(await isThere(built))) await bundle(source, built);
  await cp(built, target, { recursive: true });
}

async function bundle(source, built) {
  const { build } = await import('vite');
  const fresh = `${built}.${process.pid}`;
  await build({
    root: source,
    configFile: false,
    logLevel: 'error',
    base: '/graphiql/',
    // The server puts one of its own in its place for each answer.
    html: { cspNonce: noncePlaceholder },
    build: {
      outDir: fresh,
      emptyOutDir: true,
      assetsDir: '',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2_000,
      reportCompressedSize: false,
      // What React's server components would read of the packages' "use client".
      rollupOptions: { onwarn: () => undefined },
    },
  });
  await rm(built, { recursive: true, force: true });
  await rename(fresh, built);
}

async function keyOf(root, source) {
  const hash = createHash('sha256');
  const names = await readdir(source, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const all = [...files.sort(), path.join(root, 'package-lock.json'), path.join(root, 'start/buildGraphiql.mjs')];
  for (const file of all) hash.update(file.slice(root.length)).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

function isThere(folder) {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
