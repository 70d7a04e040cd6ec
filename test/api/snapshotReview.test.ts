import { Pool } from 'pg';
import { openSnapshot, type Snapshot } from '../../api/snapshot';
import { connectionConfig, openPool } from '../../db/pool';
import { createDatabase, type TestDatabase } from '../run/database';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  await database.pool.query(`
    insert into chain (chain_id, name, native_symbol, native_decimals, start_block, finality, contracts)
    values (7, 'seven', 'SVN', 18, 0, '{}', '[]')`);
});
afterAll(async () => {
  await database?.close();
});
beforeEach(() => {
  pool = openPool(database.url, { pipeline: true, readOnly: true, max: 1 });
});
afterEach(async () => {
  await pool.end();
});
const FIRST = 'select chain_id from chain';
const FAILS = 'select 1 / (n - 1) as n from (values (1)) v (n)';
const tables = `select (to_regclass('reward') = 'past.reward'::regclass)::integer as n`;
const ask = async (text: string, on: Pick<Snapshot, 'query'>) => (await on.query<{ n: number }>(text))[0]?.n;

test('first after close', async () => {
  const s = openSnapshot(pool, undefined, FIRST);
  await s.close();
  await expect(s.first()).rejects.toThrow();
  expect(pool.totalCount - pool.idleCount).toBe(0);
});

test('asked in the continuation of the last answer while closing', async () => {
  const s = openSnapshot(pool, undefined, FIRST);
  const other = openSnapshot(pool, undefined, FIRST);
  const then = other.before({ chainId: 7, end: 1n });
  const chained = ask('select 1 as n', s).then(() => ask(FAILS, s));
  chained.catch(() => undefined);
  const closing = s.close();
  const a = ask(tables, then);
  await closing;
  const got = [await a, (await Promise.allSettled([chained]))[0], await ask(tables, then)];
  await other.close();
  expect(got).toEqual([1, { status: 'rejected', reason: expect.objectContaining({ code: '22012' }) }, 1]);
});

test('close with first under way that fails', async () => {
  const s = openSnapshot(pool, undefined, FAILS);
  const other = openSnapshot(pool, undefined, FIRST);
  const then = other.before({ chainId: 7, end: 1n });
  const first = s.first();
  first.catch(() => undefined);
  const closing = s.close();
  const a = ask(tables, then);
  await closing;
  const got = [await a, (await Promise.allSettled([first]))[0]?.status, await ask(tables, then)];
  await other.close();
  expect(got).toEqual([1, 'rejected', 1]);
});

test('moved has its time behind others', async () => {
  const own = new Pool({ ...connectionConfig(database.url, { pipeline: true, readOnly: true }), max: 1, query_timeout: 2000 });
  const s = openSnapshot(own, undefined, FIRST);
  const sleeps = Array.from({ length: 5 }, (_, n) => ask(`select ${n} as n from pg_sleep(0.5)`, s));
  const answers = await Promise.allSettled([...sleeps, ask(tables, s.before({ chainId: 7, end: 1n }))]);
  await s.close();
  await own.end();
  expect(answers.map((x) => (x.status === 'fulfilled' ? x.value : x.reason))).toEqual([0, 1, 2, 3, 4, 1]);
});

test('aborted while begin fails, not pipelined', async () => {
  const own = openPool(database.url, { readOnly: true, max: 1 });
  const holder = await database.pool.connect();
  const left = new AbortController();
  const s = openSnapshot(own, { signal: left.signal, cancel: async () => undefined, limitMs: 60_000 }, FIRST);
  try {
    await holder.query('begin; lock table chain in access exclusive mode');
    const client = await own.connect();
    await client.query(`set lock_timeout = '300ms'`);
    client.release();
    const asked = ask('select 1 as n', s);
    asked.catch(() => undefined);
    own.on('acquire', () => undefined);
    while (own.idleCount > 0) await new Promise(setImmediate);
    left.abort();
    await expect(asked).rejects.toThrow();
    await s.close();
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  const o = openSnapshot(own, undefined, FIRST);
  const [r] = await Promise.allSettled([ask('select 2 as n', o)]);
  await o.close();
  await own.end();
  expect(r).toEqual({ status: 'fulfilled', value: 2 });
});

test('first that fails, not pipelined', async () => {
  const own = openPool(database.url, { readOnly: true, max: 1 });
  const o = openSnapshot(own, undefined, FAILS);
  const [f, r] = await Promise.allSettled([o.first(), ask('select 2 as n', o)]);
  await o.close();
  await own.end();
  expect(f).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
  expect(r).toEqual({ status: 'fulfilled', value: 2 });
});

test('a move that fails says why', async () => {
  await database.pool.query('create schema if not exists hidden');
  const s = openSnapshot(pool, undefined, FIRST);
  const [r] = await Promise.allSettled([ask(tables, s.before({ chainId: 7, end: 1n } )), ]);
  expect(r).toMatchObject({ value: 1 });
  await database.pool.query('alter schema past rename to passed');
  try {
    const [q, p] = await Promise.allSettled([ask('select 1 as n', s), ask(tables, s.before({ chainId: 7, end: 2n }))]);
    expect(q).toMatchObject({ value: 1 });
    expect(p).toMatchObject({ status: 'rejected', reason: { code: '42P01' } });
  } finally {
    await database.pool.query('alter schema passed rename to past');
    await s.close();
  }
});

test('the connection ends with statements under way', async () => {
  const s = openSnapshot(pool, undefined, FIRST);
  const pid = await ask('select pg_backend_pid() as n', s);
  const asked = Promise.allSettled([
    ask('select 1 as n from pg_sleep(60)', s),
    ask('select 2 as n', s),
    ask(tables, s.before({ chainId: 7, end: 1n })),
  ]);
  await database.pool.query('select pg_terminate_backend($1)', [pid]);
  const answers = await asked;
  await s.close();
  expect(answers.map((x) => (x as PromiseRejectedResult).reason?.extensions?.code)).toEqual(Array(3).fill('UNAVAILABLE'));
  const o = openSnapshot(pool, undefined, FIRST);
  expect(await ask('select 2 as n', o)).toBe(2);
  await o.close();
});

test('random: each statement its own answer', async () => {
  const s = openSnapshot(pool, undefined, FIRST);
  const failing = new Set([3, 4, 9, 15, 16, 17, 30]);
  const one = async (n: number): Promise<unknown> => {
    const past = n % 3 === 0 ? s.before({ chainId: 7, end: BigInt(n % 2 + 1) }) : s;
    if (n % 5 === 0) await new Promise(setImmediate);
    const text = failing.has(n)
      ? `select ${n % 4} / (n - 1) as n from (values (1)) v (n)`
      : `select $1::integer * 2 + (to_regclass('reward') = 'past.reward'::regclass)::integer as n, current_setting('flywheel.past_end', true) as e from (values (${n % 4})) v`;
    const got = await past.query<{ n: number; e: string }>(text, failing.has(n) ? [] : [n]).then(
      ([row]) => ({ n: row!.n, e: n % 3 === 0 ? row!.e : null }),
      (e) => e.code,
    );
    const want = failing.has(n) ? '22012' : { n: n * 2 + (n % 3 === 0 ? 1 : 0), e: n % 3 === 0 ? String(n % 2 + 1) : null };
    expect(got).toEqual(want);
    if (n < 60) await one(n + 20);
    return got;
  };
  await Promise.all(Array.from({ length: 20 }, (_, n) => one(n)));
  await s.close();
});
