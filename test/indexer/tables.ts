import type { Pool } from 'pg';

/** Not a function of the final chain: how it was learned, what was told on the way, what came from outside. */
const APART = [
  'chain',
  'segment',
  'header',
  'change',
  'change_position',
  'retracted_event',
  'retracted_reward',
  'document',
  'token',
  'event_type',
  'flywheel_migration',
];

/** Every table of facts and derived rows, each row as JSON, in an order that depends on nothing but the rows. */
export async function readTables(pool: Pool): Promise<Record<string, string[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> all ($1)
     order by table_name`,
    [APART],
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t order by 1`);
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}
