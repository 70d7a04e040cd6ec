import type { Pool } from 'pg';
import type { Say } from './doctor';

/** Whether names are found in spite of typing errors: pg_trgm may not have been to be had (migrations/0013_search.sql). */
export async function examineNames(pool: Pool, say: Say): Promise<void> {
  const { rows } = await pool.query<{ indexed: boolean }>(
    "select to_regclass('public.document_name_trigrams') is not null as indexed",
  );
  if (rows[0]?.indexed) say('ok', 'search', 'finds names in spite of typing errors');
  else {
    say(
      'warning',
      'search',
      'names are found by their beginning alone: the database has no pg_trgm',
      "install Postgres' contrib modules, then, as a role that may make extensions: select names.tolerate_typos()",
    );
  }
}
