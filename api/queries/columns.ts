import { Sql } from '../sql';

/** The fields that are asked of a type; null: nobody looked. */
export type Asked = ReadonlySet<string> | null;

/** What a type's rows may be read with: a column that nobody looks at costs as much as one that is sent. */
export interface Columns {
  /** Each as alias.name; one of them is chain_id. */
  all: Sql;
  /** Read always: what names the row. */
  key: readonly string[];
  /** What fields need beside that. Where another field is asked for, all columns are read. */
  byField: Readonly<Record<string, readonly string[]>>;
}

/** For those of a compiled operation the same each time. */
const found = new WeakMap<Columns, WeakMap<object, Sql>>();

export function columnsFor(columns: Columns, asked: Asked): Sql {
  if (!asked) return columns.all;
  const known = found.get(columns) ?? new WeakMap<object, Sql>();
  found.set(columns, known);
  const made = known.get(asked) ?? chosen(columns, asked);
  known.set(asked, made);
  return made;
}

function chosen({ all, key, byField }: Columns, asked: ReadonlySet<string>): Sql {
  const wanted = new Set(key);
  for (const field of asked) {
    const needed = byField[field];
    if (!needed) return all;
    for (const column of needed) wanted.add(column);
  }
  const texts = textsOf(all).filter((text) => wanted.has(nameOf(text)));
  return new Sql([texts.join(', ')], []);
}

export function namesOf(columns: Sql): string[] {
  return textsOf(columns).map(nameOf);
}

function textsOf(columns: Sql): string[] {
  return columns.strings.join('').split(/,\s*/);
}

const nameOf = (text: string): string => text.slice(text.indexOf('.') + 1);
