import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const folder = path.dirname(fileURLToPath(import.meta.url));

/** How start/build.mjs bundles the explorer; `npx vite explorer` serves it while it is written, beside `npm start`. */
export default defineConfig({
  root: folder,
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: path.join(folder, '../dist/explorer'),
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/graphql': { target: process.env.API_URL ?? 'http://127.0.0.1:4000', ws: true } } },
});
