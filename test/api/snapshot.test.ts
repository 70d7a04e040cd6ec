import type { Pool } from 'pg';
import { openSnapshot, type Snapshot } from '../../api/snapshot';
import { openPool } from '../../db/pool';
import { createDatabase, type TestDatabase } from '../run/database';

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
const ask = async (text: string, on: Pick<Snapshot, 'query'> = snapshot) => (await on.query<{ n: number }>(text))[0]?.n;

test('statements of a turn are answered in their order, and none is lost to one before it that fails', async () => {
  const answers = await Promise.allSettled([
    ask('select 1 as n'),
    ask('select 1 / (n - 1) as n from (values (1)) v (n)'),
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

test('statements of then and now that are asked together find their own tables, behind one that fails too', async () => {
  const then = snapshot.before({ chainId: 7, end: 1n });
  const tables = `select (to_regclass('reward') = 'past.reward'::regclass)::integer as n`;
  const [now, past, failed, again, last] = await Promise.allSettled([
    ask(tables),
    ask(tables, then),
    ask('select 1 / (n - 1) as n from (values (1)) v (n)', then),
    ask(tables, then),
    ask(tables),
  ]);
  expect([now, past, again, last].map((each) => (each.status === 'fulfilled' ? each.value : each.reason))).toEqual([
    0, 1, 1, 0,
  ]);
  expect(failed).toMatchObject({ status: 'rejected', reason: DIVISION_BY_ZERO });
});

test('a snapshot that is closed with statements under way waits for them, and leaves nothing on its connection', async () => {
  const asked = [ask('select 1 / (n - 1) as n from (values (1)) v (n)'), ask('select 1 as n')];
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
  const other = openSnapshot(pool, undefined, 'select 1 / (n - 1) as n from (values (1)) v (n)');
  try {
    const [first, second] = await Promise.allSettled([other.first(), ask('select 2 as n', other)]);
    expect(first).toMatchObject({ status: 'rejected', reason: DIVISION_BY_ZERO });
    expect(second).toEqual({ status: 'fulfilled', value: 2 });
  } finally {
    await other.close();
  }
});
