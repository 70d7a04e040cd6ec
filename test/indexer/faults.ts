import type { Pool } from 'pg';

/** What a database answers on a bad day. */
export const FAULTS = {
  serialization: '40001',
  deadlock: '40P01',
  diskFull: '53100',
  statementTimeout: '57014',
  outOfMemory: '53200',
  readOnly: '25006',
} as const;

/** Faults of a database that the indexer writes to: raised by triggers, outside of the tables that tests compare. */
export interface Faults {
  /** The next `times` transactions that move a checkpoint fail with this code: while the rows change, or at commit. */
  arm(code: string, times: number, at?: 'statement' | 'commit'): Promise<void>;
  /** How often one was raised. */
  raised(): Promise<number>;
}

export async function installFaults(pool: Pool): Promise<Faults> {
  // A sequence keeps counting when the transaction that counted is rolled back.
  await pool.query(`
    create schema fault;
    create sequence fault.ticks minvalue 0 start 0;
    create table fault.armed (at text primary key, code text not null, until bigint not null);
    create function fault.strike() returns trigger language plpgsql as $$
    declare armed fault.armed;
    begin
      select * into armed from fault.armed where at = tg_argv[0];
      if armed.at is not null and (select last_value from fault.ticks) < armed.until then
        perform nextval('fault.ticks');
        raise exception 'a fault of the test' using errcode = armed.code;
      end if;
      return null;
    end $$;
    create trigger fault_at_statement after update of indexed_number on chain
      for each row execute function fault.strike('statement');
    create constraint trigger fault_at_commit after update of indexed_number on chain
      deferrable initially deferred for each row execute function fault.strike('commit');
    select nextval('fault.ticks')`);
  return {
    async arm(code, times, at = 'commit') {
      await pool.query(
        `with gone as (delete from fault.armed where at <> $1)
         insert into fault.armed (at, code, until) select $1, $2, last_value + $3 from fault.ticks
         on conflict (at) do update set code = excluded.code, until = excluded.until`,
        [at, code, times],
      );
    },
    async raised() {
      const { rows } = await pool.query<{ n: number }>('select last_value::int as n from fault.ticks');
      return rows[0]?.n ?? 0;
    },
  };
}

/** Ends connections as an administrator, a failover or a lost network would. */
export async function cutConnections(pool: Pool, applicationName = 'flywheel-%'): Promise<number> {
  const { rowCount } = await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like $1`,
    [applicationName],
  );
  return rowCount ?? 0;
}

const DEADLOCK = '40P01';

/** Jobs, repetitions and locks are gone, as after a crash of a server that didn't write its log to disk. */
export async function emptyQueue(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname = 'bullmq' and tablename not like '%migration%'`,
  );
  if (rows.length === 0) return;
  const truncate = () => pool.query(`truncate ${rows.map(({ name }) => name).join(', ')}`);
  // Workers lock the same tables in an order of their own.
  for (let tries = 1; ; tries++) {
    try {
      await truncate();
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || tries === 10) throw error;
    }
  }
}
