// Compiles every TypeScript file to dist/ with swc; types are checked by `npm run check`, not here.
import { mkdir, readdir, rm, writeFile, copyFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folders = ['schema', 'migrations', 'db', 'indexer', 'api', 'demo', 'client', 'bench', 'start', 'contracts'];
// Files that the compiled program reads from beside itself.
const carried = /\.(sql|json|graphql)$/;

async function* filesBelow(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'peers') yield* filesBelow(full);
    } else yield full;
  }
}

/** Rebuilds dist/ from scratch, so that a file that is gone leaves nothing behind. */
export async function build() {
  const { transformFile } = await import('@swc/core');
  const dist = path.join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  for (const folder of folders) {
    for await (const file of filesBelow(path.join(root, folder))) {
      const target = path.join(dist, path.relative(root, file));
      if (file.endsWith('.ts')) {
        const { code } = await transformFile(file, { configFile: path.join(root, '.swcrc'), filename: file });
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target.replace(/\.ts$/, '.js'), code);
      } else if (carried.test(file)) {
        await mkdir(path.dirname(target), { recursive: true });
        await copyFile(file, target);
      }
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
