import type { Pool } from 'pg';

/** Not a function of the final chain: how it was learned, what was told on the way, what came from outside. */
const APART = [
  'chain',
  'segment',
  'header',
  'final_header',
  'change',
  'change_position',
  'retracted_event',
  'retracted_item',
  'document',
  'token',
  'event_type',
  'flywheel_migration',
];

const TYPE = `select jsonb_build_object('event_type', profile || contract || fragment)
  from event_type where id = t.event_type`;

/** How positions share rows depends on how blocks shared commits, and types are told by what they are. */
const POSTINGS = `select jsonb_build_object('chain_id', t.chain_id, 'subject', t.subject, 'pos', p) || case
    when get_byte(t.subject, 0) = 10 then (
      select jsonb_build_object('subject', profile || contract || fragment)
      from event_type where int2send(id) = substr(t.subject, 2)
    ) else '{}' end as row
  from posting t cross join unnest(t.positions) p`;

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
    // Ids of event types are given as they come, with gaps where a crash took some back: what counts is the type.
    const row = name === 'event' ? `to_jsonb(t) || (${TYPE})` : 'to_jsonb(t)';
    const all = name === 'posting' ? POSTINGS : `select ${row} as row from ${name} t`;
    const { rows } = await pool.query<{ row: string }>(`select row::text from (${all}) x order by 1`);
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}
