import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GENERATOR_CORE, onCore } from '../serving/load';
import type { Heard, Order } from './generator';

/** Subscribers of an API, in a process on a core of their own. One order at a time. */
export interface Crowd {
  open(order: Omit<Extract<Order, { do: 'open' }>, 'do'>): Promise<void>;
  report(group: string): Promise<Heard>;
  /** Resolves when the group has heard that many changes. @throws Error when nothing comes any more */
  hears(group: string, changes: number): Promise<Heard>;
  /** The same for a group of one that is told it has come so far. */
  reaches(group: string, position: number): Promise<Heard>;
  pause(group: string): Promise<void>;
  resume(group: string): Promise<void>;
  /** They leave without a word. */
  leave(group: string): Promise<void>;
  close(): Promise<void>;
}

const LOOK_MS = 50;
const SILENCE_MS = 15_000;

export function openCrowd(): Crowd {
  const pinned = onCore(GENERATOR_CORE);
  const child = fork(path.join(__dirname, 'generator.js'), {
    ...(pinned ? { execPath: pinned.command, execArgv: pinned.args } : {}),
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the subscribers' process ended with ${code}`);
  });
  ended.catch(() => undefined);
  const order = async (what: Order): Promise<Heard | undefined> => {
    child.send(what);
    const [{ heard }] = (await Promise.race([once(child, 'message'), ended])) as [{ heard?: Heard }];
    return heard;
  };
  const report = async (group: string) => (await order({ do: 'report', group })) as Heard;
  const until = async (group: string, isThere: (heard: Heard) => boolean): Promise<Heard> => {
    const arrivals: Heard['arrivals'] = [];
    let before = '';
    let since = performance.now();
    for (;;) {
      const heard = await report(group);
      arrivals.push(...heard.arrivals);
      if (isThere(heard)) return { ...heard, arrivals };
      const state = `${heard.changes} changes, position ${heard.reached}`;
      if (state !== before) [before, since] = [state, performance.now()];
      if (performance.now() - since > SILENCE_MS || heard.ended > 0) {
        throw new Error(`${group}: ${heard.why ?? 'silence'} after ${state}`);
      }
      await delay(LOOK_MS);
    }
  };
  return {
    open: async (what) => void (await order({ do: 'open', ...what })),
    report,
    hears: (group, changes) => until(group, (heard) => heard.changes >= changes),
    reaches: (group, position) => until(group, (heard) => heard.reached >= position),
    pause: async (group) => void (await order({ do: 'pause', group })),
    resume: async (group) => void (await order({ do: 'resume', group })),
    leave: async (group) => void (await order({ do: 'close', group })),
    async close() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
