import type { ChainSourceOptions } from '../../../indexer/rpc/chainSource';
import type { ChainConfig } from '../../../schema/networkFile';
import { createDatabase } from '../../run/database';
import { until } from '../../run/until';
import { type RunningIndex, startIndex } from '../runningIndex';
import { blockOf, disagreements } from '../survives';
import { readTables } from '../tables';
import { watchIndex } from '../watchAnswers';

/** What an honest node's chain comes to, made once for many lies about it. */
export interface HonestIndex {
  head: { number: number; hash: string };
  tables: Record<string, string[]>;
}

/**
 * @param config a chain, or the same one under several ids
 * @param url of the node that has it
 */
export async function indexHonestly(config: ChainConfig | readonly ChainConfig[], url: string): Promise<HonestIndex> {
  const head = await blockOf(url, 'latest');
  const chains = [config].flat();
  const fresh = await startIndex(chains);
  try {
    for (const { chainId } of chains) await fresh.reach(chainId, head);
    return { head, tables: await readTables(fresh.database.pool) };
  } finally {
    await fresh.close();
  }
}

/**
 * Indexes a chain from endpoints that lie, asking the API and reading snapshots all the while, and expects the end of
 * every story: the honest tables, a canonical checkpoint, and nothing read in which the status disagreed with the rows.
 * @param config with the endpoints; of the same chain under several ids, if it was indexed honestly so
 * @param meanwhile what happens before the end is awaited
 */
export async function expectHonestTables(
  config: ChainConfig | readonly ChainConfig[],
  honest: HonestIndex,
  options: { verified?: boolean; meanwhile?: (index: RunningIndex) => Promise<void>; rpc?: ChainSourceOptions } = {},
): Promise<void> {
  const chains = [config].flat();
  const database = await createDatabase();
  const { pool } = database;
  const watch = await watchIndex(database);
  const index = await startIndex(chains, database, options.rpc);
  try {
    await options.meanwhile?.(index);
    for (const { chainId } of chains) await index.reach(chainId, honest.head);
    // A repair takes the checkpoint back, and what follows is applied again.
    const isVerified = async () => {
      const sql = 'select verified_to::int as verified, indexed_number::int as indexed from chain';
      const { rows } = await pool.query<{ verified: number; indexed: number }>(sql);
      return rows.every(({ verified, indexed }) => verified === indexed && indexed === honest.head.number);
    };
    if (options.verified) await until(isVerified, { what: 'everything verified' });
    expect(await disagreements(pool)).toEqual([]);
    const tables = await readTables(pool);
    for (const [table, rows] of Object.entries(honest.tables)) expect([table, tables[table]]).toEqual([table, rows]);
    // A node that still lies now and then may have failed the last look at its head; the next one takes the reason back.
    const failing = () => pool.query('select error from chain where error is not null');
    await until(async () => (await failing()).rowCount === 0, { what: 'no reason to stand still' });
  } finally {
    await watch.end().finally(() => index.close());
  }
}
