import type { ChainSourceOptions } from '../../../indexer/rpc/chainSource';
import type { ChainConfig } from '../../../schema/networkFile';
import { until } from '../../run/until';
import { type RunningIndex, startIndex } from '../runningIndex';
import { blockOf, disagreements, watchSnapshots } from '../survives';
import { readTables } from '../tables';

/** What an honest node's chain comes to, made once for many lies about it. */
export interface HonestIndex {
  head: { number: number; hash: string };
  tables: Record<string, string[]>;
}

export async function indexHonestly(config: ChainConfig, url: string): Promise<HonestIndex> {
  const head = await blockOf(url, 'latest');
  const fresh = await startIndex([{ ...config, rpc: [url] }]);
  try {
    await fresh.reach(config.chainId, head);
    return { head, tables: await readTables(fresh.database.pool) };
  } finally {
    await fresh.close();
  }
}

/**
 * Indexes a chain from endpoints that lie, reading snapshots all the while, and expects the end of every story: the
 * honest tables, a canonical checkpoint, and no snapshot in which the status disagreed with the rows.
 * @param config with the endpoints
 * @param meanwhile what happens before the end is awaited
 */
export async function expectHonestTables(
  config: ChainConfig,
  honest: HonestIndex,
  options: { verified?: boolean; meanwhile?: (index: RunningIndex) => Promise<void>; rpc?: ChainSourceOptions } = {},
): Promise<void> {
  const index = await startIndex([config], undefined, options.rpc);
  const { pool } = index.database;
  const watch = watchSnapshots(pool);
  try {
    await options.meanwhile?.(index);
    await index.reach(config.chainId, honest.head);
    // A repair takes the checkpoint back, and what follows is applied again.
    const isVerified = async () => {
      const sql = 'select verified_to::int as verified, indexed_number::int as indexed from chain';
      const { verified, indexed } = (await pool.query(sql)).rows[0];
      return verified === indexed && indexed === honest.head.number;
    };
    if (options.verified) await until(isVerified, { what: 'everything verified' });
    expect(await disagreements(pool)).toEqual([]);
    const tables = await readTables(pool);
    for (const [table, rows] of Object.entries(honest.tables)) expect([table, tables[table]]).toEqual([table, rows]);
    const { rows } = await pool.query('select error, reorgs from chain');
    expect(rows[0].error).toBeNull();
  } finally {
    await watch.end().finally(() => index.close());
  }
}
