import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { messageOf } from '../schema/appError';
import { apiError } from './errors';
import { Sql } from './sql';

/** One repeatable-read, read-only transaction: every statement of a request sees the same state of the chain. */
export interface Snapshot {
  query<Row extends QueryResultRow>(statement: Sql | string, values?: readonly unknown[]): Promise<Row[]>;
  /** The last position in the log of changes that this snapshot holds. */
  changePosition(): Promise<bigint>;
  close(): Promise<void>;
}

/** Begins with the first statement; statements run one after the other. `close` gives the connection back. */
export function openSnapshot(pool: Pool): Snapshot {
  let client: Promise<PoolClient> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let position: Promise<bigint> | undefined;
  let closed = false;

  const begin = async (): Promise<PoolClient> => {
    const connection = await pool.connect();
    try {
      // The lock, which no other reader or writer minds, says to a re-index that here is somebody who has begun (see
      // indexer/switchOver.ts). The savepoint lets the other fields of an answer go on, in the same snapshot, after a
      // statement that failed.
      await connection.query(
        'begin isolation level repeatable read, read only; lock table chain in access share mode; savepoint start',
      );
      return connection;
    } catch (error) {
      connection.release(true);
      throw error;
    }
  };

  const run = async <Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> => {
    if (closed) throw new Error('the snapshot is closed');
    try {
      client ??= begin();
      const connection = await client;
      try {
        return (await connection.query<Row>({ name: preparedName(text), text, values })).rows;
      } catch (error) {
        await connection.query('rollback to savepoint start');
        throw error;
      }
    } catch (error) {
      throw databaseError(error);
    }
  };

  const query = <Row extends QueryResultRow>(statement: Sql | string, values: readonly unknown[] = []) => {
    const { text, values: all } =
      statement instanceof Sql ? statement.compile() : { text: statement, values: [...values] };
    const result = last.then(() => run<Row>(text, all));
    last = result.catch(() => undefined);
    return result;
  };

  return {
    query,
    changePosition() {
      position ??= query<{ position: bigint }>('select next - 1 as position from change_position').then(
        (rows) => rows[0]?.position ?? 0n,
      );
      return position;
    },
    async close() {
      await last;
      if (closed) return;
      closed = true;
      const connection = await client?.catch(() => undefined);
      if (!connection) return;
      const failed = await connection.query('commit').then(
        () => false,
        () => true,
      );
      connection.release(failed);
    },
  };
}

/**
 * Statements get a name, so that a connection plans each once: 223 to 361 requests/s for 30 rewards of an account. A
 * query's shape is the client's, so only the first shapes of a process are named: connections must not fill with plans.
 */
const MOST_PREPARED = 400;
const preparedNames = new Map<string, string>();

function preparedName(text: string): string | undefined {
  const known = preparedNames.get(text);
  if (known !== undefined || preparedNames.size >= MOST_PREPARED) return known;
  const name = `snapshot_${preparedNames.size}`;
  preparedNames.set(text, name);
  return name;
}

/** What Postgres may say that a client should know; anything else stays as it is and ends as INTERNAL. */
export function databaseError(error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === '57014') {
    return apiError(
      'QUERY_TIMEOUT',
      'This field took too long. Filter by one key in the default order, or ask for less.',
    );
  }
  const unreachable =
    (typeof code === 'string' && /^(08|53|57P|ECONN|ENOTFOUND|EPIPE|ETIMEDOUT)/.test(code)) ||
    /terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      messageOf(error),
    );
  return unreachable ? apiError('UNAVAILABLE', 'The database does not answer. Try again.') : error;
}
