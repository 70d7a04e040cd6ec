import { Random } from '../oracle/history/random';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { untilPrinted } from '../start/program';
import { cutConnections } from './faults';
import { openProcesses, type Processes } from './processes';

/** Indexers and workers as processes of their own, killed and frozen without warning. */
let database: TestDatabase;
let processes: Processes;

beforeEach(async () => {
  database = await createDatabase({ empty: true });
  processes = await openProcesses(database);
});
afterEach(() => processes.close());

const runs = (statement: string) =>
  processes.value<boolean>(
    `select true as value from pg_stat_activity
     where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query ilike '${statement}%'`,
  );

it('is killed at random points of its first start, history, live blocks and rewinds', async () => {
  const { chain, node } = processes;
  const random = new Random('kill -9');
  processes.play('before', 60);
  processes.watch();
  let indexer = processes.start('indexer');
  let worker = processes.start('worker');
  // In the middle of the migrations, or of whatever comes after them where they are too fast to be met.
  await until(async () => (await runs('%create table%')) === true || (await processes.indexed()) !== undefined);
  await processes.kill(indexer);
  for (let life = 0; life < 6; life++) {
    indexer = processes.start('indexer');
    const enough = node.answered + random.between(3, 60);
    await until(async () => node.answered >= enough || (await processes.indexed()) === chain.head.hash);
    if (life > 1) {
      chain.rewindTo(chain.head.number - random.between(1, 8));
      processes.play(`life ${life}`, random.between(1, 12));
      const more = node.answered + random.between(1, 12);
      await until(() => node.answered >= more);
    }
    if (random.chance(0.4)) {
      await processes.kill(worker);
      worker = processes.start('worker');
    }
    await processes.kill(indexer);
  }
  processes.start('indexer');
  await processes.reachHead();
  await processes.survived();
});

it('of two indexers, one that was frozen and lost its lead writes nothing when it wakes up', async () => {
  const { chain } = processes;
  processes.play('before', 30);
  const first = processes.start('indexer');
  processes.start('worker');
  await processes.reachHead();
  processes.watch();
  const second = processes.start('indexer');
  await untilPrinted(second, 'Following');
  // In the middle of a commit if it can be met: the connection holds the lock and open rows.
  processes.play('while it leads', 4);
  await until(async () => (await runs('%')) === true || (await processes.indexed()) === chain.head.hash);
  first.child.kill('SIGSTOP');
  const epoch = () => processes.value<number>('select epoch::int as value from chain');
  expect(await epoch()).toBe(1);
  await cutConnections(database.pool, 'flywheel-indexer-%');
  await until(async () => (await epoch()) === 2);
  chain.rewindTo(chain.head.number - 5);
  processes.play('while it is frozen', 7);
  await processes.reachHead();
  first.child.kill('SIGCONT');
  await untilPrinted(first, 'the follower starts again');
  processes.play('after it woke up', 3);
  await processes.reachHead();
  expect(await epoch()).toBe(2);
  expect(first.child.exitCode).toBeNull();
  await processes.survived();
});
