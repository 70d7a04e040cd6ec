import type { Pool, PoolClient } from 'pg';
import { until } from '../run/until';

/** Any constant. */
const GATE_LOCK = 4_711;

/** Holds somebody else's server process in the middle of a statement, so that a kill is aimed and not timed. */
export interface Gate {
  /** Statements of this kind that wrote to the table pass by, or the ends of transactions that did. */
  watch(table: string, at: 'insert' | 'update' | 'delete' | 'commit'): Promise<void>;
  /**
   * The n-th that passes from now on is held, and all that come after it: `ddl` (whatever makes or changes something of the schema `public`), a tag
   * (CREATE INDEX, DROP INDEX), or a watched table's name.
   */
  arm(what: string, nth?: number): Promise<void>;
  /** How many passed since. */
  passed(): Promise<number>;
  /** Waits until somebody is held. */
  reached(): Promise<void>;
  /**
   * After a kill: `open` lets the dead one's server process go on, which does the rest of the statement before it finds
   * nobody to answer; `cut` ends it there. Both wait until it is gone.
   */
  leave(how: 'open' | 'cut'): Promise<void>;
  close(): Promise<void>;
}

const SETUP = `
  create schema gate;
  create table gate.armed (what text not null, nth integer not null);
  create sequence gate.passed minvalue 0 start 0;
  create function gate.pass(what text) returns void language plpgsql as $$
  declare armed gate.armed;
  begin
    select a.* into armed from gate.armed a where a.what = pass.what;
    -- A sequence counts on where the transaction that counted was rolled back.
    if armed.nth is not null and nextval('gate.passed') >= armed.nth then
      perform pg_advisory_xact_lock_shared(${GATE_LOCK});
    end if;
  end $$;
  create function gate.ddl() returns event_trigger language plpgsql as $$
  begin
    if exists (
      select from pg_event_trigger_ddl_commands() where object_identity ~ '(^| )public\\.' and object_identity !~ 'flywheel_migration'
    ) then
      perform gate.pass(tg_tag);
      perform gate.pass('ddl');
    end if;
  end $$;
  create function gate.dropped() returns event_trigger language plpgsql as $$
  begin
    if exists (select from pg_event_trigger_dropped_objects() where schema_name = 'public' and original) then
      perform gate.pass(tg_tag);
      perform gate.pass('ddl');
    end if;
  end $$;
  create function gate.write() returns trigger language plpgsql as $$
  begin
    perform gate.pass(tg_table_name::text);
    return null;
  end $$;
  create event trigger gate_ddl on ddl_command_end execute function gate.ddl();
  create event trigger gate_dropped on sql_drop execute function gate.dropped()`;

/** @param pool of a superuser: only they make event triggers */
export async function installGate(pool: Pool): Promise<Gate> {
  await pool.query(SETUP);
  let holder: PoolClient | undefined;
  const held = async () => {
    const { rows } = await pool.query<{ pid: number }>(
      `select pid from pg_locks where locktype = 'advisory' and objid = $1 and not granted
         and database = (select oid from pg_database where datname = current_database())`,
      [GATE_LOCK],
    );
    return rows.map(({ pid }) => pid);
  };
  const open = async () => {
    await pool.query('delete from gate.armed');
    await holder?.query('select pg_advisory_unlock($1)', [GATE_LOCK]);
    holder?.release();
    holder = undefined;
  };
  return {
    async watch(table, at) {
      const trigger =
        at === 'commit'
          ? `create constraint trigger gate_commit after insert or update or delete on public.${table}
             deferrable initially deferred for each row`
          : `create trigger gate_write after ${at} on public.${table} for each statement`;
      await pool.query(`${trigger} execute function gate.write()`);
    },
    async arm(what, nth = 1) {
      holder = await pool.connect();
      await holder.query('select pg_advisory_lock($1)', [GATE_LOCK]);
      await holder.query(`select setval('gate.passed', 0)`);
      await holder.query('insert into gate.armed (what, nth) values ($1, $2)', [what, nth]);
    },
    async passed() {
      const { rows } = await pool.query<{ n: number }>('select last_value::integer as n from gate.passed');
      return rows[0]?.n ?? 0;
    },
    reached: () => until(async () => (await held()).length > 0, { what: 'somebody at the gate' }),
    async leave(how) {
      const pids = await held();
      if (how === 'cut') await pool.query('select pg_terminate_backend(pid) from unnest($1::integer[]) pid', [pids]);
      await open();
      await until(
        async () => (await pool.query('select from pg_stat_activity where pid = any($1)', [pids])).rowCount === 0,
        { what: 'the end of whoever was held' },
      );
    },
    close: open,
  };
}
