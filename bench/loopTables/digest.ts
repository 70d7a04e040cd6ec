import type { Client } from 'pg';
import type { ColumnType } from '../../indexer/store/columnTypes';
import { type LoopTable, loopTables } from './tables';

/** What a system's tables hold: rows, sums and a digest of every column, by the name of what they speak of. */
export type Digest = ReadonlyMap<string, string>;

/**
 * Reads a database's loop tables whole. A column's digest is a sum over hashes of (key, value), so that a value in the
 * wrong row counts as different and the order of rows doesn't. Hex is compared as text, whatever type holds it.
 * @param schema where the tables are
 */
export async function digestOf(client: Client, schema = 'public'): Promise<Digest> {
  const digest = new Map<string, string>();
  for (const table of loopTables) {
    const types = await typesOf(client, schema, table.name);
    const columns = table.columns.flatMap(({ name, type }) => comparable(name, type));
    const text = (name: string) => expressionOf(name, types, table.name);
    const key = table.key.flatMap((name) => comparable(name, 'text').map((column) => text(column.name)));
    const figures = columns.flatMap(({ name, isNumber }) => [
      `sum(hashtextextended(${[...key, text(name)].join(` || '/' || `)}, 0)::numeric)::text as "${name}: digest"`,
      ...(isNumber ? [`sum(nullif(${text(name)}, 'null')::numeric)::text as "${name}: sum"`] : []),
    ]);
    const { rows } = await client.query<Record<string, string>>(
      `select count(*)::text as rows, ${figures.join(', ')} from "${schema}".${table.name}`,
    );
    for (const [figure, value] of Object.entries(rows[0]!)) digest.set(`${table.name} ${figure}`, String(value));
  }
  return digest;
}

/** Places are compared as block and log index; the chain is the same for all. */
function comparable(name: string, type: ColumnType): { name: string; isNumber: boolean }[] {
  if (name === 'chain_id') return [];
  if (name === 'pos') return ['block_number', 'log_index'].map((column) => ({ name: column, isNumber: true }));
  return [{ name, isNumber: type !== 'bytea' && type !== 'text' }];
}

/** A column as text that reads the same in every system. */
function expressionOf(name: string, types: ReadonlyMap<string, string>, table: string): string {
  const type = types.get(name);
  const place = { block_number: '(pos >> 22)::text', log_index: '(pos & 4194303)::text' }[name];
  if (place && types.has('pos')) return place;
  if (!type) throw new Error(`table ${table} has no column ${name}`);
  return `coalesce(${type === 'bytea' ? `'0x' || encode(${name}, 'hex')` : `${name}::text`}, 'null')`;
}

async function typesOf(client: Client, schema: string, table: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = $1 and table_name = $2`,
    [schema, table],
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}

/** Rows of all fact tables: the events that became rows (a batch of contributions is one event and several rows). */
export function rowsOf(digest: Digest, tables: readonly LoopTable[] = loopTables): number {
  return tables.reduce((sum, { name }) => sum + Number(digest.get(`${name} rows`)), 0);
}

/** Every figure in which they differ, a line each; empty when they hold the same. */
export function differences(a: { name: string; digest: Digest }, b: { name: string; digest: Digest }): string[] {
  const names = new Set([...a.digest.keys(), ...b.digest.keys()]);
  return [...names]
    .filter((name) => a.digest.get(name) !== b.digest.get(name))
    .map((name) => `${name}: ${a.name} ${a.digest.get(name)}, ${b.name} ${b.digest.get(name)}`);
}
