import { analyzeOutgrown, Statistics } from '../../indexer/store/statistics';
import { createDatabase, type TestDatabase } from '../run/database';

describe("the planner's statistics", () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createDatabase();
    // It would count, too, whenever it comes by.
    await database.pool.query('alter table event set (autovacuum_enabled = off)');
  });
  afterEach(async () => {
    await database.close();
  });

  const addEvents = (from: number, to: number) =>
    database.pool.query(
      `insert into event (chain_id, pos, tx_hash, contract, event_type, topics, data)
       select 7, n, '\\x01', '\\x02', 1, '{}', '' from generate_series($1::bigint, $2) n`,
      [from, to],
    );
  /** -1: none. */
  const counted = async () => {
    const { rows } = await database.pool.query<{ n: number }>(
      `select reltuples::integer as n from pg_class where oid = 'event'::regclass`,
    );
    return rows[0]?.n;
  };

  it('are made when there is something, and again when it doubled', async () => {
    const statistics = new Statistics(database.pool);
    await addEvents(1, 100);
    await statistics.keepUp(100);
    expect(await counted()).toBe(-1);
    await addEvents(101, 300);
    await statistics.keepUp(300);
    expect(await counted()).toBe(300);
    await addEvents(301, 500);
    await statistics.keepUp(500);
    expect(await counted()).toBe(300);
    await addEvents(501, 600);
    await statistics.keepUp(600);
    expect(await counted()).toBe(600);
  });

  it('are made at once of tables that outgrew them, and of no others', async () => {
    const client = await database.pool.connect();
    await addEvents(1, 100);
    await analyzeOutgrown(client);
    expect(await counted()).toBe(-1);
    await addEvents(101, 3_000);
    await analyzeOutgrown(client);
    expect(await counted()).toBe(3_000);
    await addEvents(3_001, 4_000);
    await analyzeOutgrown(client);
    expect(await counted()).toBe(3_000);
    await addEvents(4_001, 9_000);
    await analyzeOutgrown(client);
    expect(await counted()).toBe(9_000);
    client.release();
  });

  it('are left to autovacuum where it came', async () => {
    await addEvents(1, 1_000);
    await database.pool.query('analyze event');
    const statistics = new Statistics(database.pool);
    await addEvents(1_001, 1_300);
    await statistics.keepUp(300);
    expect(await counted()).toBe(1_000);
  });

  it('of great tables are made a few tables at a time', async () => {
    await addEvents(1, 3_000);
    await database.pool.query('analyze');
    const statistics = new Statistics(database.pool);
    await addEvents(3_001, 6_000);
    let turns = 0;
    for (; (await counted()) === 3_000 && turns < 100; turns++) await statistics.keepUp(3_000);
    expect(await counted()).toBe(6_000);
    expect(turns).toBeGreaterThan(2);
    // Once round, and not again.
    for (let i = 0; i < 100; i++) await statistics.keepUp(3_000);
    await addEvents(6_001, 6_100);
    await statistics.keepUp(3_100);
    expect(await counted()).toBe(6_000);
  });

  it('of great tables wait for a pause between blocks, until they doubled again', async () => {
    await addEvents(1, 3_000);
    await database.pool.query('analyze');
    const statistics = new Statistics(database.pool);
    const comesAtOnce = Promise.resolve();
    const lookRound = async (written: number, next: Promise<unknown>) => {
      for (let i = 0; i < 40; i++) await statistics.keepUp(written, next);
    };
    await addEvents(3_001, 6_000);
    await lookRound(3_000, comesAtOnce);
    expect(await counted()).toBe(3_000);
    await lookRound(3_000, new Promise(() => undefined));
    expect(await counted()).toBe(6_000);
    await addEvents(6_001, 12_000);
    await lookRound(9_000, comesAtOnce);
    expect(await counted()).toBe(6_000);
    await addEvents(12_001, 24_000);
    await lookRound(21_000, comesAtOnce);
    expect(await counted()).toBe(24_000);
  });

  it('are made in the middle of a history when there is much', async () => {
    const statistics = new Statistics(database.pool);
    await addEvents(1, 300);
    await statistics.keepUpWithHistory(249_999);
    expect(await counted()).toBe(-1);
    await statistics.keepUpWithHistory(250_000);
    expect(await counted()).toBe(300);
    await addEvents(301, 400);
    await statistics.keepUpWithHistory(499_999);
    expect(await counted()).toBe(300);
    await statistics.keepUpWithHistory(500_000);
    expect(await counted()).toBe(400);
  });

  it('are those of every table', async () => {
    await addEvents(1, 200);
    await new Statistics(database.pool).keepUp(200);
    const { rows } = await database.pool.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples = -1`,
    );
    expect(rows).toEqual([]);
  });
});
