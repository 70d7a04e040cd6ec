import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { Deadline } from './deadline';
import { isPipelining, sendTogether } from './pipeline';
import { preparedName } from './preparedName';
import { askPrepared } from './preparedQuery';

/** The facts of one chain with positions below `end`. */
export interface PastEnd {
  chainId: number;
  end: bigint;
}

/**
 * The lock, which no other reader or writer minds, says to a re-index that here is somebody who has begun (see
 * indexer/switchOver.ts). The savepoint lets the other fields of an answer go on, in the same snapshot, after a statement
 * that failed.
 */
const BEGIN =
  'begin isolation level repeatable read, read only; lock table chain in access share mode; savepoint start';
/** By its client or its time limit. */
const CANCELLED = '57014';
const readNow = { name: 'snapshot_now', text: 'set local search_path to default' };
const readPast = {
  name: 'snapshot_past',
  // Names a view too: without the schema, a search path would pass over it, and answers would be of now.
  text: `select set_config('search_path', 'past, public', true), set_config('flywheel.past_chain', $1, true),
    set_config('flywheel.past_end', $2, true), 'past.block'::regclass`,
};

/**
 * Of a request that asks several statements. Where the pool's connections can do so, a statement is sent while others are
 * under way, those of one turn of the event loop in one packet: the beginning, `first` and the first that is asked for as
 * well, and the end, for which nobody waits.
 */
export class Transaction {
  private begun: Promise<void> = Promise.resolve();
  private firstRows: Promise<QueryResultRow[]> = Promise.resolve([]);
  /** The beginning failed, and all that was sent with it. */
  private isBroken = false;
  /** What the connection's statements read at the moment; null: the tables themselves. */
  private reading: PastEnd | null = null;
  private inFlight = 0;
  /** How many statements failed. What was sent behind one before it was known to have failed fails with it, for nothing. */
  private failures = 0;
  /** A statement failed otherwise than by its time: what the connection has prepared may be outdated, and would fail again. */
  private mayBeOutdated = false;
  private recovered: Promise<void> | undefined;

  private constructor(
    private readonly connection: PoolClient,
    private readonly deadline: Deadline,
    private readonly isPipelined: boolean,
    /** Of one statement; 0: none. */
    private readonly timeoutMs: number,
  ) {}

  static async begin(pool: Pool, deadline: Deadline, first: string | undefined): Promise<Transaction> {
    const connection = await pool.connect();
    deadline.begin();
    try {
      deadline.check();
    } catch (error) {
      connection.release();
      throw error;
    }
    const timeoutMs = pool.options.query_timeout ?? 0;
    const transaction = new Transaction(connection, deadline, isPipelining(pool), timeoutMs);
    await transaction.start(first);
    return transaction;
  }

  private async start(first: string | undefined): Promise<void> {
    sendTogether(this.connection);
    // By pg's own promise its failure would be known after that of what was sent behind it.
    this.begun = new Promise<void>((resolve, reject) => {
      this.connection.query(BEGIN, (error: Error | null) => (error ? reject(error) : resolve()));
    });
    // Whoever waits for a statement hears of it.
    this.begun.catch(() => {
      this.isBroken = true;
    });
    try {
      if (!this.isPipelined) await this.begun;
    } catch (error) {
      this.connection.release(true);
      throw error;
    }
    if (!first) return;
    const statement = { name: 'snapshot_first', text: first, values: [], limitMs: this.limitBehind(1) };
    this.firstRows = askPrepared(this.connection, statement);
    this.firstRows.catch((error) => {
      if (!this.isBroken) this.recoverOnce(error).catch(() => undefined);
    });
    if (!this.isPipelined) await this.firstRows.catch(() => undefined);
  }

  /** What `first` gave. */
  async first(): Promise<QueryResultRow[]> {
    const [rows] = await Promise.all([this.firstRows, this.begun]);
    return rows;
  }

  async query<Row extends QueryResultRow>(text: string, values: unknown[], past: PastEnd | null): Promise<Row[]> {
    if (this.recovered) await this.recovered;
    this.deadline.check();
    const failedBefore = this.failures;
    sendTogether(this.connection);
    this.deadline.watch(this.connection);
    // The beginning and the first statement may be under way as well.
    const limitMs = this.limitBehind(this.inFlight + 2);
    this.inFlight += 1;
    try {
      const moved = this.read(past, limitMs);
      if (!this.isPipelined) await moved;
      const statement = { name: preparedName(text, past !== null), text, values, limitMs };
      const [rows] = await Promise.all([askPrepared<Row>(this.connection, statement), this.begun, moved]);
      return rows;
    } catch (error) {
      if (this.isBroken) throw error;
      if (this.failures > failedBefore) return this.query<Row>(text, values, past);
      await this.recoverOnce(error);
      throw error;
    } finally {
      this.inFlight -= 1;
      if (this.inFlight === 0) this.deadline.unwatch();
      else if (this.deadline.isOver()) this.deadline.cancel();
    }
  }

  /** Gives the connection back. Nothing may be under way. */
  async end(): Promise<void> {
    // A broken transaction can't be told from its outside, nor its connection given to somebody else.
    await Promise.allSettled([this.begun, this.firstRows]);
    await this.recovered?.catch(() => undefined);
    sendTogether(this.connection);
    const committed = this.connection.query('commit').then(
      () => false,
      () => true,
    );
    const failed = this.isPipelined ? this.isBroken : await committed;
    this.connection.release(failed || this.mayBeOutdated);
  }

  /** A statement's time begins when those before it are done. */
  private limitBehind(statements: number): number {
    return this.timeoutMs * (statements + 1);
  }

  /** Makes what is sent next read that; nothing where it does so already. */
  private read(past: PastEnd | null, limitMs: number): Promise<unknown> | undefined {
    if (past?.chainId === this.reading?.chainId && past?.end === this.reading?.end) return undefined;
    this.reading = past;
    if (!past) return askPrepared(this.connection, { ...readNow, values: [], limitMs });
    const values = [String(past.chainId), String(past.end)];
    return askPrepared(this.connection, { ...readPast, values, limitMs });
  }

  /** After a statement that failed by itself. */
  private recoverOnce(error: unknown): Promise<void> {
    this.failures += 1;
    this.mayBeOutdated ||= (error as { code?: unknown }).code !== CANCELLED;
    this.recovered ??= this.recover();
    return this.recovered;
  }

  private async recover(): Promise<void> {
    // What is under way fails at once. The cancellation must not meet what comes after it.
    this.deadline.unwatch();
    await this.deadline.untilCancelled();
    await this.connection.query('rollback to savepoint start');
    this.reading = null;
    this.recovered = undefined;
  }
}
