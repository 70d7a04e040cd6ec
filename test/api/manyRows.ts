import type { Pool } from 'pg';
import { factTables } from '../../indexer/store/factTables';

type Table = keyof typeof factTables;

/** What a chain has most of among what lists page through. */
export const LARGE_TABLES: readonly Table[] = ['contribution', 'inference', 'influence', 'reward', 'claim', 'reversal'];

interface Column {
  name: string;
  type: string;
  /** Of the primary key. */
  is_key: boolean;
}

/**
 * Puts so many rows more into each of the tables, without what triggers would make of them: for planning over, not for
 * answers. Every 500th row shares what is no key.
 */
export async function addFacts(pool: Pool, tables: readonly Table[], chainId: number, rows: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin; set local session_replication_role = replica');
    for (const table of tables) {
      const { rows: columns } = await client.query<Column>(
        `select a.attname as name, format_type(a.atttypid, null) as type,
           a.attnum = any(coalesce(i.indkey::smallint[], '{}')) as is_key
         from pg_attribute a
         left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
         where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`,
        [table],
      );
      const names = columns.map(({ name }) => `"${name}"`).join(', ');
      const values = columns.map((column) => written(column, chainId)).join(', ');
      await client.query(`insert into ${table} (${names}) select ${values} from generate_series(1, ${rows}) n`);
    }
    await client.query('commit');
    await client.query(`analyze ${tables.join(', ')}`);
  } finally {
    client.release();
  }
}

function written({ name, type, is_key: isKey }: Column, chainId: number): string {
  if (name === 'chain_id') return String(chainId);
  if (name === 'pos') return '(1000000 + n)::bigint << 22';
  const number = isKey ? '1000000 + n' : 'n % 500';
  if (type.endsWith('[]')) return `'{}'::${type}`;
  switch (type) {
    case 'bytea':
      return `sha256(int8send((${number})::bigint))`;
    case 'boolean':
      return 'n % 2 = 0';
    case 'text':
      return `'ipfs://' || n`;
    case 'smallint':
      return '(n % 4)::smallint';
    default:
      return `(${number})::${type}`;
  }
}
