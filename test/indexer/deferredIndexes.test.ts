import { Client } from 'pg';
import { buildIndexes, deferIndexes } from '../../indexer/store/deferredIndexes';
import { commitPlaced } from '../api/placedChain';
import { blank, pretend } from '../oracle/pretend';
import { POOL } from '../oracle/told';
import { createDatabase, type TestDatabase } from '../run/database';

describe('indexes that wait for the end of a first history', () => {
  let database: TestDatabase;
  let client: Client;

  beforeEach(async () => {
    database = await createDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterEach(async () => {
    await client.end();
    await database.close();
  });

  const indexes = async () => {
    const { rows } = await client.query<{ definition: string }>(
      `select indexdef as definition from pg_indexes where schemaname = 'public' order by 1`,
    );
    return rows.map(({ definition }) => definition);
  };
  const keys = async () => {
    const { rows } = await client.query(
      `select conrelid::regclass::text as of_table, conname as name, pg_get_constraintdef(oid) as definition
       from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`,
    );
    return rows;
  };
  const waiting = async () => {
    const { rows } = await client.query<{ n: number }>('select count(*)::integer as n from deferred_index');
    return rows[0]?.n;
  };

  it('are built as they were', async () => {
    const before = [await indexes(), await keys()];
    await deferIndexes(client);
    expect((await indexes()).length).toBeLessThan((before[0]?.length ?? 0) - 30);
    await buildIndexes(client, database.pool);
    expect([await indexes(), await keys()]).toEqual(before);
    expect(await waiting()).toBe(0);
  });

  it('that are deferred twice are remembered once', async () => {
    const before = await indexes();
    await deferIndexes(client);
    const n = await waiting();
    await deferIndexes(client);
    expect(await waiting()).toBe(n);
    await buildIndexes(client, database.pool);
    expect(await indexes()).toEqual(before);
  });

  it('are built to the end after a crash in the middle', async () => {
    const before = await indexes();
    await deferIndexes(client);
    // Those of large tables are built one by one.
    await client.query(`
      insert into claim (chain_id, pos, pool_id, beneficiary, recipient, amount)
      select 1, n, '\\x01', '\\x02', '\\x03', n from generate_series(1, 20000) n;
      insert into pool_funding (chain_id, pos, pool_id, source, ref, funder, amount)
      select 1, n, '\\x01', 0, '\\x02', '\\x03', n from generate_series(1, 20000) n`);
    const all = (await waiting()) as number;
    let built = 0;
    const crash = buildIndexes(client, undefined, async () => {
      if (++built === 5) throw new Error('killed');
    });
    await expect(crash).rejects.toThrow('killed');
    expect(await waiting()).toBe(all - 5);
    await buildIndexes(client, database.pool);
    expect(await indexes()).toEqual(before);
  });

  it('are built early where rewards wait for what is created after them', async () => {
    const before = [await indexes(), await keys()];
    await deferIndexes(client);
    const isThere = async () => (await indexes()).some((definition) => definition.includes('reward_subject_pkey'));
    const reward = blank('RewardAccrued', { poolId: POOL, amount: 1n });
    const pool = blank('PoolCreated', { poolId: POOL });
    const [first, second] = pretend(1, [
      { number: 1, timestamp: 1, txs: [[reward]] },
      { number: 2, timestamp: 2, txs: [[pool]] },
    ]);
    await commitPlaced(database.pool, 1, [first!]);
    expect(await isThere()).toBe(false);
    await commitPlaced(database.pool, 1, [second!]);
    expect(await isThere()).toBe(true);
    await buildIndexes(client, database.pool);
    expect([await indexes(), await keys()]).toEqual(before);
  });

  it('keep autovacuum from the tables of facts as long as they wait', async () => {
    const held = async () => {
      const { rows } = await client.query<{ name: string }>(
        `select relname as name from pg_class where reloptions @> '{autovacuum_enabled=off}' order by 1`,
      );
      return rows.map(({ name }) => name);
    };
    await client.query('alter table claim set (autovacuum_enabled = off)');
    await deferIndexes(client);
    expect(await held()).toEqual(expect.arrayContaining(['event', 'reward', 'influence']));
    expect(await held()).not.toContain('pool_total');
    const crash = buildIndexes(client, database.pool, async () => {
      throw new Error('killed');
    });
    await expect(crash).rejects.toThrow('killed');
    expect(await held()).toContain('event');
    // The history that is left is a long one, too.
    await deferIndexes(client);
    await buildIndexes(client, database.pool);
    expect(await held()).toEqual(['claim']);
    expect(await waiting()).toBe(0);
  });

  it('stay where there are rows to read', async () => {
    await client.query(
      `insert into event (chain_id, pos, tx_hash, contract, event_type, topics, data)
       select 1, n, '', '', 1, '', '' from generate_series(1, 10000) n`,
    );
    const before = await indexes();
    await deferIndexes(client);
    expect(await indexes()).toEqual(before);
  });
});
