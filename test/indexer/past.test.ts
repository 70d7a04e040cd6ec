import { openFakeChain } from '../api/fakeChain';
import { randomHistory } from '../oracle/history';
import { Random } from '../oracle/history/random';
import { createDatabase, type TestDatabase } from '../run/database';
import { readPast } from './pastTables';

const SEED = process.env['PAST_SEED'] ?? 'past';
/** Not as of a block: what was fetched from outside, how the chain was learned, and what only the indexer reads. */
const TODAYS = [
  'chain',
  'change',
  'contribution_pending',
  'contribution_unknown',
  'final_header',
  'header',
  'pool_pending',
  'retracted_event',
  'retracted_item',
  'reward_pending',
  'segment',
  'token',
  'undecoded_log',
];

/** The schema `past` (migrations/0011_past.sql) against what the tables held when the chain was indexed that far. */
describe(`the tables as of a past block (seed ${SEED})`, () => {
  let database: TestDatabase;
  const then = new Map<number, Record<string, string[]>>();

  beforeAll(async () => {
    database = await createDatabase();
    const { pool } = database;
    const random = new Random(SEED);
    const chain = await openFakeChain(pool);
    // Another chain, whose rows are no part of the first one's past.
    const other = await openFakeChain(pool, 31338);
    await other.extend(randomHistory(`${SEED}-other`, { logs: 150 }).map(({ txs }) => txs.flat()));
    const blocks = randomHistory(SEED, { logs: 900 }).map(({ txs }) => txs.flat());
    let head = 0;
    let played = 0;
    while (played < blocks.length) {
      const more = blocks.slice(played, played + random.between(1, 8));
      played += more.length;
      await chain.extend(more);
      head += more.length;
      if (head > 8 && random.chance(0.3)) {
        const depth = random.between(1, 4);
        for (const number of then.keys()) if (number > head - depth) then.delete(number);
        await chain.reorg(depth, more.slice(0, depth - 1));
        head += Math.min(more.length, depth - 1) - depth;
      }
      then.set(head, await readPast(pool, chain.chainId, 'now'));
    }
  });

  afterAll(() => database.close());

  it('are those of a chain that was indexed that far, at every block that was looked at', async () => {
    const blocks = [...then].sort(([a], [b]) => a - b);
    expect(blocks.length).toBeGreaterThan(8);
    for (const [number, tables] of blocks) {
      const past = await readPast(database.pool, 31337, number);
      for (const [name, rows] of Object.entries(past))
        expect([number, name, rows]).toEqual([number, name, tables[name]]);
    }
  });

  it('have every column of every table that answers are read from', async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and table_name <> all ($1)
         and table_name in (
           select t.table_name from information_schema.tables t
           join information_schema.columns c on c.table_schema = t.table_schema and c.table_name = t.table_name
           where t.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name = 'chain_id'
         )
       except
       select table_name || '.' || column_name from information_schema.columns where table_schema = 'past'
       order by 1`,
      [TODAYS],
    );
    expect(rows).toEqual([]);
  });

  it('can be read by a role that may read the tables, and by no other', async () => {
    const client = await database.pool.connect();
    const read = async () =>
      (await client.query<{ n: number }>('select count(*)::integer as n from past.account_role')).rows[0]?.n;
    try {
      await client.query('begin');
      await client.query('create role reads_only');
      await client.query(
        "select set_config('flywheel.past_chain', '31337', true), set_config('flywheel.past_end', $1, true)",
        [String(2n ** 60n)],
      );
      const owned = await read();
      expect(owned).toBeGreaterThan(10);
      await client.query('savepoint without; set local role reads_only');
      await expect(read()).rejects.toThrow('permission denied');
      await client.query('rollback to without');
      await client.query('grant select on all tables in schema public to reads_only; set local role reads_only');
      expect(await read()).toBe(owned);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});
