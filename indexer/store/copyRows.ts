import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ColumnKind, FactTable } from './factTables';

/** chain_id, pos, then the table's own columns. */
export type StoredRow = readonly (string | number | bigint | boolean | null)[];

/**
 * Writes rows by COPY. A first-of table goes through a temporary twin, so that a key that exists keeps its row; rows
 * must come in chain order. Once per table and transaction: the twin is emptied at its end.
 */
export async function copyRows(
  client: ClientBase,
  name: string,
  table: FactTable,
  rows: readonly StoredRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = table.columns.map(([column]) => column).join(', ');
  if (!table.firstOf) return stream(client, `copy ${name} (${columns}) from stdin`, table, rows);
  const twin = `first_${name}`;
  await client.query(`create temporary table if not exists ${twin} (like ${name}) on commit delete rows`);
  await stream(client, `copy ${twin} (${columns}) from stdin`, table, rows);
  // A heap that only grew is read in the order it was written, which is chain order.
  await client.query(`insert into ${name} (${columns}) select ${columns} from ${twin} on conflict do nothing`);
}

async function stream(client: ClientBase, sql: string, table: FactTable, rows: readonly StoredRow[]): Promise<void> {
  const kinds = table.columns.map(([, kind]) => kind);
  await pipeline(Readable.from(linesOf(rows, kinds), { objectMode: false }), client.query(copyFrom(sql)));
}

const CHUNK_CHARS = 1 << 18;

/** COPY's text format, in chunks large enough that a stream costs nothing. */
function* linesOf(rows: readonly StoredRow[], kinds: readonly ColumnKind[]): Generator<Buffer> {
  let text = '';
  for (const row of rows) {
    for (let i = 0; i < kinds.length; i++) {
      const value = row[i];
      text += i === 0 ? '' : '\t';
      if (value === null || value === undefined) text += '\\N';
      else if (kinds[i] === 'bytes') text += `\\\\x${(value as string).slice(2)}`;
      else if (kinds[i] === 'text') text += escaped(value as string);
      else text += value;
    }
    text += '\n';
    if (text.length > CHUNK_CHARS) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text);
}

const special = /[\\\t\n\r]/g;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  // A lone surrogate can't be UTF-8; Buffer.from would write U+FFFD for it anyway.
  return text.replace(special, (char) => escapes[char] as string);
}
