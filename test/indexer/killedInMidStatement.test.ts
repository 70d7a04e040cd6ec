import type { Pool } from 'pg';
import { migrate, readMigrations } from '../../db/migrate';
import { randomHistory } from '../oracle/history';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import type { Program } from '../start/program';
import { copyIntoFirstRelease, databaseOf, FIRST_RELEASE, migrateTo } from './earlierRelease';
import { type Gate, installGate } from './gate';
import { openProcesses, type Processes } from './processes';
import { startIndex } from './runningIndex';

/** kill -9 at the one moment that matters: the server is in the middle of what the process asked for. */
let processes: Processes;
let database: TestDatabase;
let gate: Gate;
let closers: (() => Promise<void>)[];

beforeEach(() => {
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function open(on: Promise<TestDatabase>): Promise<void> {
  database = await on;
  processes = await openProcesses(database);
  closers.push(processes.close);
  gate = await installGate(database.pool);
  closers.push(gate.close);
}

async function ended(program: Program): Promise<never> {
  const code = await program.exited;
  throw new Error(`It ended with ${code} before it was held`);
}

/** What its server process was at is done to its end, or ends with it. */
async function killAtTheGate(program: Program, how: 'open' | 'cut'): Promise<void> {
  await Promise.race([gate.reached(), ended(program)]).catch((error: Error) => {
    throw new Error(`${error.message}: ${program.output()}`);
  });
  await processes.kill(program);
  await gate.leave(how);
}

/** To count what passes. */
const NEVER = 2 ** 31 - 1;
const howOf = (n: number) => (n % 2 === 0 ? 'open' : 'cut');

describe('a migration is whole, or not there', () => {
  /** Everything that migrations make, but for the record of them. */
  const SCHEMA = `
    select string_agg(x, E'\\n' order by x) as value from (
      select format('%s %s %s %s', c.oid::regclass, attname, format_type(atttypid, atttypmod), attnotnull) as x
      from pg_attribute join pg_class c on c.oid = attrelid
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'S') and attnum > 0 and not attisdropped
      union all select indexdef from pg_indexes where schemaname = 'public'
      union all select conname || pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'public'::regnamespace and contype not in ('n', 't')
      union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
      union all select viewname || definition from pg_views where schemaname = 'public'
      union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal and tgname !~ '^gate'
    ) x where x !~ 'flywheel_migration'`;

  const schemaOf = async (pool: Pool) => (await pool.query<{ value: string }>(SCHEMA)).rows[0]?.value;

  /** After each of the migrations from this one on: the schema, and of how many statements it was. */
  async function steps(from: number): Promise<{ schema: string | undefined; statements: number }[]> {
    const twin = await createDatabase({ empty: true });
    await migrateTo(from, twin.pool);
    const counter = await installGate(twin.pool);
    try {
      const found = [{ schema: await schemaOf(twin.pool), statements: 0 }];
      for (let count = from + 1; count <= (await readMigrations()).length; count++) {
        await counter.arm('ddl', NEVER);
        await migrateTo(count, twin.pool);
        found.push({ schema: await schemaOf(twin.pool), statements: await counter.passed() });
        await counter.close();
      }
      return found;
    } finally {
      await counter.close();
      await twin.close();
    }
  }

  async function killInEveryMigration(from: number): Promise<void> {
    const expected = await steps(from);
    for (let i = 1; i < expected.length; i++) {
      // The one before was killed, so it comes first.
      const before = expected[i - 1]?.statements as number;
      const within = Math.max(1, Math.round((expected[i]?.statements as number) * (i / expected.length)));
      await gate.arm('ddl', before + within);
      await killAtTheGate(processes.start(i % 2 === 0 ? 'indexer' : 'migrate'), 'cut');
      expect(await schemaOf(database.pool)).toBe(expected[i - 1]?.schema);
    }
    // At last the server goes on with what it was sent, to the very end: nobody hears that it is committed.
    await gate.watch('flywheel_migration', 'commit');
    await gate.arm('flywheel_migration');
    await killAtTheGate(processes.start('migrate'), 'open');
    expect(await migrate(database.pool)).toEqual([]);
    expect(await schemaOf(database.pool)).toBe(expected.at(-1)?.schema);
  }

  it('of an empty database', async () => {
    await open(createDatabase({ empty: true }));
    processes.play('before', 20);
    await killInEveryMigration(0);
    processes.start('indexer');
    await processes.reachHead();
    await processes.survived();
  });

  it('of a database of the first release, whose rows stay', async () => {
    await open(databaseOf(FIRST_RELEASE));
    const { chain, config } = processes;
    const history = randomHistory('upgrade', { logs: 300 });
    chain.play(history);
    const fresh = await startIndex([config]);
    await fresh.reach(chain.chainId, chain.head);
    await fresh.stop();
    await copyIntoFirstRelease(fresh.database.pool, database.pool);
    await fresh.close();
    await killInEveryMigration(FIRST_RELEASE);
    processes.start('indexer');
    processes.play('after', 3);
    await processes.reachHead();
    await processes.survived();
  });
});

it('a worker in the middle of a segment: it is stored whole, or fetched again', async () => {
  await open(createDatabase());
  processes.play('before', 90);
  processes.watch();
  await gate.watch('segment', 'insert');
  await gate.arm('segment');
  // No worker is there: it fetches itself, after a while.
  await killAtTheGate(processes.start('indexer'), 'open');
  for (const how of ['cut', 'open'] as const) {
    await gate.arm('segment');
    await killAtTheGate(processes.start('worker'), how);
  }
  processes.start('worker');
  processes.start('indexer');
  await processes.reachHead();
  const broken = `select from segment a where from_block > 0 and not exists
    (select from segment b where b.to_block + 1 = a.from_block and b.last_hash = a.parent_hash)`;
  expect((await database.pool.query(broken)).rowCount).toBe(0);
  await processes.survived();
});

it('an indexer that drops indexes before a long history, and builds them after it: each is there at the end', async () => {
  await open(createDatabase());
  const indexes = () =>
    processes.value(
      `select array_agg(indexdef order by indexdef) as value from pg_indexes where schemaname = 'public'`,
    );
  const before = await indexes();
  processes.playLong();
  processes.watch();
  processes.start('worker');
  for (const [tag, nth] of [
    ['DROP INDEX', 1],
    ['CREATE INDEX', 1],
    ['CREATE INDEX', 2],
    ['CREATE INDEX', 9],
  ] as const) {
    await gate.arm(tag, nth);
    await killAtTheGate(processes.start('indexer'), howOf(nth));
  }
  processes.start('indexer');
  await processes.reachHead();
  await until(async () => (await processes.value<number>('select count(*)::int as value from deferred_index')) === 0);
  expect(await indexes()).toEqual(before);
  await processes.survived();
});

it('an indexer in the middle of a rewind: the fork is left whole, or not yet', async () => {
  await open(createDatabase());
  const { chain } = processes;
  processes.play('before', 25);
  let indexer: Program | undefined = processes.start('indexer');
  await processes.reachHead();
  processes.watch();
  const moments = [
    ['retracted_event', 'insert'],
    ['block', 'delete'],
    ['segment', 'insert'],
    ['change', 'insert'],
    ['change_position', 'commit'],
  ] as const;
  for (const [table, at] of moments) await gate.watch(table, at);
  for (const [i, [table, at]] of moments.entries()) {
    // Whoever could rewind now rests at the head, or is not there: nothing passes before the gate is closed.
    const ours = await processes.indexed();
    await gate.arm(table);
    chain.rewindTo(chain.head.number - 3 - i);
    processes.play(`fork ${i}`, 3 + (i % 3));
    await killAtTheGate(indexer ?? processes.start('indexer'), howOf(i));
    // What was committed before anybody could hear of it has happened.
    expect(await processes.indexed()).toBe(at === 'commit' ? chain.head.hash : ours);
    indexer = undefined;
    if (i % 2 > 0) continue;
    indexer = processes.start('indexer');
    await processes.reachHead();
  }
  await processes.survived();
});
