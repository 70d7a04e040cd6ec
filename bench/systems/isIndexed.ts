import type { Client } from 'pg';

/** Whether the checkpoint is at this block and no index is still to be built. */
export async function isIndexed(client: Client, chainId: number, block: number): Promise<boolean> {
  const { rows: tables } = await client.query<{ chain: boolean; deferred: boolean }>(
    `select to_regclass('chain') is not null as chain, to_regclass('deferred_index') is not null as deferred`,
  );
  // Before the migrations there are no tables at all.
  if (!tables[0]?.chain || !tables[0].deferred) return false;
  const { rows } = await client.query<{ done: boolean }>(
    `select indexed_number >= $2 and not exists (select from deferred_index) as done from chain where chain_id = $1`,
    [chainId, block],
  );
  return rows[0]?.done === true;
}
