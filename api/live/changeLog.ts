import { Client, type Pool } from 'pg';
import { connectionConfig, endClient } from '../../db/pool';
import { messageOf } from '../../schema/appError';
import type { Log } from '../log';
import { type BlockContent, readContent } from './blockContent';
import { type ChangeRow, endOf, readBounds, rowsAfter } from './changeRow';

const POLL_MS = 1000;
const RETRY_MS = 1000;
const KEPT_ROWS = 1000;
const BATCH = 500;

/**
 * The process's one reader of the log of changes. Whoever follows the log asks it for the rows after a position and
 * waits for more; it keeps the newest rows, and the content of their blocks, for all of them together.
 */
export interface ChangeLog {
  /** The last position known here; a follower at it is up to date. */
  head(): bigint;
  rowsAfter(position: bigint, limit: number): Promise<ChangeRow[]>;
  /** The events and rewards of an applied or retracted block. */
  content(row: ChangeRow): Promise<BlockContent>;
  /** Ends when something may have happened: at the latest after a second. */
  wake(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** @param pool for reading; `databaseUrl` must lead to the primary, where LISTEN works */
export function openChangeLog({ pool, databaseUrl, log }: { pool: Pool; databaseUrl: string; log: Log }): ChangeLog {
  let rows: ChangeRow[] = [];
  let head = 0n;
  let started = false;
  let closed = false;
  let listener: Client | undefined;
  let listening: NodeJS.Timeout | undefined;
  let reading: Promise<void> | undefined;
  let again = false;
  let failing = false;
  const waiting = new Set<() => void>();
  const contents = new Map<bigint, Promise<BlockContent>>();

  const wakeAll = () => {
    for (const wake of [...waiting]) wake();
  };

  const readOnce = async () => {
    if (!started) {
      head = (await readBounds(pool)).head;
      started = true;
    }
    for (;;) {
      const fresh = await rowsAfter(pool, head, BATCH);
      if (fresh.length === 0) break;
      rows = [...rows, ...fresh].slice(-KEPT_ROWS);
      head = endOf(fresh[fresh.length - 1] as ChangeRow);
      const first = rows[0]?.position ?? 0n;
      for (const position of contents.keys()) if (position < first) contents.delete(position);
      wakeAll();
    }
  };

  /** One read at a time; a wake-up during one leads to another. */
  const read = () => {
    again = true;
    reading ??= (async () => {
      while (again && !closed) {
        again = false;
        await readOnce().then(
          () => {
            failing = false;
          },
          (error) => {
            // Asked again at each poll: once is enough to say so.
            if (!closed && !failing) log.warn({ error: messageOf(error) }, 'the log of changes cannot be read for now');
            failing = true;
          },
        );
      }
      reading = undefined;
    })();
  };

  const listen = async () => {
    if (closed) return;
    const client = new Client({ ...connectionConfig(databaseUrl, { applicationName: 'flywheel-api-listen' }) });
    listener = client;
    let lost = false;
    const retry = (error?: Error) => {
      if (lost || closed) return;
      lost = true;
      log.warn(
        { error: messageOf(error ?? 'the connection ended') },
        'not listening for changes: polling until it is back',
      );
      client.end().catch(() => undefined);
      listening = setTimeout(listen, RETRY_MS);
      listening.unref();
    };
    client.on('error', retry);
    client.on('end', () => retry());
    client.on('notification', read);
    try {
      await client.connect();
      await client.query('listen flywheel_change');
      read();
    } catch (error) {
      retry(error as Error);
    }
  };

  const poll = setInterval(() => {
    read();
    wakeAll();
  }, POLL_MS);
  poll.unref();
  read();
  void listen();

  return {
    head: () => head,
    async rowsAfter(position, limit) {
      const first = rows[0];
      if (!first || position < first.position - 1n) return rowsAfter(pool, position, limit);
      const from = rows.findIndex((row) => endOf(row) > position);
      return from < 0 ? [] : rows.slice(from, from + limit);
    },
    content(row) {
      let content = contents.get(row.position);
      if (!content) {
        content = readContent(pool, row);
        // What is older than the kept rows is one follower's replay and of no use to others.
        if (row.position >= (rows[0]?.position ?? head + 1n)) {
          contents.set(row.position, content);
          content.catch(() => contents.delete(row.position));
        }
      }
      return content;
    },
    wake(signal) {
      return new Promise((resolve) => {
        const done = () => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
        if (signal.aborted || closed) done();
      });
    },
    async close() {
      closed = true;
      clearInterval(poll);
      clearTimeout(listening);
      wakeAll();
      await reading;
      if (listener) await endClient(listener).catch(() => undefined);
    },
  };
}
