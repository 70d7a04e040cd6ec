import type { Pool } from 'pg';
import { firstPositionOf } from '../../schema/position';

/** Views of what is created: of ids never created, which have totals too, nobody is told anything. */
const CREATED: Record<string, string> = {
  datanet_count: 'exists (select from datanet d where d.chain_id = t.chain_id and d.datanet_id = t.datanet_id)',
  contribution_count:
    'exists (select from contribution c where c.chain_id = t.chain_id and c.contribution_id = t.contribution_id)',
};

/** The rows of a chain as sorted JSON, by table: of each that has a view of the past now, or of that view at a block. */
export async function readPast(pool: Pool, chainId: number, number: number | 'now'): Promise<Record<string, string[]>> {
  const client = await pool.connect();
  try {
    await client.query('begin read only');
    const { rows: names } = await client.query<{ name: string; held: boolean; columns: string }>(
      `select v.table_name as name, bool_or(v.column_name = 'n') as held,
         string_agg(format('%L, t.%I', v.column_name, v.column_name), ', ' order by v.column_name) as columns
       from information_schema.columns v
       join information_schema.tables t on t.table_schema = 'public' and t.table_name = v.table_name
       where v.table_schema = 'past'
       group by 1
       order by 1`,
    );
    if (number !== 'now') {
      await client.query(
        `select set_config('search_path', 'past, public', true), set_config('flywheel.past_chain', $1, true),
           set_config('flywheel.past_end', $2, true)`,
        [String(chainId), String(firstPositionOf(number + 1))],
      );
    }
    const found: Record<string, string[]> = {};
    for (const { name, held, columns } of names) {
      // How positions are shared out over rows says how blocks came, not what they hold.
      const statement =
        name === 'posting'
          ? `select jsonb_build_object('subject', subject, 'pos', unnest(positions))::text as row
             from posting where chain_id = $1`
          : `select jsonb_build_object(${columns})::text as row from ${name} t
             where chain_id = $1 ${held ? 'and n > 0' : ''} and ${CREATED[name] ?? 'true'}`;
      const { rows } = await client.query<{ row: string }>(`${statement} order by 1`, [chainId]);
      found[name] = rows.map(({ row }) => row);
    }
    return found;
  } finally {
    await client.query('rollback');
    client.release();
  }
}
