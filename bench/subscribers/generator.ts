// A process of its own: holds subscribers of an API, in groups, and tells its parent what they heard. Messages of the
// parent are Orders, each is answered by one Answer.
import { openSubscriber, type SubscriberSocket } from './socket';

/** What the parent wants. */
export type Order =
  /** Subscribers that have all heard something when this is answered. `variables`: one for each, or one for all. */
  | {
      do: 'open';
      group: string;
      port: number;
      count: number;
      query: string;
      variables: readonly object[];
      timed: boolean;
    }
  | { do: 'report'; group: string }
  | { do: 'pause' | 'resume' | 'close'; group: string };

/** What a group has heard so far. */
export interface Heard {
  /** Changes, progress not counted. */
  changes: number;
  bytes: number;
  /** When the last came; ms of the system's monotonic clock, as `now`. */
  lastAt: number;
  /** The last position that progress was told of, and when. */
  reached: number;
  reachedAt: number;
  /** Of a timed group: the block of each change since the last report, and when it came. */
  arrivals: [block: number, at: number][];
  /** Those whose subscription ended, and why the first one's did. */
  ended: number;
  why?: string;
}

/** In ms; the same in all processes. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

interface Group extends Heard {
  sockets: SubscriberSocket[];
}

const AT_ONCE = 100;
const OP = '"op":"';
const PROGRESS = 'P'.charCodeAt(0);
const CURSOR = '"cursor":"';
const NUMBER = '"number":';
const groups = new Map<string, Group>();

async function open({
  group: name,
  port,
  count,
  query,
  variables,
  timed,
}: Extract<Order, { do: 'open' }>): Promise<void> {
  const group: Group = {
    changes: 0,
    bytes: 0,
    lastAt: 0,
    reached: 0,
    reachedAt: 0,
    arrivals: [],
    ended: 0,
    sockets: [],
  };
  groups.set(name, group);
  let next = 0;
  const one = async () => {
    while (next < count) {
      const own = variables[next % variables.length]!;
      next += 1;
      await new Promise<void>((resolve) => {
        const subscriber = openSubscriber(
          port,
          { query, variables: own },
          {
            next(chunk, from, to) {
              resolve();
              const op = chunk.indexOf(OP, from);
              if (chunk[op + OP.length] === PROGRESS) {
                const at = chunk.indexOf(CURSOR, from) + CURSOR.length;
                const cursor = Buffer.from(chunk.toString('latin1', at, chunk.indexOf('"', at)), 'base64url');
                group.reached = Number(cursor.readBigInt64BE(1));
                group.reachedAt = now();
                return;
              }
              group.changes += 1;
              group.bytes += to - from;
              group.lastAt = now();
              if (timed) {
                const at = chunk.indexOf(NUMBER, op) + NUMBER.length;
                group.arrivals.push([
                  Number.parseInt(chunk.toString('latin1', at, at + 12).replace('"', ''), 10),
                  group.lastAt,
                ]);
              }
            },
            ended(why) {
              resolve();
              group.ended += 1;
              group.why ??= why;
            },
          },
        );
        group.sockets.push(subscriber);
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, AT_ONCE) }, one));
}

async function follow(order: Order): Promise<Heard | undefined> {
  if (order.do === 'open') return open(order).then(() => undefined);
  const group = groups.get(order.group)!;
  if (order.do === 'report') {
    const { sockets: _, ...heard } = group;
    group.arrivals = [];
    return heard;
  }
  for (const subscriber of group.sockets) {
    if (order.do === 'close') subscriber.close();
    else subscriber.socket[order.do]();
  }
  if (order.do === 'close') groups.delete(order.group);
  return undefined;
}

if (process.send) {
  process.on('message', (order: Order) => {
    follow(order).then(
      (heard) => process.send?.({ heard }),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.on('disconnect', () => process.exit(0));
}
