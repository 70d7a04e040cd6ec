import { createFakeChain, type FakeChain } from '../chain/fakeChain';
import { type FakeNode, type FakeRequest, sendJson, startFakeNode } from '../chain/fakeNode';
import { randomHistory } from '../oracle/history';
import { createDatabase, type TestDatabase } from '../run/database';
import { createSmallDisk, describeWithSmallDisk, type SmallDisk } from '../run/smallDisk';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { expectSurvived, type Watch, watchSnapshots } from './survives';

/** A real server that refuses what it is asked, for its own reasons: the indexer waits, and goes on by itself. */
let chain: FakeChain;
let node: FakeNode;
let database: TestDatabase;
let index: RunningIndex | undefined;
let watch: Watch | undefined;

beforeEach(async () => {
  chain = createFakeChain();
  node = await startFakeNode(chain);
});
afterEach(async () => {
  try {
    await watch?.end();
  } finally {
    await index?.close();
    index = watch = undefined;
    await node.close();
  }
});

const config = () => chain.config(node.url, { finality: { depth: 12 }, maxLogsRange: 10 });
const reachHead = () => index?.reach(chain.chainId, chain.head);
const survived = () => expectSurvived(database, config(), node.url);
const play = (seed: string, blocks: number) => {
  const { timestamp } = chain.head;
  return chain.play(randomHistory(seed, { logs: 24 * blocks, timestamp }).slice(0, blocks));
};
const fork = (depth: number, seed: string) => {
  chain.rewindTo(chain.head.number - depth);
  play(seed, depth + 1);
};

async function start(on: TestDatabase): Promise<void> {
  database = on;
  index = await startIndex([config()], database);
  watch = watchSnapshots(database.pool);
}

async function value<T>(sql: string): Promise<T | undefined> {
  return (await database.pool.query<{ value: T }>(sql)).rows[0]?.value;
}
const indexed = async () => (await value<number>('select indexed_number::int as value from chain')) ?? -1;
const error = () => value<string | null>('select error as value from chain');

/** Of connections to this database that are opened from now on. */
async function setting(set: string): Promise<void> {
  const name = new URL(database.url).pathname.slice(1);
  await database.pool.query(`alter database ${name} set ${set}`);
}

/** For a row that somebody else has written. */
const untilItWaits = () =>
  until(
    async () =>
      (await value<boolean>(
        `select true as value from pg_stat_activity
         where application_name like 'flywheel-indexer-%' and datname = current_database() and wait_event_type = 'Lock'`,
      )) === true,
  );

describeWithSmallDisk('a disk that is full', () => {
  let disk: SmallDisk;
  beforeEach(async () => {
    disk = await createSmallDisk();
  });
  afterEach(async () => {
    await watch?.end();
    await index?.close();
    index = watch = undefined;
    await disk.close();
  });

  const isSaid = () => until(async () => (await error())?.includes('No space left on device') === true);

  it('near the head stops nothing but time, and the status says it', async () => {
    play('before', 20);
    await start(await createDatabase({ tablespace: disk.tablespace }));
    await reachHead();
    disk.fill();
    play('while it is full', 20);
    await isSaid();
    fork(5, 'while it is still full');
    const before = await indexed();
    expect(before).toBeLessThan(chain.head.number);
    disk.free();
    await reachHead();
    expect(await error()).toBeNull();
    await survived();
  });

  it('in the middle of history stops nothing but time, and the status says it', async () => {
    play('before', 70);
    let letGo = (): void => undefined;
    const isFull = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    // History has no end before the disk is full.
    const isLate = ({ method, params }: FakeRequest) =>
      method === 'eth_getLogs' && Number((params[0] as { fromBlock?: string }).fromBlock) >= 30;
    node.lie = (requests) =>
      requests.some(isLate)
        ? (_, honest, response) => void isFull.then(() => sendJson(response, honest.length === 1 ? honest[0] : honest))
        : undefined;
    await start(await createDatabase({ tablespace: disk.tablespace }));
    await until(async () => (await indexed()) >= 10);
    disk.fill();
    letGo();
    await isSaid();
    disk.free();
    await reachHead();
    expect(await error()).toBeNull();
    await survived();
  });
});

it("a server's limit for statements is for others: what takes long is done to its end", async () => {
  play('before', 25);
  database = await createDatabase();
  await setting(`statement_timeout = '1ms'`);
  await start(database);
  await reachHead();
  fork(5, 'a rewind');
  await reachHead();
  await survived();
});

it('statements that are cancelled, whichever they are, are asked again', async () => {
  play('before', 40);
  await start(await createDatabase());
  const cancel = async () =>
    (
      await database.pool.query(
        `select pg_cancel_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and application_name like 'flywheel-%'
           and state = 'active'`,
      )
    ).rowCount ?? 0;
  const cancelSome = async () => {
    let cancelled = 0;
    await until(async () => {
      cancelled += await cancel();
      return cancelled >= 8 || (await indexed()) === chain.head.number;
    });
    return cancelled;
  };
  expect(await cancelSome()).toBeGreaterThan(0);
  await reachHead();
  for (let i = 0; i < 3; i++) {
    fork(i + 2, `fork ${i}`);
    await cancelSome();
  }
  await reachHead();
  await survived();
});

it('deadlocks with somebody who takes the same rows in another order', async () => {
  play('before', 20);
  await start(await createDatabase());
  await reachHead();
  const deadlocks = async () => {
    await database.pool.query('select pg_stat_clear_snapshot()');
    return (
      (await value<number>(
        'select deadlocks::int as value from pg_stat_database where datname = current_database()',
      )) ?? 0
    );
  };
  const other = await database.pool.connect();
  try {
    // The indexer is the first to look for deadlocks, after a second.
    await other.query(`set deadlock_timeout = '1min'; set lock_timeout = '3s'`);
    let round = 0;
    await until(async () => {
      await other.query('begin; select from change_position for update');
      play(`round ${round++}`, 1);
      await untilItWaits();
      await other.query(`update chain set name = name`).catch(() => undefined);
      await other.query('rollback');
      await reachHead();
      return (await deadlocks()) > 0;
    });
  } finally {
    other.release(true);
  }
  expect(await error()).toBeNull();
  await survived();
});

it('a database whose transactions are serializable, with somebody who writes what the indexer writes', async () => {
  database = await createDatabase();
  await setting(`default_transaction_isolation = 'serializable'`);
  play('before', 20);
  await start(database);
  await reachHead();
  const other = await database.pool.connect();
  try {
    for (let i = 0; i < 3; i++) {
      await other.query('begin; update chain set name = name');
      if (i === 1) fork(2, 'fork');
      else play(`more ${i}`, 1);
      await untilItWaits();
      // What waited may not write what another wrote after it began.
      await other.query('commit');
      await reachHead();
    }
  } finally {
    other.release(true);
  }
  expect(await error()).toBeNull();
  await survived();
});
