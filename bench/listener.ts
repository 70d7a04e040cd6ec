import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { connect } from './database';

/** Hears what wakes the API's readers: a commit's notice arrives after its rows can be read. */
export interface ChangeListener {
  /** When the first notice after `since` came for which `holds` is true by then (performance.now()). */
  firstAfter(since: number, holds: (client: Client) => Promise<boolean>): Promise<number>;
  close(): Promise<void>;
}

const LIMIT_MS = 30_000;

export async function listenForChanges(databaseUrl: string): Promise<ChangeListener> {
  const [listening, asking] = [await connect(databaseUrl), await connect(databaseUrl)];
  let notices: number[] = [];
  let wake: () => void = () => undefined;
  listening.on('notification', () => {
    notices.push(performance.now());
    wake();
  });
  await listening.query('listen flywheel_change');
  return {
    async firstAfter(since, holds) {
      notices = notices.filter((at) => at >= since);
      for (const end = performance.now() + LIMIT_MS; performance.now() < end; ) {
        const at = notices.shift();
        if (at !== undefined && (await holds(asking))) return at;
        if (notices.length > 0) continue;
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([woken, delay(LIMIT_MS, undefined, { ref: false })]);
      }
      throw new Error(`no change was published within ${LIMIT_MS / 1_000} s`);
    },
    async close() {
      await Promise.all([listening.end(), asking.end()]);
    },
  };
}
