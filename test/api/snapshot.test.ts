import { Pool } from 'pg';
import { openSnapshot, type Snapshot } from '../../api/snapshot/snapshot';
import { connectionConfig, openPool, outliveBrokenClients } from '../../db/pool';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';

let database: TestDatabase;
let pool: Pool;
let snapshot: Snapshot;

beforeAll(async () => {
  database = await createDatabase();
  await database.pool.query(`
    insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts)
    values (7, 'seven', 'SVN', 18, 0, '{}', '[]')`);
  // One, so that each test finds it as the last one left it.
  pool = openPool(database.url, { pipeline: true, readOnly: true, max: 1 });
});
afterAll(async () => {
  await pool?.end();
  await database?.close();
});
beforeEach(() => {
  snapshot = openSnapshot(pool, undefined, 'select chain_id from chain');
});
afterEach(() => snapshot.close());

const DIVISION_BY_ZERO = { code: '22012' };
const fails = 'select 1 / (n - 1) as n from (values (1)) v (n)';
const isPast = `select (to_regclass('reward') = 'past.reward'::regclass)::integer as n`;
const ask = async (text: string, on: Pick<Snapshot, 'query'> = snapshot) => (await on.query<{ n: number }>(text))[0]?.n;

test('statements of a turn are answered in their order, and none is lost to one before it that fails', async () => {
  const answers = await Promise.allSettled([
    ask('select 1 as n'),
    ask(fails),
    ask('select 2 as n'),
    ask('select 2 / (n - 1) as n from (values (1)) v (n)'),
    ask('select 3 as n'),
    // Prepared by its name by whichever of both comes first.
    ask('select 3 as n'),
  ]);
  const failed = { status: 'rejected', reason: expect.objectContaining(DIVISION_BY_ZERO) };
  const given = (value: number) => ({ status: 'fulfilled', value });
  expect(answers).toEqual([given(1), failed, given(2), failed, given(3), given(3)]);
  expect(await snapshot.first()).toEqual([{ chain_id: 7 }]);
  expect(await ask('select 3 as n')).toBe(3);
});

test('a statement whose answer has other columns since a migration fails once on each connection, not for ever', async () => {
  const changing = 'select n from (select * from changing) c';
  const answers = async (ask: Promise<unknown>) => {
    const answer = await ask.then(
      () => 'answered',
      (error: Error) => error.message,
    );
    await snapshot.close();
    snapshot = openSnapshot(pool, undefined, 'select chain_id from chain');
    return answer;
  };
  await database.pool.query('create table changing as select 1::integer as n');
  expect(await answers(ask(changing))).toBe('answered');
  await database.pool.query('alter table changing alter n type bigint');
  expect(await answers(ask(changing))).toBe('cached plan must not change result type');
  expect(await answers(ask(changing))).toBe('answered');
});

test('statements of then and now that are asked together find their own tables, behind one that fails too', async () => {
  const then = snapshot.before({ chainId: 7, end: 1n });
  const [now, past, failed, again, last] = await Promise.allSettled([
    ask(isPast),
    ask(isPast, then),
    ask(fails, then),
    ask(isPast, then),
    ask(isPast),
  ]);
  expect([now, past, again, last].map((each) => (each.status === 'fulfilled' ? each.value : each.reason))).toEqual([
    0, 1, 1, 0,
  ]);
  expect(failed).toMatchObject({ status: 'rejected', reason: DIVISION_BY_ZERO });
});

test('a snapshot that is closed with statements under way waits for them, and leaves nothing on its connection', async () => {
  const asked = [ask(fails), ask('select 1 as n')];
  const answers = Promise.allSettled(asked);
  await Promise.all([snapshot.close(), snapshot.close()]);
  expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  const { rows } = await pool.query<{ xact: boolean }>(
    'select now() = statement_timestamp() as xact from pg_stat_activity where pid = pg_backend_pid()',
  );
  expect(rows).toEqual([{ xact: true }]);
});

