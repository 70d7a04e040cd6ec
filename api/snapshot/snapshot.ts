import type { Pool, QueryResultRow } from 'pg';
import { databaseError } from '../databaseError';
import { apiError } from '../errors';
import type { TakeTurn } from '../limits/strangers';
import { LAST_STAMP, type LogPosition } from '../logPosition';
import { Sql } from '../sql';
import { Deadline, type DeadlineOptions } from './deadline';
import { askAlone } from './loneStatement';
import { isPipelining } from './pipeline';
import { type PastEnd, Transaction } from './transaction';

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

/** How long a snapshot may be asked. */
export interface SnapshotEnd extends DeadlineOptions {
  /** Where a client may not have all of the pool's connections. */
  takeTurn?: TakeTurn | undefined;
}

/**
 * Begins with the first statement; statements run one after the other, in the order in which they are asked for, in as
 * few packets as can be (transaction.ts). `close` gives the connection back.
 * @param first a statement that is nearly always asked for
 */
export function openSnapshot(pool: Pool, end?: SnapshotEnd, first?: string): Snapshot {
  const deadline = new Deadline(end);
  const isPipelined = isPipelining(pool);
  const waits: Promise<unknown>[] = [];
  const unanswered = new Set<Promise<unknown>>();
  // Where statements can't be sent while others are under way.
  let last: Promise<unknown> = Promise.resolve();
  let transaction: Promise<Transaction> | undefined;
  let endTurn = () => {};
  let position: Promise<LogPosition> | undefined;
  let closed = false;
  let isLone = false;
  let isCrowded = false;
  let asked = 0;
  let chainIds: string | undefined;

  const waitForTurn = async () => {
    if (waits.length > 0) await Promise.allSettled(waits);
    if (!end?.takeTurn) return;
    const taken = await end.takeTurn(AbortSignal.any([end.signal, AbortSignal.timeout(end.limitMs)]));
    if (!taken) throw apiError('RATE_LIMITED', 'Too many queries of this address are being answered. Ask again later.');
    endTurn = taken;
  };

  const begin = async (): Promise<Transaction> => {
    await waitForTurn();
    return Transaction.begin(pool, deadline, first);
  };

  const runAlone = async <Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> => {
    await waitForTurn();
    try {
      const answer = await askAlone<Row>(pool, deadline, text, values);
      chainIds = answer.chainIds;
      return answer.rows;
    } finally {
      endTurn();
      endTurn = () => {};
    }
  };

  const crowded = (why: string) => {
    isCrowded = true;
    return new Error(why);
  };

  /** @throws what a client should know of an error of the database */
  const whileOpen = async <Answer>(read: () => Promise<Answer>): Promise<Answer> => {
    if (closed) throw new Error('the snapshot is closed');
    try {
      deadline.check();
      return await read();
    } catch (error) {
      throw databaseError(error);
    }
  };

  const run = <Row extends QueryResultRow>(text: string, values: unknown[], past: PastEnd | null): Promise<Row[]> =>
    whileOpen(async () => {
      asked += 1;
      if (isLone && asked === 1 && !past) return runAlone<Row>(text, values);
      if (isLone) throw crowded('a lone snapshot was asked for more');
      transaction ??= begin();
      return (await transaction).query<Row>(text, values, past);
    });

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

  const readFirst = () =>
    whileOpen(async () => {
      if (isLone) throw crowded('a lone snapshot was asked for the chains');
      transaction ??= begin();
      return (await transaction).first();
    });

  return {
    query,
    first: <Row extends QueryResultRow>() => readFirst() as Promise<Row[]>,
    before: (past) => ({ query: queryOf(past) }),
    beAlone() {
      isLone = transaction === undefined && asked === 0 && isPipelined;
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
      deadline.close();
      await deadline.untilCancelled();
      const begun = await transaction?.catch(() => undefined);
      await begun?.end();
      endTurn();
    },
  };
}
