import { Sql, sql } from '../sql';
import { type Asked, type Columns, columnsFor, namesOf } from './columns';

/** Rows of another table that a list's statement reads beside its own: of what its nodes lead to, one of each. */
export interface Beside<Node> {
  columns: Sql;
  /** After the list's rows, which it reads as `y`, and those that are joined before it by their names. */
  join: Sql;
  /** Of a row of the list; null where there is none, undefined where the list was read without. */
  nodeOf(row: object): Node | null | undefined;
}

/**
 * @param from what follows `from`. It can't but be looked up for each row of the page: of `limit 1` Postgres makes no other
 *   join, which it might think cheaper while it doesn't know how long a page is.
 * @returns for what is asked of the type
 */
export function beside<Row extends object, Node>(
  name: string,
  columns: Columns,
  from: Sql,
  toNode: (row: Row) => Node,
): (asked: Asked) => Beside<Node> {
  const made = new WeakMap<object, Beside<Node>>();
  const make = (asked: Asked): Beside<Node> => {
    const wanted = columnsFor(columns, asked);
    const places = namesOf(wanted).map((column) => [column, `${name}_${column}`] as const);
    const selected = places.map(([column, place]) => `${name}.${column} as ${place}`).join(', ');
    const known = `${name}_chain_id`;
    return {
      columns: new Sql([selected], []),
      join: sql`left join lateral (select ${wanted} from ${from} limit 1) ${new Sql([name], [])} on true`,
      nodeOf(row) {
        const all = row as Readonly<Record<string, unknown>>;
        if (all[known] == null) return all[known] as null | undefined;
        const own: Record<string, unknown> = {};
        for (const [column, place] of places) own[column] = all[place];
        return toNode(own as Row);
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
