import type { Context, Program } from '../../context';
import type { LogPosition } from '../../logPosition';

/** Rows that a request is reading, for whoever asks for the same meanwhile. */
interface Flight {
  rows: Promise<readonly unknown[]>;
  /** The request that reads them. */
  reader: Context;
}

/** Which tables, and the last change that they hold. */
export interface State extends LogPosition {
  tables: string;
}

/** What a process keeps of one state of the rows. */
interface Memory extends State {
  rows: Map<string, readonly unknown[]>;
  count: number;
  flights: Map<string, Flight>;
}

const MOST_ROWS = 200_000;
const memories = new WeakMap<Program, Memory>();

/** `read`, unless it is known since the last change, or on its way for another request. */
export async function remembering<Row>(context: Context, key: string, read: () => Promise<Row[]>): Promise<Row[]> {
  const [rows] = await rememberingAll<Row>(context, [key], async () => [await read()]);
  return rows!;
}

/**
 * Figures over many rows are functions of the chains as far as the snapshot holds them, so they are kept until the next
 * change: every block that is applied or retracted takes a position in the log of changes. A re-index, which takes none,
 * puts other tables in the place of those that were read.
 *
 * What several requests ask for at once is read by the first of them, in its own snapshot. The others share its failure,
 * which nobody keeps, unless it failed because its request ended meanwhile: then they read for themselves.
 * @param keys each once
 * @param read the rows of those keys that are missing, by their places in `keys`, in that order
 */
export async function rememberingAll<Row>(
  context: Context,
  keys: readonly string[],
  read: (missing: readonly number[]) => Promise<Row[][]>,
): Promise<Row[][]> {
  const memory = await memoryOf(context);
  const missing = [...keys.keys()].filter((i) => !memory.rows.has(keys[i]!) && !memory.flights.has(keys[i]!));
  const reading = missing.length > 0 ? read(missing) : Promise.resolve([]);
  for (const [n, i] of missing.entries()) {
    const rows = reading.then((groups) => groups[n]!);
    take(memory, keys[i]!, { rows, reader: context });
  }
  const rowsOf = async (key: string, place: number): Promise<Row[]> => {
    const known = memory.rows.get(key) as Row[] | undefined;
    if (known) return known;
    const { rows, reader } = memory.flights.get(key)!;
    try {
      return (await rows) as Row[];
    } catch (error) {
      if (!hasEnded(reader) || hasEnded(context)) throw error;
      const [own] = await rememberingAll<Row>(context, [key], () => read([place]));
      return own!;
    }
  };
  return Promise.all(keys.map(rowsOf));
}

const hasEnded = ({ signal, snapshot }: Context) => signal.aborted || snapshot.isClosed();

function take(memory: Memory, key: string, flight: Flight): void {
  memory.flights.set(key, flight);
  flight.rows.then(
    (rows) => {
      memory.flights.delete(key);
      keep(memory, key, rows);
    },
    () => memory.flights.delete(key),
  );
}

function keep(memory: Memory, key: string, rows: readonly unknown[]): void {
  // No rows take space too.
  const count = rows.length + 1;
  if (count > MOST_ROWS) return;
  if (memory.count + count > MOST_ROWS) {
    memory.rows.clear();
    memory.count = 0;
  }
  memory.rows.set(key, rows);
  memory.count += count;
}

/** What is kept of the state that the request's snapshot sees. */
async function memoryOf(context: Context): Promise<Memory> {
  return memoryAt(context.program, await stateOf(context));
}

/** Without a chain there is nothing to remember. */
const NOTHING: State = { tables: '', position: 0n, stamp: null };

/** The state that the request's snapshot sees. */
export async function stateOf(context: Context): Promise<State> {
  const [{ tables, position, stamp } = NOTHING] = await context.now.chains();
  return { tables, position, stamp };
}

export function isSameState(one: State, other: State): boolean {
  return one.tables === other.tables && one.position === other.position && one.stamp === other.stamp;
}

function memoryAt(program: Program, state: State): Memory {
  const last = memories.get(program);
  if (last && isSameState(last, state)) return last;
  const memory: Memory = { ...state, rows: new Map(), count: 0, flights: new Map() };
  // A snapshot of before the newest change neither finds nor leaves anything.
  if (!last || last.tables !== state.tables || last.position <= state.position) memories.set(program, memory);
  return memory;
}
