import type { Context } from '../context';
import { sql } from '../sql';

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
