import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../chain/fakeNode';
import { randomHistory } from '../oracle/history';
import { Random } from '../oracle/history/random';
import { blank } from '../oracle/pretend';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { type Program, startProgram, untilPrinted } from '../start/program';
import { cutConnections } from './faults';
import { expectSurvived, type Watch, watchSnapshots } from './survives';

/** Indexers and workers as processes of their own, killed and frozen without warning. */
let folder: string;
let database: TestDatabase;
let chain: FakeChain;
let node: FakeNode;
let env: Record<string, string>;
let watch: Watch | undefined;
const programs = new Set<Program>();

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'crashes-'));
  database = await createDatabase({ empty: true });
  chain = createFakeChain();
  node = await startFakeNode(chain);
  const NETWORKS = path.join(folder, 'network.json');
  writeFileSync(NETWORKS, JSON.stringify({ chains: [config()] }));
  env = { NETWORKS, DATABASE_URL: database.url, DATA_DIR: path.join(folder, 'data') };
});
afterEach(async () => {
  await watch?.end();
  watch = undefined;
  await Promise.all([...programs].map(kill));
  await node.close();
  await database.close();
  await rm(folder, { recursive: true });
});

const config = () => chain.config(node.url, { finality: { depth: 12 }, maxLogsRange: 6 });
const survived = () => expectSurvived(database, config(), node.url);
const play = (seed: string, blocks: number) => {
  const { timestamp } = chain.head;
  return chain.play(randomHistory(seed, { logs: 24 * blocks, timestamp }).slice(0, blocks));
};

function start(command: 'indexer' | 'worker'): Program {
  const program = startProgram(command, env);
  programs.add(program);
  return program;
}

async function kill(program: Program): Promise<void> {
  programs.delete(program);
  program.child.kill('SIGKILL');
  await program.exited;
}

/** Undefined while there is no such table, or no such row. */
async function value<T>(sql: string): Promise<T | undefined> {
  return (await database.pool.query<{ value: T }>(sql).catch(() => ({ rows: [] }))).rows[0]?.value;
}
const indexed = () => value<string>(`select '0x' || encode(indexed_hash, 'hex') as value from chain`);
const reachHead = () => until(async () => (await indexed()) === chain.head.hash, { limitMs: 60_000, what: 'the head' });
const runs = (statement: string) =>
  value<boolean>(
    `select true as value from pg_stat_activity
     where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query ilike '${statement}%'`,
  );

it('is killed at random points of its first start, history, live blocks and rewinds', async () => {
  const random = new Random('kill -9');
  play('before', 60);
  watch = watchSnapshots(database.pool);
  let indexer = start('indexer');
  let worker = start('worker');
  // In the middle of the migrations, or of whatever comes after them where they are too fast to be met.
  await until(async () => (await runs('%create table%')) === true || (await indexed()) !== undefined);
  await kill(indexer);
  for (let life = 0; life < 6; life++) {
    indexer = start('indexer');
    const enough = node.answered + random.between(3, 60);
    await until(async () => node.answered >= enough || (await indexed()) === chain.head.hash);
    if (life > 1) {
      chain.rewindTo(chain.head.number - random.between(1, 8));
      play(`life ${life}`, random.between(1, 12));
      const more = node.answered + random.between(1, 12);
      await until(() => node.answered >= more);
    }
    if (random.chance(0.4)) {
      await kill(worker);
      worker = start('worker');
    }
    await kill(indexer);
  }
  start('indexer');
  await reachHead();
  await survived();
}, 180_000);

it('is killed while it builds the indexes of a long first history', async () => {
  const bonds = Array.from({ length: 500 }, (_, i) => blank('BondChanged', { newBalance: BigInt(i) }));
  for (let block = 0; block < 13; block++) chain.mine([bonds.slice(block)]);
  for (let block = 0; block < 12; block++) chain.mine([]);
  start('worker');
  const indexer = start('indexer');
  await until(async () => (await value<boolean>('select true as value from deferred_index')) === true, {
    limitMs: 60_000,
  });
  await until(async () => (await runs('create index')) === true || (await indexed()) === chain.head.hash, {
    limitMs: 60_000,
  });
  await kill(indexer);
  start('indexer');
  await reachHead();
  await until(async () => (await value<boolean>('select true as value from deferred_index')) === undefined);
  const indexes = `select string_agg(indexdef, ' ' order by indexname) as value from pg_indexes where schemaname = 'public'`;
  const fresh = await createDatabase();
  const { rows } = await fresh.pool.query<{ value: string }>(indexes);
  await fresh.close();
  expect(await value(indexes)).toBe(rows[0]?.value);
  await survived();
}, 180_000);

it('of two indexers, one that was frozen and lost its lead writes nothing when it wakes up', async () => {
  play('before', 30);
  const first = start('indexer');
  start('worker');
  await reachHead();
  watch = watchSnapshots(database.pool);
  const second = start('indexer');
  await untilPrinted(second, 'Following');
  // In the middle of a commit if it can be met: the connection holds the lock and open rows.
  play('while it leads', 4);
  await until(async () => (await runs('%')) === true || (await indexed()) === chain.head.hash);
  first.child.kill('SIGSTOP');
  const epoch = () => value<number>('select epoch::int as value from chain');
  expect(await epoch()).toBe(1);
  await cutConnections(database.pool, 'flywheel-indexer-%');
  await until(async () => (await epoch()) === 2);
  chain.rewindTo(chain.head.number - 5);
  play('while it is frozen', 7);
  await reachHead();
  first.child.kill('SIGCONT');
  await untilPrinted(first, 'the follower starts again');
  play('after it woke up', 3);
  await reachHead();
  expect(await epoch()).toBe(2);
  expect(first.child.exitCode).toBeNull();
  await survived();
}, 180_000);
