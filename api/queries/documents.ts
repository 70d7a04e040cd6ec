import type { Context } from '../context';
import { type Sql, sql } from '../sql';
import { rowByKey } from './keyed';

export interface DocumentRow {
  name: string | null;
  description: string | null;
}

/** What the metadata document with that hash says, once one of its addresses gave it; null before. */
export function documentOf(context: Context, hash: Buffer): Promise<DocumentRow | null> {
  return context
    .loader<Buffer, DocumentRow | null>(
      'document',
      async (hashes) => {
        const rows = await context.snapshot.query<DocumentRow & { hash: Buffer }>(sql`
          select distinct on (d.hash) d.hash, d.name, d.description
          from document d
          where d.hash = any(${hashes}::bytea[])
            and d.state = 'fetched'
          order by d.hash, d.uri_digest`);
        const found = new Map(rows.map((row) => [row.hash.toString('hex'), row]));
        return hashes.map((each) => found.get(each.toString('hex')) ?? null);
      },
      (each) => each.toString('hex'),
    )
    .load(hash);
}

const namedBy = (name: string, metadata: Sql) =>
  rowByKey<{ name: string | null }>(
    name,
    'numeric',
    sql`
    select p.ordinal, d.name
    from p
    join ${metadata}
    cross join lateral (
      select d.name from document d where d.hash = m.metadata_hash and d.state = 'fetched' order by d.uri_digest limit 1
    ) d`,
  );

/** What documentOf says of one's metadata, for those of which nothing else is asked; null where it says nothing. */
export const nameOfDatanet = namedBy(
  'datanet name',
  sql`datanet_state m on m.chain_id = p.chain_id and m.datanet_id = p.key`,
);
export const nameOfModel = namedBy('model name', sql`model m on m.chain_id = p.chain_id and m.model_id = p.key`);
