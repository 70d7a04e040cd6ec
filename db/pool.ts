import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Connection, PoolConfig } from 'pg';
import { Pool, types } from 'pg';
import { RowClient } from './rowClient';

export interface PoolOptions {
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Connections at most; default 10. */
  max?: number;
  /** Server-side limit of one statement; none by default. */
  statementTimeoutMs?: number;
  /** Every transaction starts read-only: for the API, which has nothing to write. */
  readOnly?: boolean;
  /** Statements of a connection are sent while others are under way, and done one after the other. */
  pipeline?: boolean;
  /** Further `-c name=value` settings of the session. */
  settings?: Record<string, string>;
  /** An idle connection broke. The pool replaces it by itself; without a listener Node would end the process. */
  onError?: (error: Error) => void;
}

/** For whatever opens a connection: a host that takes it and says nothing must not be waited for. */
export const CONNECT_LIMIT_MS = 10_000;

const INT8 = 20;
const INT8_ARRAY = 1016;

/**
 * int8 is BigInt: positions use 62 bits. That includes count(*): select count(*)::int for a number.
 * numeric stays a decimal string, bytea is a Buffer, timestamptz a Date. Parsers belong to our pools,
 * not to the pg module, because BullMQ shares the module and expects its defaults.
 */
const typeParsers: PoolConfig['types'] = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (oid === INT8) return (value: string) => BigInt(value);
      if (oid === INT8_ARRAY) return parseInt8Array;
    }
    return types.getTypeParser(oid, format as 'text');
  },
} as PoolConfig['types'];

function parseInt8Array(value: string): (bigint | null)[] {
  const inner = value.slice(1, -1);
  return inner === '' ? [] : inner.split(',').map((item) => (item === 'NULL' ? null : BigInt(item)));
}

/**
 * A client whose host vanished says no goodbye, and its server would keep its locks for hours. With these the server
 * finds out within 30 s: idle, when four probes stay without an answer; in mid-answer, when nothing is acknowledged.
 */
const KEEPALIVE = {
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '4',
  tcp_user_timeout: '30000',
};
/** The other way round: a server that vanished while it works is found out 10 s after this. */
export const FIRST_PROBE_MS = 10_000;
const ANSWER_GRACE_MS = 5_000;
const END_LIMIT_MS = 3_000;

/** The settings of a connection with our types; also for single clients (LISTEN, COPY). */
export function connectionConfig(url: string, options: PoolOptions = {}): PoolConfig {
  const settings: Record<string, string> = {
    TimeZone: 'UTC',
    ...KEEPALIVE,
    // The limit that a server has for others is not for us: an index that takes longer would never be built.
    statement_timeout: String(options.statementTimeoutMs ?? 0),
    // What is sent together is one transaction, and it reads one snapshot.
    ...(options.pipeline ? { default_transaction_isolation: 'repeatable read' } : {}),
    ...(options.readOnly ? { default_transaction_read_only: 'on' } : {}),
    ...options.settings,
  };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replace(/([\\ ])/g, '\\$1')}`);
  return {
    connectionString: url,
    application_name: options.applicationName ?? 'flywheel',
    options: flags.join(' '),
    keepAlive: true,
    keepAliveInitialDelayMillis: FIRST_PROBE_MS,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    // The server ends its statements itself, unless it is gone.
    ...(options.statementTimeoutMs ? { query_timeout: options.statementTimeoutMs + ANSWER_GRACE_MS } : {}),
    types: typeParsers,
    ...(options.pipeline ? { pipeline: true, Client: RowClient } : {}),
  };
}

/** Ends a connection; one whose server doesn't answer any more is dropped. */
export async function endClient(client: Client): Promise<void> {
  const ended = await Promise.race([client.end().then(() => true), delay(END_LIMIT_MS, false, { ref: false })]);
  if (!ended) (client as unknown as { connection: Connection }).connection.stream.destroy();
}

/** A pool over one database. It opens connections when they are used; the caller ends it. */
export function openPool(url: string, options: PoolOptions = {}): Pool {
  const pool = new Pool({ ...connectionConfig(url, options), max: options.max ?? 10 });
  pool.on('error', (error) => options.onError?.(error));
  outliveBrokenClients(pool);
  return pool;
}

/**
 * A pool listens to idle connections alone: one that breaks while somebody holds it between two queries would end the
 * process. Its holder hears of it with the next query.
 */
export function outliveBrokenClients(pool: Pool): void {
  pool.on('connect', (client) => client.on('error', () => undefined));
}
