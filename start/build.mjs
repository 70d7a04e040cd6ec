// Compiles every TypeScript file to dist/ with swc, and the explorer with Vite; types are checked by `npm run check`, not
// here.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExplorer } from './buildExplorer.mjs';
import { buildGraphiql, graphiqlFolder } from './buildGraphiql.mjs';
import { underLock } from './lock.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.stamp');
const folders = ['schema', 'migrations', 'db', 'indexer', 'api', 'demo', 'client', 'bench', 'start', 'contracts'];
// Files that the compiled program reads from beside itself.
const carried = /\.(sql|json|graphql|sol)$/;
/** The explorer's bundle is made of these. */
const bundled = /^(explorer\/.*\.(tsx?|css|html|svg|m?js)|client\/[^/]*\.ts|package-lock\.json)$/;
const left = new Set(['node_modules', 'peers']);

/**
 * Brings dist/ up to date, from scratch when any source differs, so that a file that is gone leaves nothing behind. It
 * grows beside and is moved into place whole: a program that starts meanwhile sees the old or the new, never a half.
 */
export async function build() {
  if (await upToDate()) return false;
  return underLock(root, async () => {
    const sources = await listSources();
    const stamp = stampOf(sources);
    if (stamp === readStamp()) return false;
    const cache = path.join(root, 'node_modules', '.cache');
    const fresh = path.join(cache, `flywheel-build-${process.pid}`);
    const old = path.join(cache, `flywheel-old-${process.pid}`);
    await rm(fresh, { recursive: true, force: true });
    const { transform } = await import('@swc/core');
    const options = JSON.parse(readFileSync(path.join(root, '.swcrc'), 'utf8'));
    const compiled = sources.filter(({ file }) => !file.startsWith('explorer/'));
    await Promise.all([
      eachOf(compiled, 16, ({ file }) => compile(file, fresh, transform, options)),
      buildExplorer(stampOf(sources.filter(({ file }) => bundled.test(file))), path.join(fresh, 'explorer')),
      buildGraphiql(root, path.join(fresh, 'graphiql')),
    ]);
    await writeFile(path.join(fresh, '.stamp'), stamp);
    await rename(dist, old).catch((error) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(fresh, dist);
    await rm(old, { recursive: true, force: true });
    return true;
  });
}

async function upToDate() {
  return stampOf(await listSources()) === readStamp();
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return undefined;
  }
}

/** Sizes and times, not contents: a stat of each file is all that an unchanged start costs. */
function stampOf(sources) {
  const hash = createHash('sha256').update(process.version);
  for (const { file, size, mtimeMs } of sources) hash.update(`${file} ${size} ${mtimeMs}\n`);
  return hash.digest('hex');
}

async function listSources() {
  const files = [];
  for (const folder of [...folders, 'explorer']) await collect(folder, files);
  const relevant = files.filter(
    (file) => file.endsWith('.ts') || carried.test(file) || bundled.test(file) || isOfGraphiql(file),
  );
  const all = [
    ...relevant,
    '.swcrc',
    'start/build.mjs',
    'start/buildExplorer.mjs',
    'start/buildGraphiql.mjs',
    'package-lock.json',
  ].sort();
  return Promise.all(
    all.map(async (file) => {
      const { size, mtimeMs } = await stat(path.join(root, file));
      return { file, size, mtimeMs };
    }),
  );
}

async function collect(folder, files) {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const entry of entries) {
    const full = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) files.push(full);
    else if (!left.has(entry.name)) await collect(full, files);
  }
}

function isOfGraphiql(file) {
  return file.startsWith(`${graphiqlFolder}/`);
}

async function compile(file, fresh, transform, options) {
  const source = path.join(root, file);
  const target = path.join(fresh, file);
  if (!file.includes('/') || isOfGraphiql(file)) return;
  await mkdir(path.dirname(target), { recursive: true });
  if (!file.endsWith('.ts')) {
    if (carried.test(file)) await copyFile(source, target);
    return;
  }
  const { code } = await transform(await readFile(source, 'utf8'), { ...options, swcrc: false, filename: source });
  await writeFile(target.replace(/\.ts$/, '.js'), code);
}

async function eachOf(items, parallel, work) {
  const queue = [...items];
  const lane = async () => {
    for (let item = queue.pop(); item; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, lane));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
