import { Sql, sql } from '../sql';
import { type Asked, type Columns, columnsFor, namesOf } from './columns';

/** Rows of another table that a list's statement reads beside its own: of what its nodes lead to, one of each. */
export interface Beside<Node> {
  columns: Sql;
  /** After the list's rows, which it reads as `y`, the block of each, `b`, and those that are joined before it by their names. */
  join: Sql;
  /** Of a row of the list; null where there is none, undefined where the list was read without. */
  nodeOf(row: object): Node | null | undefined;
}

/**
 * @param key never null, of its columns
 * @param from what follows `from`, of rows of the list's chain. It can't but be looked up for each row of the page: of
 *   `limit 1` Postgres makes no other join, which it might think cheaper while it doesn't know how long a page is.
 * @returns for what is asked of the type
 */
export function beside<Row extends { chain_id: number }, Node>(
  name: string,
  key: Exclude<keyof Row, 'chain_id'>,
  columns: Columns,
  from: Sql,
  toNode: (row: Row) => Node,
): (asked: Asked) => Beside<Node> {
  const made = new WeakMap<object, Beside<Node>>();
  const make = (asked: Asked): Beside<Node> => {
    const wanted = columnsFor(columns, asked);
    const names = namesOf(wanted).filter((column) => column !== key && column !== 'chain_id');
    // A group of the row (rowMaker.ts), which is there where its first column is.
    const selected = [String(key), ...names].map((column) => `${name}.${column} as "${name}.${column}"`).join(', ');
    return {
      columns: new Sql([selected], []),
      join: sql`left join lateral (select ${wanted} from ${from} limit 1) ${new Sql([name], [])} on true`,
      nodeOf(row) {
        const { chain_id, [name]: own } = row as { chain_id: number } & Record<string, Row | null | undefined>;
        if (!own) return own as null | undefined;
        own.chain_id = chain_id;
        return toNode(own);
      },
    };
  };
  return (asked) => {
    const known = asked ? made.get(asked) : undefined;
    if (known) return known;
    const found = make(asked);
    if (asked) made.set(asked, found);
    return found;
  };
}
