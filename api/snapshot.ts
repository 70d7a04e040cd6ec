import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, Pool, PoolClient, QueryResultRow } from 'pg';
import type { CancelStatement } from './cancelStatements';
import { databaseError, tooLong } from './databaseError';
import { apiError } from './errors';
import type { TakeTurn } from './limits/strangers';
import { LAST_STAMP, type LogPosition } from './logPosition';
import { askAlone } from './loneStatement';
import { preparedName } from './preparedName';
import { askPrepared } from './preparedQuery';
import { Sql } from './sql';

/** One repeatable-read, read-only transaction: every statement of a request sees the same state of the chain. */
export interface Snapshot {
  query<Row extends QueryResultRow>(statement: Sql | string, values?: readonly unknown[]): Promise<Row[]>;
  /** The same transaction, in which a statement finds the tables as `end` leaves them (migrations/0011_past.sql). */
  before(end: PastEnd): Pick<Snapshot, 'query'>;
  /** What the snapshot's `first` statement gave. */
  first<Row extends QueryResultRow>(): Promise<Row[]>;
  /**
   * To be asked one statement and nothing else, without a transaction around it: a second one fails, and isCrowded says so.
   * Of no effect once begun, or where the pool's connections can't do so.
   */
  beAlone(): void;
  isLone(): boolean;
  isCrowded(): boolean;
  /** How many statements were asked, beside the first. */
  asked(): number;
  /** Of a lone snapshot that was asked: the ids of the chains in it, in order, with commas between. */
  chainIds(): string | undefined;
  /** Not to begin before `wait` is over, whether it fails or not. Of no effect once begun. */
  holdBack(wait: Promise<unknown>): void;
  /** The last position in the log of changes that this snapshot holds. */
  changePosition(): Promise<LogPosition>;
  /** Nothing can be asked any more. */
  isClosed(): boolean;
  close(): Promise<void>;
}

/** The facts of one chain with positions below `end`. */
export interface PastEnd {
  chainId: number;
  end: bigint;
}

/** How long a snapshot may be asked. */
export interface SnapshotEnd {
  /** The client is gone: the statement that runs is cancelled, and no other is begun. */
  signal: AbortSignal;
  cancel: CancelStatement;
  /** Where a client may not have all of the pool's connections. */
  takeTurn?: TakeTurn | undefined;
  /** After this time from its first statement on, no other is begun. */
  limitMs: number;
}

const CANCEL_AGAIN_MS = 50;

/**
 * The lock, which no other reader or writer minds, says to a re-index that here is somebody who has begun (see
 * indexer/switchOver.ts). The savepoint lets the other fields of an answer go on, in the same snapshot, after a statement
 * that failed.
 */
const BEGIN =
  'begin isolation level repeatable read, read only; lock table chain in access share mode; savepoint start';

/**
 * Begins with the first statement; statements run one after the other, in the order in which they are asked for. `close`
 * gives the connection back.
 *
 * A way to the server and back is most of what a small statement costs. Where the pool's connections can do so, a statement
 * is sent while others are under way, those of one turn of the event loop in one packet: the beginning, `first` and the
 * first that is asked for as well, and the end, for which nobody waits.
 * @param first a statement that is nearly always asked for
 */
