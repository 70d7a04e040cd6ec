import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../../db/transaction';
import { rewardTables } from './backRewards';
import { factTables } from './factTables';

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
/**
 * Tables whose primary keys wait, too: positions, of which a commit writes each once, in order; nobody asks for these rows
 * by position before others are there that are found another way. To keep them took an eighth of what a commit takes.
 */
const KEYS_WAIT = [
  'attribution',
  'claim',
  'contribution_score',
  'fee_split',
  'influence',
  'pool_funding',
  'reward_subject',
];
/**
 * A statement that builds the one by which refresh_reward finds rows, if it waits: without it each of its calls would read
 * all of reward_subject. Most histories never call it: in them nothing is created after the rewards that name it. Where
 * leaders of two chains come to it at once, one may be told of a deadlock, and does its commit again.
 */
export const buildForWaitingRewards = `
  do $$
  declare
    waiting text;
  begin
    -- A look takes no lock that anybody waits for.
    if exists (select from deferred_index where name = 'reward_subject_pkey') then
      delete from deferred_index where name = 'reward_subject_pkey' returning definition into waiting;
    end if;
    if waiting is not null then
      execute waiting;
    end if;
  end $$`;
/** With more rows than this, readers miss the indexes and building them anew costs more than it saves. */
export const FEW_EVENTS = 10_000;

/**
 * The row of deferred_index that lets autovacuum have the tables of facts again, after the last index. While they are
 * filled nothing dies in them, and a worker that reads them through again and again takes the CPU from what fills them
 * (0.8 s of the first 200,000 events). What it does against wraparound it does all the same.
 */
const AUTOVACUUM = 'autovacuum';

/**
 * Drops, until buildIndexes, what only readers need: a long first history is written in half the time, because an index
 * over sorted rows is built ten times faster than row by row. Does nothing once there are rows to read.
 */
export async function deferIndexes(client: ClientBase): Promise<void> {
  await inTransaction(client, async () => {
    // Leaders of two chains may start at once.
    await client.query('lock table deferred_index in exclusive mode');
    const { rows } = await client.query<{ removal: string }>(
      `with wanted as (
         select indexname as name, tablename as of_table, indexdef as definition, c.contype as constraint_type
         from pg_indexes
         left join pg_constraint c on c.conname = indexname and c.connamespace = schemaname::regnamespace
         where schemaname = current_schema() and tablename <> all($1) and indexname <> all($2)
           and (c.oid is null or c.contype = 'p' and tablename = any($3))
           and (select count(*) from (select from event limit $4) e) < $4
       ), deferred as (
         insert into deferred_index (name, of_table, definition)
         -- An index first, and the key by it: that way readers need not wait.
         select name, of_table, definition || case when constraint_type = 'p'
           then format('; alter table %1$I add constraint %2$I primary key using index %2$I', of_table, name) else '' end
         from wanted
         on conflict do nothing
         returning name
       )
       select case when constraint_type = 'p' then format('alter table %I drop constraint %I', of_table, name)
         else format('drop index %I', name) end as removal
       from deferred join wanted using (name)`,
      [APART, IN_USE, KEYS_WAIT, FEW_EVENTS],
    );
    if (rows.length === 0) return;
    await client.query(rows.map(({ removal }) => removal).join('; '));
    await holdOffAutovacuum(client);
  });
}

/** Where the operator has no wish of his own. */
async function holdOffAutovacuum(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(nspname) || '.' || quote_ident(relname) as name
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where nspname = current_schema() and relname = any($1)
       and coalesce(array_to_string(reloptions, ','), '') not like '%autovacuum_enabled%'
     order by 1`,
    [Object.keys({ ...factTables, ...rewardTables })],
  );
  if (rows.length === 0) return;
  const forEach = (change: string) => rows.map(({ name }) => `alter table ${name} ${change}`).join('; ');
  await client.query(forEach('set (autovacuum_enabled = off)'));
  await client.query(
    `insert into deferred_index as d (name, of_table, definition) values ($1, 'event', $2)
     on conflict (name) do update set definition = d.definition || '; ' || excluded.definition`,
    [AUTOVACUUM, forEach('reset (autovacuum_enabled)')],
  );
}

/** A table that is read in so little time that all its indexes are one transaction. */
const SMALL_BYTES = 1_000_000;

/**
 * Builds what deferIndexes dropped, an index of a large table a transaction, so that a crash loses the work of two at most; those
 * of large tables first, on two connections at once.
 * @param beside where the second one comes from; without it one builds all
 * @param progress called after each of the first's transactions
 */
export async function buildIndexes(client: ClientBase, beside?: Pool, progress?: () => Promise<void>): Promise<void> {
  // A table for each: a key would wait for whoever builds another index of its table.
  const { rows } = await client.query<{ bytes: number; names: string[] }>(
    `select pg_relation_size(quote_ident(of_table)::regclass)::float8 as bytes, array_agg(name order by name) as names
     from deferred_index where name <> $1
     group by of_table
     order by 1 desc, of_table`,
    [AUTOVACUUM],
  );
  const waiting = rows.map(({ bytes, names }) => (bytes < SMALL_BYTES ? [names] : names.map((name) => [name])));
  const work: IndexWork = { waiting, hasFailed: false };
  const second = waiting.length > 0 ? await beside?.connect() : undefined;
  const built = await Promise.allSettled([
    buildFrom(work, client, progress),
    second && buildFrom(work, second).finally(() => second.release()),
  ]);
  for (const result of built) if (result.status === 'rejected') throw result.reason;
  await build(client, [AUTOVACUUM]);
}

/** What two connections share. */
interface IndexWork {
  /** By table and transaction. */
  waiting: string[][][];
  hasFailed: boolean;
}

/** Takes one table after the other, until nothing is left or either has failed. */
async function buildFrom(work: IndexWork, client: ClientBase, progress?: () => Promise<void>): Promise<void> {
  try {
    for (let table = work.waiting.shift(); table; table = work.waiting.shift()) {
      for (const names of table) {
        if (work.hasFailed) return;
        await build(client, names);
        await progress?.();
      }
    }
  } catch (error) {
    work.hasFailed = true;
    throw error;
  }
}

/** In one transaction: what a power cut takes of them is in deferred_index again. */
async function build(client: ClientBase, names: readonly string[]): Promise<void> {
  // Another chain's leader may build them too: its deletion is waited for.
  await client.query(`
    do $$
    declare
      waiting text;
    begin
      set local maintenance_work_mem = '256MB';
      set local synchronous_commit = off;
      for waiting in
        delete from deferred_index where name in (${names.map((name) => client.escapeLiteral(name)).join(', ')})
        returning definition
      loop
        execute waiting;
      end loop;
    end $$`);
}