test('what is sent behind a beginning that failed fails as it did, and the connection is not used again', async () => {
  const holder = await database.pool.connect();
  try {
    await holder.query('begin; lock table chain in access exclusive mode');
    const client = await pool.connect();
    await client.query(`set lock_timeout = '50ms'`);
    client.release();
    const answers = await Promise.allSettled([ask('select 1 as n'), ask('select 2 as n'), snapshot.first()]);
    expect(answers.map((each) => (each as PromiseRejectedResult).reason?.code)).toEqual(['55P03', '55P03', '55P03']);
    await snapshot.close();
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  const { rows } = await pool.query('show lock_timeout');
  expect(rows).toEqual([{ lock_timeout: '0' }]);
});

test('a first statement that fails takes none with it', async () => {
  const other = openSnapshot(pool, undefined, fails);
  try {
    const [first, second] = await Promise.allSettled([other.first(), ask('select 2 as n', other)]);
    expect(first).toMatchObject({ status: 'rejected', reason: DIVISION_BY_ZERO });
    expect(second).toEqual({ status: 'fulfilled', value: 2 });
  } finally {
    await other.close();
  }
});

test.each<[string, (closed: Snapshot) => Promise<unknown>, string | undefined]>([
  ['that follows an answer', (closed) => closed.query('select 1').then(() => closed.query(fails)), undefined],
  ['that is read first', (closed) => closed.first(), `${fails}, pg_sleep(0.2)`],
])(
  'what fails while a snapshot is closed, %s, fails before somebody else has its connection',
  async (_, ask, first) => {
    const one = openPool(database.url, { pipeline: true, max: 1 });
    const closed = openSnapshot(one, undefined, first);
    const next = openSnapshot(one);
    const then = next.before({ chainId: 7, end: 1n });
    try {
      const failed = expect(ask(closed)).rejects.toMatchObject(DIVISION_BY_ZERO);
      const closing = closed.close();
      const past = await then.query(isPast);
      await Promise.all([closing, failed]);
      // Of the rollback it would have become a statement of now.
      expect([past, await then.query(isPast)]).toEqual([[{ n: 1 }], [{ n: 1 }]]);
    } finally {
      await next.close();
      await one.end();
    }
  },
);

test('a closed snapshot takes no connection', async () => {
  await snapshot.close();
  await expect(snapshot.first()).rejects.toThrow('the snapshot is closed');
  await expect(ask('select 1 as n')).rejects.toThrow('the snapshot is closed');
  expect(pool.totalCount - pool.idleCount).toBe(0);
});

test('the way to the past has its time behind statements that were asked before', async () => {
  const patient = new Pool({ ...connectionConfig(database.url, { pipeline: true }), max: 1, query_timeout: 6_000 });
  outliveBrokenClients(patient);
  const slow = openSnapshot(patient);
  try {
    const sleeps = Array.from({ length: 7 }, (_, n) => ask(`select ${n} as n from pg_sleep(0.9)`, slow));
    const answers = Promise.all([...sleeps, ask(isPast, slow.before({ chainId: 7, end: 1n }))]);
    expect(await answers).toEqual([0, 1, 2, 3, 4, 5, 6, 1]);
  } finally {
    await slow.close();
    await patient.end();
  }
});

test('a way to the past that fails is what its statement failed of', async () => {
  await database.pool.query('alter schema past rename to passed');
  // Whoever went that way before knows the table itself.
  const fresh = openPool(database.url, { pipeline: true, max: 1 });
  const own = openSnapshot(fresh);
  try {
    const asked = [ask('select 1 as n', own), ask('select 2 as n', own.before({ chainId: 7, end: 2n }))];
    const [now, past] = await Promise.allSettled(asked);
    expect(now).toMatchObject({ value: 1 });
    expect(past).toMatchObject({ reason: { code: '42P01' } });
  } finally {
    await database.pool.query('alter schema passed rename to past');
    await own.close();
    await fresh.end();
  }
});

test('statements under way fail with their connection, and the next snapshot has another', async () => {
  const pid = await ask('select pg_backend_pid() as n');
  const asked = [ask('select 1 as n from pg_sleep(600)'), ask(isPast, snapshot.before({ chainId: 7, end: 1n }))];
  const answers = Promise.allSettled(asked);
  await database.pool.query('select pg_terminate_backend($1)', [pid]);
  const unavailable = { reason: { extensions: { code: 'UNAVAILABLE' } } };
  expect(await answers).toMatchObject([unavailable, unavailable]);
  await snapshot.close();
  const next = openSnapshot(pool);
  expect(await ask('select 2 as n', next)).toBe(2);
  await next.close();
});

describe('where statements are asked one after the other', () => {
  let single: Pool;
  beforeEach(() => {
    single = openPool(database.url, { readOnly: true, max: 1 });
  });
  afterEach(() => single.end());

  test('a first statement that fails takes none with it', async () => {
    const own = openSnapshot(single, undefined, fails);
    const [first, second] = await Promise.allSettled([own.first(), ask('select 2 as n', own)]);
    await own.close();
    expect(first).toMatchObject({ reason: DIVISION_BY_ZERO });
    expect(second).toEqual({ status: 'fulfilled', value: 2 });
  });

  test('a beginning that fails once its client has left leaves its connection to nobody', async () => {
    const client = await single.connect();
    await client.query(`set lock_timeout = '200ms'`);
    client.release();
    const holder = await database.pool.connect();
    const left = new AbortController();
    const own = openSnapshot(single, { signal: left.signal, cancel: async () => undefined, limitMs: 60_000 });
    try {
      await holder.query('begin; lock table chain in access exclusive mode');
      const asked = expect(ask('select 1 as n', own)).rejects.toMatchObject({ code: '55P03' });
      await until(() => single.idleCount === 0);
      left.abort();
      await asked;
      await own.close();
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    const next = openSnapshot(single);
    const [answer] = await Promise.allSettled([ask('select 2 as n', next)]);
    await next.close();
    expect(answer).toEqual({ status: 'fulfilled', value: 2 });
  });
});
