import type { ClientBase } from 'pg';
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

  constructor(private readonly client: ClientBase) {}

  /**
   * Makes them anew when the tables doubled and autovacuum didn't come. To be called while nothing waits.
   * @param written events since this was made
   */
  async keepUp(written: number): Promise<void> {
    const isDue = () => written - this.counted >= Math.max(FEW_EVENTS, this.known);
    if (!isDue()) return;
    const { rows } = await this.client.query<{ events: number; tables: string }>(
      `select max(reltuples) filter (where relname = 'event')::float8 as events,
         string_agg(quote_ident(relname), ', ') as tables
       from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'`,
    );
    const { events, tables } = rows[0] as { events: number; tables: string };
    // -1: never made.
    this.known = Math.max(0, events);
    if (isDue()) {
      await inTransaction(this.client, async () => {
        // What a power cut takes of them is made again.
        await this.client.query('set local synchronous_commit = off');
        await this.client.query(`analyze ${tables}`);
      });
      this.known += written - this.counted;
    }
    this.counted = written;
  }
}
