import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction';

/** With fewer, any plan is as good as another. */
const FEW_EVENTS = 200;
/** With fewer, a history is written before a look at all tables has paid for itself. */
const MANY_EVENTS = 250_000;

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

  /** @param pool not the connection that writes: a block that comes meanwhile must not wait */
  constructor(private readonly pool: Pool) {}

  /**
   * Makes them anew when the tables doubled and autovacuum didn't come. One look at a time: a call during one joins it.
   * @param written events since this was made
   */
  keepUp(written: number): Promise<void> {
    return this.lookAt(written, FEW_EVENTS);
  }

  /** The same in the middle of a history, where autovacuum may be held off (deferredIndexes.ts). */
  keepUpWithHistory(written: number): Promise<void> {
    return this.lookAt(written, MANY_EVENTS);
  }

  private lookAt(written: number, fewest: number): Promise<void> {
    this.underWay ??= this.look(written, fewest).finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async look(written: number, fewest: number): Promise<void> {
    const isDue = () => written - this.counted >= Math.max(fewest, this.known);
    if (!isDue()) return;
    const { rows } = await this.pool.query<{ events: number; tables: string }>(
      `select max(reltuples) filter (where relname = 'event')::float8 as events,
         string_agg(quote_ident(relname), ', ' order by relname) as tables
       from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'`,
    );
    const { events, tables } = rows[0] as { events: number; tables: string };
    // -1: never made.
    this.known = Math.max(0, events);
    if (isDue()) {
      const client = await this.pool.connect();
      try {
        await inTransaction(client, async () => {
          // What a power cut takes of them is made again.
          await client.query('set local synchronous_commit = off');
          // In one order with whatever else locks many tables.
          await client.query(`analyze ${tables}`);
        });
      } finally {
        client.release();
      }
      this.known += written - this.counted;
    }
    this.counted = written;
  }
}
