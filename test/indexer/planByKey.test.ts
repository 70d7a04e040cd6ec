import type { PoolClient } from 'pg';
import { planByCost, planByCostOnce, planByKey } from '../../indexer/store/planByKey';
import { createDatabase, type TestDatabase } from '../run/database';

describe('plans of the connection that writes', () => {
  let database: TestDatabase;
  let client: PoolClient;

  beforeEach(async () => {
    database = await createDatabase();
    client = await database.pool.connect();
    // So few rows are one page: to read it is cheaper than an index.
    await client.query(`
      insert into pool_total (chain_id, pool_id, n, fee, emission, "grant", slash, unknown, accrued, claimed, reversed)
      select 7, decode(to_hex(n + 4096), 'hex'), 1, 0, 0, 0, 0, 0, 0, 0, 0 from generate_series(1, 20) n;
      analyze pool_total;
      prepare found (bytea[]) as
        select t.n from unnest($1) k (id) left join pool_total t on t.chain_id = 7 and t.pool_id = k.id`);
  });
  afterEach(async () => {
    client.release();
    await database.close();
  });

  const plan = async () => {
    const { rows } = await client.query(`explain execute found('{"\\\\x1001", "\\\\x1002"}')`);
    return rows.map((row) => row['QUERY PLAN']).join(' ');
  };
  const byScan = expect.stringContaining('Seq Scan on pool_total');
  const byKey = expect.stringContaining('pool_total_pkey');

  it('are by key near the head, those that were made before too, and by cost in a history', async () => {
    await client.query('set plan_cache_mode = force_generic_plan');
    expect(await plan()).toEqual(byScan);
    await planByKey(client);
    expect(await plan()).toEqual(byKey);
    await planByCost(client);
    expect(await plan()).toEqual(byScan);
  });

  it('are made anew in a history, whose tables grow under them', async () => {
    await planByCost(client);
    for (let i = 0; i < 10; i++) await client.query(`execute found('{"\\\\x1001", "\\\\x1002"}')`);
    expect(await plan()).toEqual(byScan);
    // No statistics say so yet.
    await client.query(`
      insert into pool_total (chain_id, pool_id, n, fee, emission, "grant", slash, unknown, accrued, claimed, reversed)
      select 7, decode(lpad(to_hex(n + 1048576), 8, '0'), 'hex'), 1, 0, 0, 0, 0, 0, 0, 0, 0 from generate_series(1, 20000) n`);
    expect(await plan()).toEqual(byKey);
  });

  it('are by cost in a rewind, and by key after it', async () => {
    await planByKey(client);
    await client.query('set plan_cache_mode = force_custom_plan');
    await client.query('begin');
    await planByCostOnce(client);
    expect(await plan()).toEqual(byScan);
    await client.query('commit');
    expect(await plan()).toEqual(byKey);
  });
});
