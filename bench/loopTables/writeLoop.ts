import type { ClientBase } from 'pg';
import { copyRows } from '../../indexer/store/copyRows';
import { bytesOf } from '../../indexer/store/segments';
import type { LoopBatch } from './loopBatch';
import { LOOP_SCHEMA } from './loopSchema';
import { factsOfLoop } from './tables';

/** Rows and totals of a batch, in the caller's transaction. */
export async function writeLoop(client: ClientBase, batch: LoopBatch): Promise<void> {
  const tables = factsOfLoop.flatMap(({ name, columns }) => {
    const rows = batch.rows.get(name);
    const table = { columns: columns.map((column) => column.name), firstOf: false };
    return rows ? [{ name: `${LOOP_SCHEMA}.${name}`, table, rows }] : [];
  });
  await copyRows(client, tables);
  const pools = [...batch.pools.values()];
  await client.query({
    name: 'pools',
    text: `insert into ${LOOP_SCHEMA}.pool_total as t (pool_id, fee, emission, granted, slashed, accrued, claimed)
      select * from unnest($1::bytea[], $2::numeric[], $3::numeric[], $4::numeric[], $5::numeric[], $6::numeric[],
        $7::numeric[])
      on conflict (pool_id) do update set fee = t.fee + excluded.fee, emission = t.emission + excluded.emission,
        granted = t.granted + excluded.granted, slashed = t.slashed + excluded.slashed,
        accrued = t.accrued + excluded.accrued, claimed = t.claimed + excluded.claimed`,
    values: [
      pools.map(({ poolId }) => bytesOf(poolId)),
      pools.map(({ fee }) => fee),
      pools.map(({ emission }) => emission),
      pools.map(({ granted }) => granted),
      pools.map(({ slashed }) => slashed),
      pools.map(({ accrued }) => accrued),
      pools.map(({ claimed }) => claimed),
    ],
  });
  const accounts = pools.flatMap((pool) => [...pool.accounts.values()]);
  await client.query({
    name: 'accounts',
    text: `insert into ${LOOP_SCHEMA}.account_pool as t (account, pool_id, accrued, claimed)
      select * from unnest($1::bytea[], $2::bytea[], $3::numeric[], $4::numeric[])
      on conflict (account, pool_id) do update
      set accrued = t.accrued + excluded.accrued, claimed = t.claimed + excluded.claimed`,
    values: [
      accounts.map(({ account }) => bytesOf(account)),
      accounts.map(({ poolId }) => bytesOf(poolId)),
      accounts.map(({ accrued }) => accrued),
      accounts.map(({ claimed }) => claimed),
    ],
  });
  const datanets = [...batch.datanets.values()];
  await client.query({
    name: 'datanets',
    text: `insert into ${LOOP_SCHEMA}.datanet_total as t (datanet_id, contributions, bonded)
      select * from unnest($1::numeric[], $2::bigint[], $3::numeric[])
      on conflict (datanet_id) do update
      set contributions = t.contributions + excluded.contributions, bonded = t.bonded + excluded.bonded`,
    values: [
      datanets.map(({ datanetId }) => datanetId),
      datanets.map(({ contributions }) => contributions),
      datanets.map(({ bonded }) => bonded),
    ],
  });
}
