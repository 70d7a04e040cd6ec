import { type Context, openContext, type Program } from '../../context';
import { isSameState, stateOf } from './remembered';

/** What is to be read, on whichever connection comes to it. */
interface Work {
  /** Whether it went well. */
  read(on: Context): Promise<boolean>;
  takesMs: number;
}

const lines = new WeakMap<Context, Work[]>();
/** Those of which a request has a second connection: one at a time, so that nobody waits for one because of it. */
const helping = new WeakSet<Program>();

/**
 * Reads that take long and that a request has several of: Postgres does the statements of a connection one after the
 * other, each on a core. Where there is a connection to spare they are shared with it, if it sees the same state of the
 * chains: a block may have come since the request's own began.
 * @param read asks the context that it is given, which need not be the request's
 * @param takesMs about how long, with what waits for it, next to the others: the longest is begun first, lest one
 *   connection does it at the end while the other has nothing to do
 */
export function sideBySide<T>(context: Context, read: (on: Context) => Promise<T>, takesMs = 0): Promise<T> {
  return new Promise((resolve, reject) => {
    const work: Work = {
      takesMs,
      async read(on) {
        try {
          resolve(await read(on));
          return true;
        } catch (error) {
          // What fails on the second connection may be its own fault.
          if (on === context) reject(error);
          else read(context).then(resolve, reject);
          return false;
        }
      },
    };
    const line = lines.get(context);
    if (line) {
      const shorter = line.findIndex((other) => other.takesMs < takesMs);
      line.splice(shorter < 0 ? line.length : shorter, 0, work);
    } else {
      const begun = [work];
      lines.set(context, begun);
      // Those that are asked for in the same turn of the event loop are in it by then.
      setImmediate(() => workOff(context, begun));
    }
  });
}

async function workOff(context: Context, line: Work[]): Promise<void> {
  if (line.length > 1 && mayHaveSecond(context)) void help(context, line);
  for (let work = next(context, line); work; work = next(context, line)) await work.read(context);
}

/** Whoever comes after the last begins a line of his own. */
function next(context: Context, line: Work[]): Work | undefined {
  const work = line.shift();
  if (line.length === 0 && lines.get(context) === line) lines.delete(context);
  return work;
}

/** Not the last one to spare: somebody else may come. */
function mayHaveSecond({ program, at }: Context): boolean {
  const { totalCount, idleCount, waitingCount, options } = program.pool;
  const free = idleCount + options.max - totalCount;
  return at === null && !helping.has(program) && waitingCount === 0 && free > 1;
}

async function help(context: Context, line: Work[]): Promise<void> {
  const { program, signal } = context;
  helping.add(program);
  const second = openContext(program, signal);
  try {
    const [own, others] = await Promise.all([stateOf(context), stateOf(second)]);
    let goesOn = isSameState(own, others);
    while (goesOn) goesOn = (await next(context, line)?.read(second)) ?? false;
  } catch {
    // Without it the request reads all of them itself, and hears what is wrong if that can't be.
  } finally {
    await second.snapshot.close();
    helping.delete(program);
  }
}
