import type { Pool } from 'pg';
import { migrate } from '../../db/migrate';
import { buildIndexes, deferIndexes } from '../../indexer/store/deferredIndexes';
import { createFakeChain } from '../chain/fakeChain';
import { startFakeNode } from '../chain/fakeNode';
import { randomHistory } from '../oracle/history';
import { createDatabase } from '../run/database';
import { copyIntoFirstRelease, databaseOf, FIRST_RELEASE, SECOND_RELEASE } from './earlierRelease';
import { startIndex } from './runningIndex';
import { readTables } from './tables';

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
    await copyIntoFirstRelease(fresh.database.pool, upgraded.pool);
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
