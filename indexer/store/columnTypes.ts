import type { ClientBase } from 'pg';
import { type FactTableName, factTables } from './factTables';

const columnTypes = ['int2', 'int4', 'int8', 'numeric', 'bool', 'bytea', 'text', 'bytea[]', 'int8[]'] as const;
export type ColumnType = (typeof columnTypes)[number];
/** The types of each fact table's columns, in the order of factTables: binary COPY converts nothing. */
export type ColumnTypes = Readonly<Record<FactTableName, readonly ColumnType[]>>;

const known = new WeakMap<ClientBase, Promise<ColumnTypes>>();

/** As the migrations made them; asked for once per connection. */
export function readColumnTypes(client: ClientBase): Promise<ColumnTypes> {
  const asked = known.get(client) ?? askColumnTypes(client);
  known.set(client, asked);
  asked.catch(() => known.delete(client));
  return asked;
}

async function askColumnTypes(client: ClientBase): Promise<ColumnTypes> {
  const { rows } = await client.query<{ name: string; column: string; type: string }>(
    `select c.relname as name, a.attname as column, regexp_replace(t.typname, '^_(.*)', '\\1[]') as type
     from pg_attribute a
     join pg_class c on c.oid = a.attrelid
     join pg_type t on t.oid = a.atttypid
     where a.attrelid = any($1::text[]::regclass[]) and a.attnum > 0 and not a.attisdropped`,
    [Object.keys(factTables)],
  );
  const types = new Map(rows.map(({ name, column, type }) => [`${name}.${column}`, type]));
  const entries = Object.entries(factTables).map(([name, { columns }]) => [
    name,
    columns.map((column) => {
      const type = columnTypes.find((candidate) => candidate === types.get(`${name}.${column}`));
      if (!type) throw new TypeError(`${name}.${column} is ${types.get(`${name}.${column}`)}: it can't be copied`);
      return type;
    }),
  ]);
  return Object.fromEntries(entries) as ColumnTypes;
}
