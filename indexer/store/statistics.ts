import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction';

/** With fewer, any plan is as good as another. */
const FEW_EVENTS = 200;

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
    this.underWay ??= this.look(written).finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  private async look(written: number): Promise<void> {
    const isDue = () => written - this.counted >= Math.max(FEW_EVENTS, this.known);
    if (!isDue()) return;
    const { rows } = await this.pool.query<{ events: number; tables: string }>(
      `select max(reltuples) filter (where relname = 'event')::float8 as events,
         string_agg(quote_ident(relname), ', ') as tables
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
