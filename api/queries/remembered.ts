import type { Context, Program } from '../context';

/** What a process keeps of one state of the rows. */
interface Memory {
  /** Which tables, and the last change that they hold. */
  tables: string;
  position: bigint;
  rows: Map<string, readonly unknown[]>;
  count: number;
}

const MOST_ROWS = 200_000;
const memories = new WeakMap<Program, Memory>();

export interface Remembered {
  get<Row>(key: string): Row[] | undefined;
  set<Row>(key: string, rows: Row[]): void;
}

/**
 * Figures over many rows are functions of the chains as far as the snapshot holds them, so they are kept until the next
 * change: every block that is applied or retracted takes a position in the log of changes. A re-index, which takes none,
 * puts other tables in the place of those that were read.
 */
export function rememberedRows(context: Context): Promise<Remembered> {
  return context
    .loader<string, Remembered>('remembered rows', async (keys) => {
      const [state] = await context.snapshot.query<{ tables: string; position: bigint }>(
        "select 'reward'::regclass::oid::text as tables, next - 1 as position from change_position",
      );
      const remembered = memoryAt(context.program, state?.tables ?? '', state?.position ?? 0n);
      return keys.map(() => remembered);
    })
    .load('');
}

/** `read`, unless it is known since the last change. */
export async function remembering<Row>(context: Context, key: string, read: () => Promise<Row[]>): Promise<Row[]> {
  const remembered = await rememberedRows(context);
  const known = remembered.get<Row>(key);
  if (known) return known;
  const rows = await read();
  remembered.set(key, rows);
  return rows;
}

function memoryAt(program: Program, tables: string, position: bigint): Remembered {
  const last = memories.get(program);
  // A snapshot of before the newest change neither finds nor leaves anything.
  if (last && last.tables === tables && last.position > position) return { get: () => undefined, set: () => undefined };
  const isLast = last && last.tables === tables && last.position === position;
  const memory: Memory = isLast ? last : { tables, position, rows: new Map(), count: 0 };
  memories.set(program, memory);
  return {
    get: <Row>(key: string) => memory.rows.get(key) as Row[] | undefined,
    set(key, rows) {
      // No rows take space too.
      const count = rows.length + 1;
      if (memory.rows.has(key) || count > MOST_ROWS) return;
      if (memory.count + count > MOST_ROWS) {
        memory.rows.clear();
        memory.count = 0;
      }
      memory.rows.set(key, rows);
      memory.count += count;
    },
  };
}
