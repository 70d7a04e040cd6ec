import type { Pool } from 'pg';
import { AppError } from '../schema/appError';
import { askEndpoint } from './endpoint';

/** The node's block by number, as far as this comparison needs it; null: it has none. */
type HashAt = (blockNumber: number) => Promise<string | null>;

interface Known {
  indexed: number | null;
  finalized: number | null;
  finalized_hash: string | null;
  genesis_hash: string | null;
}

/** `blocks`: how many of the newest indexed ones the chain lost. */
export type Difference = { kind: 'none' } | { kind: 'behind'; blocks: number } | { kind: 'other' };

/**
 * What the local chain is to the database: a kill -9 takes some seconds of blocks from it, a removed state file makes it
 * another chain. Differences above finality alone are reorgs, which the indexer rewinds by itself.
 */
export async function compareWithChain(pool: Pool, chainId: number, head: number, hashAt: HashAt): Promise<Difference> {
  const exists = await pool.query<{ found: boolean }>("select to_regclass('chain') is not null as found");
  if (!exists.rows[0]?.found) return { kind: 'none' };
  const { rows } = await pool.query<Known>(
    `select indexed_number::float8 as indexed, finalized_number::float8 as finalized,
      '0x' || encode(finalized_hash, 'hex') as finalized_hash, '0x' || encode(genesis_hash, 'hex') as genesis_hash
    from chain
    where chain_id = $1`,
    [chainId],
  );
  const [known] = rows;
  if (!known) return { kind: 'none' };
  if (known.genesis_hash !== null && (await hashAt(0)) !== known.genesis_hash) return { kind: 'other' };
  if (known.finalized !== null && (await hashAt(known.finalized)) !== known.finalized_hash) return { kind: 'other' };
  if (known.indexed !== null && known.indexed > head) return { kind: 'behind', blocks: known.indexed - head };
  return { kind: 'none' };
}

export function hashAtOf(url: string): HashAt {
  return async (blockNumber) => {
    const block = await askEndpoint(url, 'eth_getBlockByNumber', [`0x${blockNumber.toString(16)}`, false]);
    return (block as { hash: string } | null)?.hash ?? null;
  };
}

/**
 * Empties the demo's database: what it held can be had again from the local chain.
 * @throws AppError CONFIG when it holds another chain too, which would be lost.
 */
export async function emptyDemoDatabase(pool: Pool, chainId: number): Promise<void> {
  const { rows } = await pool.query<{ chain_id: number }>('select chain_id from chain where chain_id <> $1', [chainId]);
  if (rows.length > 0) {
    const others = rows.map((row) => row.chain_id).join(', ');
    throw new AppError(
      'CONFIG',
      `The database holds chain ${others} besides the demo's: use another DATABASE_URL for the demo.`,
    );
  }
  await pool.query('drop schema if exists bullmq cascade; drop schema public cascade; create schema public;');
}
