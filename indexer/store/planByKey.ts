import type { ClientBase } from 'pg';

const choices = ['enable_hashjoin', 'enable_mergejoin', 'enable_seqscan'];

/**
 * Near the head a connection writes few rows at a time and finds what they touch by its keys, all of which have indexes.
 * The planner, asked once while tables were young, takes a scan of the whole for cheaper, and keeps to it while they grow:
 * a block of 200 events took 7% more of Postgres at 50,000 events. Plans that were made for a history's thousands go.
 */
export async function planByKey(client: ClientBase): Promise<void> {
  const settings = [...choices.map((name) => `set ${name} = off`), 'reset plan_cache_mode'];
  await client.query([...settings, 'discard plans'].join('; '));
}

/**
 * For many rows at a time: whole tables are read where that is cheaper. Statements with parameters are planned each time
 * anew, for the tables as they are: kept plans of young tables took a third more of Postgres in a history of commits of
 * 10,000 events.
 */
export async function planByCost(client: ClientBase): Promise<void> {
  const settings = [...choices.map((name) => `reset ${name}`), 'set plan_cache_mode = force_custom_plan'];
  await client.query([...settings, 'discard plans'].join('; '));
}

/** The same until the transaction ends; what is planned already stays as it is. */
export async function planByCostOnce(client: ClientBase): Promise<void> {
  await client.query(choices.map((name) => `set local ${name} to default`).join('; '));
}
