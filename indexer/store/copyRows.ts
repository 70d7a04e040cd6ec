import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { FactTable } from './factTables';
import type { RowBuffer } from './rowBuffer';

/**
 * Writes rows by COPY. A first-of table goes through a temporary twin, so that a key that exists keeps its row; rows
 * must come in chain order. Once per table and transaction: the twin is emptied at its end.
 */
export async function copyRows(client: ClientBase, name: string, table: FactTable, rows: RowBuffer): Promise<void> {
  const columns = table.columns.join(', ');
  if (!table.firstOf) return stream(client, `copy ${name} (${columns}) from stdin (format binary)`, rows);
  const twin = `first_${name}`;
  await client.query(`create temporary table if not exists ${twin} (like ${name}) on commit delete rows`);
  await stream(client, `copy ${twin} (${columns}) from stdin (format binary)`, rows);
  // A heap that only grew is read in the order it was written, which is chain order.
  await client.query(`insert into ${name} (${columns}) select ${columns} from ${twin} on conflict do nothing`);
}

async function stream(client: ClientBase, sql: string, rows: RowBuffer): Promise<void> {
  await pipeline(Readable.from(rows.chunks(), { objectMode: false }), client.query(copyFrom(sql)));
}
