import type { Context } from './context';
import { join, Sql, sql } from './sql';

export interface BlockRow {
  chain_id: number;
  number: bigint;
  hash: Buffer;
  /** Seconds. */
  timestamp: bigint;
}

/** A block that holds logs of ours; null where there is none. */
export function blockAt(context: Context, chainId: number, number: bigint): Promise<BlockRow | null> {
  return context
    .loader<{ chainId: number; number: bigint }, BlockRow | null>(
      'block',
      async (keys) => {
        const rows = await context.snapshot.query<BlockRow>(sql`
          select b.chain_id, b.number, b.hash, b.timestamp
          from unnest(${keys.map((key) => key.chainId)}::integer[], ${keys.map((key) => key.number)}::bigint[])
            as k (chain_id, number)
          join block b on b.chain_id = k.chain_id and b.number = k.number`);
        const found = new Map(rows.map((row) => [`${row.chain_id}:${row.number}`, row]));
        return keys.map((key) => found.get(`${key.chainId}:${key.number}`) ?? null);
      },
      (key) => `${key.chainId}:${key.number}`,
    )
    .load({ chainId, number });
}

/** The newest block at or below `number` whose hash is known: of our logs, not long final, or a mark of its chain. */
export async function newestBlock(context: Context, chainId: number, number: number): Promise<BlockRow | null> {
  const [row] = await context.now.snapshot.query<BlockRow>(sql`
    ${knownBlocks(chainId, sql`number <= ${number}::bigint`, sql`order by number desc limit 1`)}
    order by number desc
    limit 1`);
  return row ?? null;
}

/** The block of the chain that has this hash, as far as hashes are known; null where none has. */
export async function hashedBlock(context: Context, chainId: number, hash: Buffer): Promise<BlockRow | null> {
  const [row] = await context.now.snapshot.query<BlockRow>(sql`
    ${knownBlocks(chainId, sql`hash = ${hash}::bytea`, sql`limit 1`)}
    limit 1`);
  return row ?? null;
}

/** Of all chains those blocks that have this number, as far as their hashes are known. */
export async function numberedBlocks(context: Context, number: bigint): Promise<BlockRow[]> {
  const chains = await context.chains();
  const found = await Promise.all(
    chains.map(({ chain_id }) =>
      context.now.snapshot.query<BlockRow>(sql`
        ${knownBlocks(chain_id, sql`number = ${number}::bigint`, sql`limit 1`)}
        limit 1`),
    ),
  );
  return found.flat();
}

function knownBlocks(chainId: number, condition: Sql, rest: Sql): Sql {
  const tables = ['block', 'header', 'final_header'].map(
    (table) => sql`(
      select chain_id, number, hash, timestamp
      from ${new Sql([table], [])}
      where chain_id = ${chainId}::integer and ${condition}
      ${rest}
    )`,
  );
  return sql`
    select chain_id, number, hash, timestamp
    from (
      ${join(tables, ' union all ')}
      union all
      select chain_id, number, hash, timestamp
      from chain
      cross join lateral (
        values (indexed_number, indexed_hash, indexed_timestamp), (safe_number, safe_hash, safe_timestamp),
          (finalized_number, finalized_hash, finalized_timestamp)
      ) as mark (number, hash, timestamp)
      where chain_id = ${chainId}::integer and number <= indexed_number and ${condition}
    ) known`;
}
