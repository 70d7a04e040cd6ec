import type { ClientBase } from 'pg';
import type { FactTable } from './factTables';
import type { RowBuffer } from './rowBuffer';
import { Together } from './together';

/** Rows of one table; `name` may be qualified. */
export interface TableRows {
  name: string;
  table: FactTable;
  rows: RowBuffer;
  /** Of a first-of table: none of the keys is there already, or twice among the rows. */
  allNew?: boolean;
}

/** Writes rows of several tables by COPY, in one round trip, all or none. As `addRows` says. */
export async function copyRows(client: ClientBase, tables: readonly TableRows[]): Promise<void> {
  const together = new Together();
  addRows(together, tables);
  await together.send(client);
}

/**
 * Rows of several tables by COPY. A first-of table goes through a temporary twin, unless its rows are known to be new, so
 * that a key that exists keeps its row; rows must come in chain order. Once per table and transaction: the twin is emptied
 * at its end.
 */
export function addRows(together: Together, tables: readonly TableRows[]): void {
  for (const { name, table, rows, allNew } of tables) {
    const columns = table.columns.join(', ');
    const copyInto = (target: string) => together.copy(`copy ${target} (${columns}) from stdin (format binary)`, rows);
    if (!table.firstOf || allNew) {
      copyInto(name);
      continue;
    }
    const twin = `first_${name.replace('.', '_')}`;
    together.add(`create temporary table if not exists ${twin} (like ${name}) on commit delete rows`, []);
    copyInto(twin);
    // A heap that only grew is read in the order it was written, which is chain order.
    together.add(`insert into ${name} (${columns}) select ${columns} from ${twin} on conflict do nothing`, []);
  }
}
