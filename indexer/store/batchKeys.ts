import type { ColumnTypes } from './columnTypes';
import type { EventFact } from './eventFacts';
import { columnIndex, type FactTableName, type FactValue } from './factTables';
import { bytesOf } from './segments';
import type { Together } from './together';

/** Tables where the first row of a key stays, beside those that BatchCreations knows: their keys after the chain. */
const keyColumns = {
  datanet: ['datanet_id'],
  datanet_version: ['datanet_id', 'version'],
  dispute: ['dispute_id'],
  model: ['model_id'],
  training_run: ['run_id'],
  model_version: ['model_id', 'version'],
  adapter: ['adapter_id'],
} as const satisfies Partial<Record<FactTableName, readonly string[]>>;

type KeyedTable = keyof typeof keyColumns;

const columnsOf = new Map<FactTableName, readonly number[]>(
  Object.entries(keyColumns).map(([table, names]) => [
    table as KeyedTable,
    names.map((name) => columnIndex(table as KeyedTable, name)),
  ]),
);

/**
 * Keys that a batch creates. A key that is there already is rare, and to copy rows through a temporary twin for it
 * (copyRows.ts) took a block 3 ms, half of them at its commit: so the tables are asked.
 */
export class BatchKeys {
  private readonly keys = new Map<FactTableName, Map<string, readonly FactValue[]>>();
  /** Tables of which the batch creates a key that is there already, or twice. */
  private readonly repeated = new Set<string>();
  private hasAsked = false;

  constructor(private readonly columnTypes: ColumnTypes) {}

  note(fact: EventFact): void {
    const columns = columnsOf.get(fact.table);
    if (!columns) return;
    let keys = this.keys.get(fact.table);
    if (!keys) {
      keys = new Map();
      this.keys.set(fact.table, keys);
    }
    const key = columns.map((column) => fact.value(column) as FactValue);
    const text = key.join();
    if (keys.has(text)) this.repeated.add(fact.table);
    keys.set(text, key);
  }

  /** Asks the tables for keys that they hold. */
  async ask(together: Together, chainId: number): Promise<void> {
    const asked = [...this.keys].map(async ([table, keys]) => {
      const names = keyColumns[table as KeyedTable];
      const types = names.map((name) => this.columnTypes[table][columnIndex(table, name) + 2]);
      const rows = await together.ask(
        `select from unnest(${types.map((type, i) => `$${i + 2}::${type}[]`).join(', ')}) as k (${names.join(', ')})
         join ${table} t on t.chain_id = $1 and ${names.map((name) => `t.${name} = k.${name}`).join(' and ')}
         limit 1`,
        [chainId, ...names.map((_, i) => [...keys.values()].map((key) => parameter(key[i] as FactValue)))],
      );
      if (rows.length > 0) this.repeated.add(table);
    });
    await Promise.all(asked);
    this.hasAsked = true;
  }

  /** Whether it is known that no key of a table's rows is there already, or twice. */
  isAllNew(table: string): boolean {
    return this.hasAsked && table in keyColumns && !this.repeated.has(table);
  }
}

/** bytea is 0x hex. */
function parameter(value: FactValue): Buffer | string {
  return typeof value === 'string' && value.startsWith('0x') ? bytesOf(value) : String(value);
}
