import type { Client } from 'pg';

/** How far the product is: done, or why it stands still; empty if it doesn't. */
export interface Standing {
  done: boolean;
  error: string;
}

const migrated = new WeakSet<Client>();

/** Whether the checkpoint is at this block and no index is still to be built. */
export async function standingOf(client: Client, chainId: number, block: number): Promise<Standing> {
  if (!migrated.has(client)) {
    // Before the migrations there are no tables at all.
    const { rows } = await client.query<{ there: boolean }>({
      name: 'tables',
      text: `select to_regclass('deferred_index') is not null as there`,
    });
    if (!rows[0]?.there) return { done: false, error: '' };
    migrated.add(client);
  }
  const { rows } = await client.query<{ done: boolean; error: string | null }>({
    name: 'standing',
    text: `select indexed_number >= $2 and not exists (select from deferred_index) as done, error
      from chain where chain_id = $1`,
    values: [chainId, block],
  });
  return { done: rows[0]?.done === true, error: rows[0]?.error ?? '' };
}
