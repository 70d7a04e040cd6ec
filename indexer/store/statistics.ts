import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../../db/transaction';

/** With fewer, any plan is as good as another. */
const FEW_EVENTS = 200;
/** With fewer, a history is written before a look at all tables has paid for itself. */
const MANY_EVENTS = 250_000;
/** With fewer, a look at all tables takes a few milliseconds. */
const LITTLE = 3_000;
/** With more, this many tables are looked at after a block, and few rows of each (the server's default is 100). */
const TABLES_AT_ONCE = 3;
const TARGET = 20;
/** Where no block came for so long, a few tables are looked at before the next one comes. */
const PAUSE_MS = 50;

/**
 * The planner's statistics while tables grow fast. Without any, Postgres takes every table for one row of a chain and loops
 * over all of them: at 16,000 events refresh_reward took 550 ms of a block, with statistics 6. Autovacuum looks once a
 * minute, and until it has come every block near the head would be late.
 */
export class Statistics {
  /** Events in the tables when statistics were made last. */
  private known = 0;
  /** Of `written`, those that were there then. */
  private counted = 0;
  private underWay: Promise<void> | undefined;
  /** Tables that are still to be looked at. */
  private waiting: string[] = [];
  /** Tables doubled again before a pause came. */
  private isLate = false;

  /** @param pool not the connection that writes: a block that comes meanwhile must not wait */
  constructor(private readonly pool: Pool) {}

  /**
   * Makes them anew when the tables doubled and autovacuum didn't come. One look at a time: a call during one joins it. Of
   * tables with some thousands of rows it makes a few each time it is called: to look at all took 0.3 s at 25,000 events,
   * and every statement that a block writes with was planned anew for the next one. And it looks at them in a pause: a
   * block that came meanwhile took 10 to 20 ms longer.
   * @param written events since this was made
   * @param next when there is something else to do again; left out: nobody waits
   */
  keepUp(written: number, next?: Promise<unknown>): Promise<void> {
    return this.lookAt(written, FEW_EVENTS, true, next);
  }

  /** The same in the middle of a history, where autovacuum may be held off (deferredIndexes.ts). */
  keepUpWithHistory(written: number): Promise<void> {
    return this.lookAt(written, MANY_EVENTS, false);
  }

  private lookAt(written: number, fewest: number, isNearHead: boolean, next?: Promise<unknown>): Promise<void> {
    this.underWay ??= this.look(written, fewest, isNearHead, next).finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async look(written: number, fewest: number, isNearHead: boolean, next?: Promise<unknown>): Promise<void> {
    const isDue = () => written - this.counted >= Math.max(fewest, this.known);
    if (isDue()) {
      const { rows } = await this.pool.query<{ events: number; tables: string[] }>(
        `select max(reltuples) filter (where relname = 'event')::float8 as events,
           array_agg(quote_ident(relname) order by relname) as tables
         from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'`,
      );
      const { events, tables } = rows[0] as { events: number; tables: string[] };
      // -1: never made.
      this.known = Math.max(0, events);
      if (isDue()) {
        if (isNearHead && this.known >= LITTLE) {
          this.isLate = this.waiting.length > 0;
          this.waiting = tables;
        } else await this.analyze(tables);
        this.known += written - this.counted;
      }
      this.counted = written;
    }
    if (!isNearHead || this.waiting.length === 0) return;
    if (next && !this.isLate && !(await isPause(next))) return;
    await this.analyze(this.waiting.splice(0, TABLES_AT_ONCE), TARGET);
  }

  private async analyze(tables: readonly string[], target?: number): Promise<void> {
    const client = await this.pool.connect();
    try {
      await inTransaction(client, async () => {
        // What a power cut takes of them is made again.
        await client.query('set local synchronous_commit = off');
        if (target !== undefined) await client.query(`set local default_statistics_target = ${target}`);
        // In one order with whatever else locks many tables.
        await client.query(`analyze ${tables.join(', ')}`);
      });
    } finally {
      client.release();
    }
  }
}

/** A table with fewer pages is read whole in no time. */
const FEW_PAGES = 8;

/**
 * Makes them anew of tables that have more than twice the pages they had then, inside the caller's transaction: for one
 * statement over much that was written lately, which can't wait for the next pause. By what was known of 3,000 events, a
 * rewind of 20,000 went over tables once for each row, and took over half a minute.
 */
export async function analyzeOutgrown(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ tables: string | null }>(
    `select string_agg(quote_ident(relname), ', ' order by relname) as tables
     from pg_class
     where relnamespace = current_schema()::regnamespace and relkind = 'r'
       and pg_relation_size(oid) > 2 * (relpages + $1::bigint) * current_setting('block_size')::bigint`,
    [FEW_PAGES / 2],
  );
  const tables = rows[0]?.tables;
  if (tables) await client.query(`set local default_statistics_target = ${TARGET}; analyze ${tables}`);
}

function isPause(next: Promise<unknown>): Promise<boolean> {
  return Promise.race([next.then(() => false), delay(PAUSE_MS, true, { ref: false })]);
}
