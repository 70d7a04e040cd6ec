// Installs and builds what is missing, then runs a command inside this very process: there is no child to forward
// signals to, to lose, or to leave behind.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { install } from './install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Commands that are an entry of the compiled program. */
const entries = {
  start: 'start/main.js',
  indexer: 'start/indexer.js',
  worker: 'start/worker.js',
  api: 'start/api.js',
  migrate: 'start/migrate.js',
  reindex: 'start/reindex.js',
  doctor: 'start/doctor.js',
  'demo:reorg': 'start/demoReorg.js',
  bench: 'bench/main.js',
  contracts: 'start/contracts.js',
};

export async function run(command, args) {
  process.chdir(root);
  endWithNpm();
  const known = [...Object.keys(entries), 'test', 'check'];
  if (!known.includes(command)) {
    console.error(`Unknown command ${command ?? '(none)'}: expected one of ${known.join(', ')}.`);
    process.exit(2);
  }
  try {
    await install(root, runProgram);
    const { build } = await import('./build.mjs');
    // A check reports sources that can't be compiled in its own way.
    await build().catch((error) => {
      if (command !== 'check') throw error;
    });
  } catch (error) {
    console.error(error.message);
    process.exit(error.exitCode ?? 1);
  }
  if (command === 'test') return test(args);
  if (command === 'check') return check();
  process.setSourceMapsEnabled(true);
  await enter(path.join(root, 'dist', entries[command]), args);
}

/**
 * npm runs us through a shell, and its signals end that shell alone: we would live on. So when npm or its shell is gone,
 * we take it as SIGTERM. Only under npm: a program that was put into the background may outlive its shell.
 */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const above = () => [process.ppid, parentOf(process.ppid)].join();
  const started = above();
  const watch = setInterval(() => {
    if (above() === started) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}

function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[1];
  } catch {
    return undefined;
  }
}

async function enter(file, args) {
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
}

/** Jest's own command line, with whatever followed `npm test --`. */
async function test(args) {
  process.env.NODE_ENV ??= 'test';
  await enter(createRequire(import.meta.url).resolve('jest/bin/jest'), args);
}

/** Runs every check, so that one run shows everything that is wrong. */
async function check() {
  const bin = (name, file) => [process.execPath, path.join(root, 'node_modules', name, file)];
  const compiled = (file) => path.join(root, 'dist', file);
  const checks = [
    ['format and lint', [...bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.']],
    ['types', [...bin('typescript', 'bin/tsc'), '-p', '.']],
    ["the explorer's types", [...bin('typescript', 'bin/tsc'), '-p', 'explorer']],
    [
      'imports between folders',
      [
        ...bin('dependency-cruiser', 'bin/dependency-cruise.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        ...sourceFolders(),
      ],
    ],
    ['contract artifacts', [process.execPath, compiled('start/contracts.js'), '--check']],
    ['schema drift and breaking changes', [process.execPath, compiled('start/checkSchema.js')]],
    ['typed documents', [process.execPath, compiled('start/makeClient.js'), '--check']],
  ];
  const failed = [];
  for (const [name, [program, ...args]] of checks) {
    const started = Date.now();
    const code = await runProgram(program, args);
    if (code !== 0) failed.push(name);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  }
  if (failed.length > 0) {
    console.error(`npm run check failed: ${failed.join(', ')}.`);
    process.exitCode = 1;
  }
}

function sourceFolders() {
  const folders = [
    'contracts',
    'schema',
    'db',
    'indexer',
    'api',
    'demo',
    'explorer',
    'client',
    'bench',
    'test',
    'start',
  ];
  return folders.filter((folder) => existsSync(path.join(root, folder)));
}

/** The exit code of a program that shares our terminal; a signal for us ends it and then us. */
function runProgram(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    let received;
    const forward = (signal) => {
      if (!received) child.kill(signal);
      received = signal;
    };
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);
    const done = () => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
    };
    child.on('error', (error) => {
      done();
      reject(error);
    });
    child.on('close', (code) => {
      done();
      // Asked to stop: nothing further is started.
      if (received) process.exit(0);
      resolve(code ?? 1);
    });
  });
}
