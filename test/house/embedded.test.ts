import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { openEmbedded, runningEmbedded } from '../../db/embedded';
import { until } from '../run/until';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'embedded-'));
  chmodSync(dataDir, 0o711);
});
afterEach(() => rm(dataDir, { recursive: true }));

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Opens the server in a process of its own, which can be killed. */
function openElsewhere(): Promise<ChildProcess> {
  const program = `
    require('@swc/core');
    const { transformFileSync } = require('@swc/core');
    require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, { configFile: '${path.resolve('.swcrc')}' }).code, file);
    require('${path.resolve('db/embedded.ts')}').openEmbedded({ dataDir: ${JSON.stringify(dataDir)} }).then(() => process.stdout.write('open'));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', () => resolve(child));
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}

test('keeps its rows from one start to the next and is gone after close', async () => {
  const first = await openEmbedded({ dataDir });
  await query(first.url, 'create table kept as select 7 as n');
  expect(runningEmbedded(dataDir)).toBe(first.url);
  await first.close();
  expect(runningEmbedded(dataDir)).toBeUndefined();
  const second = await openEmbedded({ dataDir });
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  await second.close();
});

test('the server ends by itself when the program is killed', async () => {
  const child = await openElsewhere();
  expect(runningEmbedded(dataDir)).toBeDefined();
  child.kill('SIGKILL');
  await until(() => runningEmbedded(dataDir) === undefined);
});

test('after kill -9 of the postmaster and its guard nothing committed is lost and orphans are stopped', async () => {
  const first = await openEmbedded({ dataDir });
  await query(first.url, 'create table kept as select generate_series(1, 1000) as n');
  const pid = Number(readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  const second = await openEmbedded({ dataDir });
  expect(await query(second.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  await second.close();
  await first.close();
});

test('a server that a killed program left running is stopped and started again', async () => {
  const child = await openElsewhere();
  const before = runningEmbedded(dataDir);
  // A stopped guard can't do its work: the server outlives its program, as after kill -9 of the whole tree.
  const guard = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0]);
  for (const pid of [guard, ...childrenOf(guard)]) if (!isPostgres(pid)) process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
  expect(runningEmbedded(dataDir)).toBe(before);
  const second = await openEmbedded({ dataDir });
  expect(await query(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  await second.close();
});

test('a stale postmaster.pid whose number belongs to somebody else by now is no obstacle', async () => {
  const first = await openEmbedded({ dataDir });
  await first.close();
  writeFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), `${process.pid}\n${dataDir}\n1\n5432\n\n127.0.0.1\n`);
  const second = await openEmbedded({ dataDir });
  await second.close();
});

test('works in a folder that only its owner may enter, also as root', async () => {
  const closed = path.join(dataDir, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const nested = path.join(closed, 'data');
  const place = () => realpathSync(path.join(nested, 'postgres'));
  const first = await openEmbedded({ dataDir: nested });
  await query(first.url, 'create table kept as select 7 as n');
  await first.close();
  const second = await openEmbedded({ dataDir: nested });
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  await second.close();
  await rm(nested, { recursive: true });
  const third = await openEmbedded({ dataDir: nested });
  expect(await query(third.url, "select to_regclass('kept') as kept")).toEqual([{ kept: null }]);
  await third.close();
  await rm(place(), { recursive: true });
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function isPostgres(pid: number): boolean {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
}
