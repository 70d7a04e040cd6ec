import type { ClientBase } from 'pg';
import { inTransaction } from '../../db/transaction';

/** Tables that are small, or written by others than the applier. */
const APART = ['chain', 'header', 'segment', 'change', 'document', 'token', 'event_type', 'account'];
/**
 * Indexes by which the applier itself finds rows while it writes history: the facts of a key that refresh_* makes anew,
 * what a range touched, rewards whose contribution, inference or pool is created after them.
 */
const IN_USE = [
  'datanet_transfer_datanet',
  'datanet_update_datanet',
  'curator_set_datanet',
  'contribution_position',
  'contribution_decision_contribution',
  'dispute_position',
  'dispute_contribution',
  'dispute_resolution_dispute',
  'model_position',
  'training_run_position',
  'training_run_model',
  'datanet_position',
  'inference_position',
  'fee_split_inference',
  'refund_inference',
  'attribution_inference',
  'attribution_revision_inference',
  'influence_inference',
  'adapter_inference_inference',
  'pool_position',
  'reward_pending_contribution',
  'reward_pending_inference',
  'reward_pending_pool',
];
/** With more rows than this, readers miss the indexes and building them anew costs more than it saves. */
const FEW_EVENTS = 10_000;

/**
 * Drops, until buildIndexes, what only readers need: a long first history is written in half the time, because an index
 * over sorted rows is built ten times faster than row by row. Does nothing once there are rows to read.
 */
export async function deferIndexes(client: ClientBase): Promise<void> {
  await inTransaction(client, async () => {
    // Leaders of two chains may start at once.
    await client.query('lock table deferred_index in exclusive mode');
    const { rows } = await client.query<{ name: string }>(
      `with deferred as (
         insert into deferred_index (name, definition)
         select indexname, indexdef from pg_indexes
         where schemaname = current_schema() and tablename <> all($1) and indexname <> all($2)
           and not exists (select from pg_constraint where conname = indexname)
           and (select count(*) from (select from event limit $3) e) < $3
         on conflict do nothing
         returning name
       )
       select quote_ident(name) as name from deferred`,
      [APART, IN_USE, FEW_EVENTS],
    );
    if (rows.length > 0) await client.query(`drop index ${rows.map(({ name }) => name).join(', ')}`);
  });
}

/**
 * Builds what deferIndexes dropped, an index a transaction, so that a crash loses one at most.
 * @param progress called after each
 */
export async function buildIndexes(client: ClientBase, progress?: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    'select name, definition from deferred_index order by name',
  );
  for (const { name, definition } of rows) {
    await inTransaction(client, async () => {
      const { rowCount } = await client.query('delete from deferred_index where name = $1', [name]);
      // Another chain's leader may build them too: its deletion was waited for.
      if (rowCount === 1) {
        await client.query(`set local maintenance_work_mem = '256MB'`);
        await client.query(definition);
      }
    });
    await progress?.();
  }
}