export function openSnapshot(pool: Pool, end?: SnapshotEnd, first?: string): Snapshot {
  let client: Promise<PoolClient> | undefined;
  const isPipelined = isPipelining(pool);
  // Where statements can't be sent while others are under way.
  let last: Promise<unknown> = Promise.resolve();
  const unanswered = new Set<Promise<unknown>>();
  let position: Promise<LogPosition> | undefined;
  let closed = false;
  let isLone = false;
  let isCrowded = false;
  let asked = 0;
  let chainIds: string | undefined;
  const waits: Promise<unknown>[] = [];
  // What the connection's statements read at the moment; null: the tables themselves.
  let reading: PastEnd | null = null;
  let endsAt = Number.POSITIVE_INFINITY;
  let running: PoolClient | undefined;
  let inFlight = 0;
  // How many statements failed. What was sent behind one before it was known to have failed fails with it, for nothing.
  let failures = 0;
  let recovered: Promise<void> | undefined;
  let cancelling: Promise<void> | undefined;
  let endTurn = () => {};
  let begun: Promise<unknown> = Promise.resolve();
  let firstRows: Promise<QueryResultRow[]> = Promise.resolve([]);
  let isBroken = false;
  // Again and again: a server process that has not begun with the statement yet lets the cancellation pass.
  const untilCancelled = async (connection: PoolClient, cancel: CancelStatement): Promise<void> => {
    while (running === connection) {
      await cancel(connection);
      if (running === connection) await delay(CANCEL_AGAIN_MS);
    }
  };
  const abandon = () => {
    if (!running || !end || cancelling) return;
    cancelling = untilCancelled(running, end.cancel).finally(() => {
      cancelling = undefined;
    });
  };
  end?.signal.addEventListener('abort', abandon, { once: true });
  const checkEnd = () => {
    if (end?.signal.aborted) throw apiError('UNAVAILABLE', 'The client is gone.');
    if (performance.now() > endsAt) throw tooLong();
  };

  const waitForTurn = async () => {
    if (!end?.takeTurn) return;
    const taken = await end.takeTurn(AbortSignal.any([end.signal, AbortSignal.timeout(end.limitMs)]));
    if (!taken) throw apiError('RATE_LIMITED', 'Too many queries of this address are being answered. Ask again later.');
    endTurn = taken;
  };

  /** Its time begins when those before it are done. */
  const limitBehind = (statements: number) => (pool.options.query_timeout ?? 0) * (statements + 1);

  const begin = async (): Promise<PoolClient> => {
    await Promise.allSettled(waits);
    await waitForTurn();
    const connection = await pool.connect();
    if (end) endsAt = performance.now() + end.limitMs;
    try {
      checkEnd();
    } catch (error) {
      connection.release();
      throw error;
    }
    sendTogether(connection);
    // By pg's own promise its failure would be known after that of what was sent behind it.
    begun = new Promise<void>((resolve, reject) => {
      connection.query(BEGIN, (error: Error | null) => (error ? reject(error) : resolve()));
    });
    // Whoever waits for a statement hears of it.
    begun.catch(() => {
      isBroken = true;
    });
    try {
      if (!isPipelined) await begun;
    } catch (error) {
      connection.release(true);
      throw error;
    }
    if (first)
      firstRows = askPrepared(connection, { name: 'snapshot_first', text: first, values: [], limitMs: limitBehind(1) });
    firstRows.catch(() => {
      if (!isBroken) recoveredOf(connection).catch(() => undefined);
    });
    if (!isPipelined) await firstRows.catch(() => undefined);
    return connection;
  };

  const runAlone = async <Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> => {
    if (waits.length > 0) await Promise.allSettled(waits);
    await waitForTurn();
    try {
      const connection = await pool.connect();
      let failed = false;
      try {
        if (end) endsAt = performance.now() + end.limitMs;
        checkEnd();
        failed = true;
        running = connection;
        const answer = await askAlone<Row>(connection, { name: preparedName(text, false), text, values });
        failed = false;
        chainIds = answer.chainIds;
        return answer.rows;
      } finally {
        running = undefined;
        await cancelling;
        connection.release(failed);
      }
    } finally {
      endTurn();
      endTurn = () => {};
    }
  };

  /** Makes what is sent next read that; nothing where it does so already. */
  const read = (connection: PoolClient, past: PastEnd | null, limitMs: number): Promise<unknown> | undefined => {
    if (past?.chainId === reading?.chainId && past?.end === reading?.end) return undefined;
    reading = past;
    if (!past) return askPrepared(connection, { ...readNow, values: [], limitMs });
    return askPrepared(connection, { ...readPast, values: [String(past.chainId), String(past.end)], limitMs });
  };

  const recover = async (connection: PoolClient): Promise<void> => {
    // What is under way fails at once. The cancellation must not meet what comes after it.
    running = undefined;
    await cancelling;
    await connection.query('rollback to savepoint start');
    reading = null;
    recovered = undefined;
  };

  /** After a statement that failed by itself. */
  const recoveredOf = (connection: PoolClient): Promise<void> => {
    failures += 1;
    recovered ??= recover(connection);
    return recovered;
  };

  const ask = async <Row extends QueryResultRow>(
    connection: PoolClient,
    text: string,
    values: unknown[],
    past: PastEnd | null,
  ): Promise<Row[]> => {
    if (recovered) await recovered;
    checkEnd();
    const failedBefore = failures;
    sendTogether(connection);
    running = connection;
    // The beginning and the first statement may be under way as well.
    const limitMs = limitBehind(inFlight + 2);
    inFlight += 1;
    try {
      const moved = read(connection, past, limitMs);
      if (!isPipelined) await moved;
      const statement = { name: preparedName(text, past !== null), text, values, limitMs };
      const [rows] = await Promise.all([askPrepared<Row>(connection, statement), begun, moved]);
      return rows;
    } catch (error) {
      if (isBroken) throw error;
      if (failures > failedBefore) return ask<Row>(connection, text, values, past);
      await recoveredOf(connection);
      throw error;
    } finally {
      inFlight -= 1;
      if (inFlight === 0) running = undefined;
      else if (performance.now() > endsAt) abandon();
    }
  };

  const run = async <Row extends QueryResultRow>(
    text: string,
    values: unknown[],
    past: PastEnd | null,
  ): Promise<Row[]> => {
    if (closed) throw new Error('the snapshot is closed');
    try {
      checkEnd();
      asked += 1;
      if (isLone) {
        if (asked === 1 && !past) return await runAlone<Row>(text, values);
        isCrowded = true;
        throw new Error('a lone snapshot was asked for more');
      }
      client ??= begin();
      return await ask<Row>(await client, text, values, past);
    } catch (error) {
      throw databaseError(error);
    }
  };

  const queryOf =
    (past: PastEnd | null): Snapshot['query'] =>
    <Row extends QueryResultRow>(statement: Sql | string, values: readonly unknown[] = []) => {
      const { text, values: all } =
        statement instanceof Sql ? statement.compile() : { text: statement, values: [...values] };
      const result = isPipelined ? run<Row>(text, all, past) : last.then(() => run<Row>(text, all, past));
      if (!isPipelined) last = result.catch(() => undefined);
      unanswered.add(result);
      const answered = () => unanswered.delete(result);
      result.then(answered, answered);
      return result;
    };
  const query = queryOf(null);
  const readFirst = async () => {
    if (closed) throw new Error('the snapshot is closed');
    try {
      checkEnd();
      if (isLone) {
        isCrowded = true;
        throw new Error('a lone snapshot was asked for the chains');
      }
      client ??= begin();
      await client;
      const [rows] = await Promise.all([firstRows, begun]);
      return rows;
    } catch (error) {
      throw databaseError(error);
    }
  };

  return {
    query,
    first: <Row extends QueryResultRow>() => readFirst() as Promise<Row[]>,
    before: (end) => ({ query: queryOf(end) }),
    beAlone() {
      isLone = client === undefined && asked === 0 && isPipelining(pool);
    },
    isLone: () => isLone,
    isCrowded: () => isCrowded,
    asked: () => asked,
    chainIds: () => chainIds,
    holdBack: (wait) => void waits.push(wait),
    isClosed: () => closed,
    changePosition() {
      position ??= query<LogPosition & QueryResultRow>(
        `select next - 1 as position, ${LAST_STAMP} as stamp from change_position`,
      ).then(([last]) => last ?? { position: 0n, stamp: null });
      return position;
    },
    async close() {
      // Whoever has an answer may ask on at once.
      while (unanswered.size > 0) await Promise.allSettled(unanswered);
      if (closed) return;
      closed = true;
      end?.signal.removeEventListener('abort', abandon);
      await cancelling;
      const connection = await client?.catch(() => undefined);
      if (connection) {
        // A broken transaction can't be told from its outside, nor its connection given to somebody else.
        await Promise.allSettled([begun, firstRows]);
        await recovered?.catch(() => undefined);
        sendTogether(connection);
        const committed = connection.query('commit').then(
          () => false,
          () => true,
        );
        const failed = isPipelined ? isBroken : await committed;
        connection.release(failed);
      }
      endTurn();
    },
  };
}

/** What of pg's client its types don't say. */
interface PipelinedClient {
  pipeline?: boolean;
  connection: Connection;
}

/** Whether its connections send a statement while another is under way, and begin each transaction as a snapshot (db/pool.ts). */
function isPipelining(pool: Pool): boolean {
  return (pool.options as unknown as PipelinedClient).pipeline === true;
}

/** What is sent in this turn of the event loop goes in one packet. */
function sendTogether(connection: PoolClient): void {
  const { stream } = (connection as unknown as PipelinedClient).connection;
  stream.cork();
  setImmediate(() => stream.uncork());
}

const readNow = { name: 'snapshot_now', text: 'set local search_path to default' };
const readPast = {
  name: 'snapshot_past',
  // Names a view too: without the schema, a search path would pass over it, and answers would be of now.
  text: `select set_config('search_path', 'past, public', true), set_config('flywheel.past_chain', $1, true),
    set_config('flywheel.past_end', $2, true), 'past.block'::regclass`,
};
