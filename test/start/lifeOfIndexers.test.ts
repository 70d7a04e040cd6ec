import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { randomHistory } from '../oracle/history';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { type Program, startProgram, untilPrinted } from './program';

let folder: string;
let database: TestDatabase;
let chain: EmittedChain;
let env: Record<string, string>;
const running: Program[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'indexers-'));
  database = await createDatabase({ empty: true });
  chain = await startEmittedChain({ maxLogsRange: 5 });
  const NETWORKS = path.join(folder, 'network.json');
  writeFileSync(NETWORKS, JSON.stringify({ chains: [chain.config] }));
  env = { NETWORKS, DATABASE_URL: database.url, DATA_DIR: path.join(folder, 'data') };
});
afterEach(async () => {
  for (const { child, exited } of running.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
  await chain.close();
  await database.close();
  await rm(folder, { recursive: true });
});

function start(command: string, extra: Record<string, string> = {}): Program {
  const program = startProgram(command, { ...env, ...extra });
  running.push(program);
  return program;
}

async function row<T>(sql: string): Promise<T | undefined> {
  return (await database.pool.query(sql)).rows[0] as T | undefined;
}
const indexed = async () => (await row<{ n: number }>('select indexed_number::int as n from chain'))?.n;
const epoch = async () => (await row<{ n: number }>('select epoch::int as n from chain'))?.n;

test('an indexer without a worker fetches history and documents itself, and the API answers from it', async () => {
  const placed = await chain.play(randomHistory('alone', { logs: 300, fromBlock: chain.nextBlock }));
  start('indexer');
  const api = start('api', { PORT: '0' });
  await untilPrinted(api, /Serving http:\S+/);
  const url = /Serving (http:[^\s"]+)/.exec(api.output())?.[1] as string;
  await until(async () => (await fetch(`${url}/ready`)).status === 200);
  expect(await indexed()).toBe(placed.at(-1)?.number);
  const pending = "select count(*)::int as n from document where state = 'pending' and uri like 'data:%'";
  await until(async () => (await row<{ n: number }>(pending))?.n === 0);
  for (const program of running) program.child.kill('SIGTERM');
  expect(await Promise.all(running.map(({ exited }) => exited))).toEqual([0, 0]);
});

test('of two indexers one leads; when it is killed in the middle of history the other goes on', async () => {
  await chain.play(randomHistory('two', { logs: 300, fromBlock: chain.nextBlock }));
  await chain.send('anvil_mine', ['0x2bc']);
  const head = Number(await chain.send('eth_blockNumber', []));
  const first = start('indexer');
  await until(async () => (await epoch().catch(() => undefined)) === 1);
  const second = start('indexer');
  await untilPrinted(second, 'Following');
  const worker = start('worker');
  await until(async () => ((await indexed()) ?? 0) > 20);
  first.child.kill('SIGKILL');
  expect(await indexed()).toBeLessThan(head);
  await until(async () => (await indexed()) === head);
  expect(await epoch()).toBe(2);

  second.child.kill('SIGKILL');
  worker.child.kill('SIGKILL');
  await chain.mine([]);
  const third = start('indexer');
  await until(async () => (await indexed()) === head + 1);
  third.child.kill('SIGINT');
  expect(await third.exited).toBe(0);
  // What was written under two leaders is one unbroken chain of segments.
  const broken = `select from segment a where from_block > 0 and not exists
    (select from segment b where b.to_block + 1 = a.from_block and b.last_hash = a.parent_hash)`;
  expect((await database.pool.query(broken)).rowCount).toBe(0);
});
