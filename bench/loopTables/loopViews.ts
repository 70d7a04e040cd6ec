import type { Client } from 'pg';
import { factsOfLoop } from './tables';

export const VIEW_SCHEMA = 'loop_view';

/** The product's own rows as the loop's tables, so that they can be compared with everybody's. */
export async function createLoopViews(client: Client): Promise<void> {
  await client.query(`create schema if not exists ${VIEW_SCHEMA}`);
  for (const { name, columns } of factsOfLoop) {
    const own = columns.slice(4).map((column) => `f.${column.name}`);
    await client.query(
      `create or replace view ${VIEW_SCHEMA}.${name} as
       select f.chain_id, f.pos, b.timestamp, e.tx_hash, ${own.join(', ')}
       from public.${name} f
       join public.event e on e.chain_id = f.chain_id and e.pos = f.pos
       join public.block b on b.chain_id = f.chain_id and b.number = block_of(f.pos)`,
    );
  }
  await client.query(
    `create or replace view ${VIEW_SCHEMA}.pool_total as
     select pool_id, fee, emission, "grant" as granted, slash as slashed, accrued, claimed from public.pool_total`,
  );
  await client.query(
    `create or replace view ${VIEW_SCHEMA}.account_pool as
     select address as account, pool_id, accrued, claimed from public.account_pool`,
  );
  await client.query(
    `create or replace view ${VIEW_SCHEMA}.datanet_total as
     select datanet_id, count(*) as contributions, sum(bond) as bonded from public.contribution group by datanet_id`,
  );
}
