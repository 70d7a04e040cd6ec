import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pool } from 'pg';
import { migrate } from '../../db/migrate';
import { buildIndexes, deferIndexes } from '../../indexer/store/deferredIndexes';
import { createFakeChain } from '../chain/fakeChain';
import { startFakeNode } from '../chain/fakeNode';
import { randomHistory } from '../oracle/history';
import { createDatabase, type TestDatabase } from '../run/database';
import { startIndex } from './runningIndex';
import { readTables } from './tables';

const FIRST_RELEASE = ['0001_chain', '0002_facts', '0003_derived'];
const SECOND_RELEASE = [...FIRST_RELEASE, '0004_ingest', '0005_verify'];
/** What a table of the first release held, out of what took its place. */
const FORMER: Record<string, string> = {
  event_subject: `(
    select t.chain_id, t.subject, p as pos, 0 as item from posting t cross join unnest(t.positions) p
    where get_byte(t.subject, 0) <= 8
  )`,
};
/** Tables of the first release that later ones do without. */
const GONE = ['contribution_inference', 'datanet_inference'];

it('a database of the first release holds what a fresh index holds, after the upgrade and ever after', async () => {
  const chain = createFakeChain();
  const history = randomHistory('upgrade', { logs: 500 });
  chain.play(history.slice(0, history.length / 2));
  const node = await startFakeNode(chain);
  const config = chain.config(node.url);
  const fresh = await startIndex([config]);
  const upgraded = await databaseOf(FIRST_RELEASE);
  try {
    await fresh.reach(chain.chainId, chain.head);
    await fresh.stop();
    await copyRows(fresh.database.pool, upgraded.pool);
    await migrate(upgraded.pool);
    const half = await readTables(fresh.database.pool);
    expect(half['reward_pending']).not.toEqual([]);
    expect(await readTables(upgraded.pool)).toEqual(half);

    chain.play(history.slice(history.length / 2));
    await fresh.start();
    await fresh.reach(chain.chainId, chain.head);
    await fresh.stop();
    const lived = await startIndex([config], upgraded);
    await lived.reach(chain.chainId, chain.head).finally(() => lived.stop());
    expect(await readTables(upgraded.pool)).toEqual(await readTables(fresh.database.pool));
  } finally {
    await fresh.close();
    await upgraded.close();
    await node.close();
  }
});

it('an upgrade in the middle of a first history leaves the indexes for its end', async () => {
  const [fresh, upgraded] = [await createDatabase(), await databaseOf(SECOND_RELEASE)];
  const client = await upgraded.pool.connect();
  try {
    await deferIndexes(client);
    await migrate(upgraded.pool);
    await buildIndexes(client);
    expect(await indexesOf(upgraded.pool)).toEqual(await indexesOf(fresh.pool));
  } finally {
    client.release();
    await fresh.close();
    await upgraded.close();
  }
});

async function indexesOf(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ definition: string }>(
    `select indexdef as definition from pg_indexes where schemaname = 'public' order by 1`,
  );
  return rows.map(({ definition }) => definition);
}

async function databaseOf(release: string[]): Promise<TestDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'release-'));
  const migrations = path.join(__dirname, '..', '..', 'migrations');
  for (const name of release) await cp(path.join(migrations, `${name}.sql`), path.join(folder, `${name}.sql`));
  const database = await createDatabase({ empty: true });
  await migrate(database.pool, folder);
  await rm(folder, { recursive: true });
  return database;
}

/** Every row of the tables that `to` has and that there still are: the first release wrote the same ones. */
async function copyRows(from: Pool, to: Pool): Promise<void> {
  const { rows: tables } = await to.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables
     where schemaname = 'public' and tablename <> all ($1)`,
    [[...GONE, 'flywheel_migration']],
  );
  const client = await to.connect();
  // Triggers would count what is there already.
  await client.query('set session_replication_role = replica');
  for (const { name } of tables) {
    const { rows } = await from.query<{ rows: string }>(
      `select coalesce(jsonb_agg(t), '[]')::text as rows from ${FORMER[name] ?? name} t`,
    );
    await client.query(`truncate ${name}`);
    await client.query(
      `insert into ${name} overriding system value select * from jsonb_populate_recordset(null::${name}, $1)`,
      [rows[0]?.rows],
    );
  }
  await client.query(`select setval(pg_get_serial_sequence('event_type', 'id'), max(id)) from event_type`);
  client.release(true);
}
