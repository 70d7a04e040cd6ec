import { type ClientBase, type Connection, Query, type QueryConfig, type Submittable, types } from 'pg';
import type { RowBuffer } from './rowBuffer';

/** Names of prepared statements by their texts, which are few, and of ours. */
const names = new Map<string, string>();

/**
 * Statements that are sent in one go, without waiting for the answers on the way: the server does one after the other
 * (Postgres, Frontend/Backend Protocol, Pipelining). One by one, a dozen of them took longer on the way to and fro than to
 * be done. Each is prepared once a connection. From `start` on what is added is sent at once, so that the server is at work
 * while the rest is being made; its connection does nothing else until `send` or `abandon`.
 */
export class Together {
  private readonly pipeline = new Pipeline();
  private hasStarted = false;

  /** @param meaning of an error of this statement, where it has one of its own; `send` throws it */
  add(text: string, values: readonly unknown[], meaning?: (error: Error) => Error): void {
    this.pipeline.add({ ...named(text, values), meaning });
  }

  /** The rows of a statement, as soon as it is done; numbers of 64 bits are strings. To be awaited only after `start`. */
  ask<Row>(text: string, values: readonly unknown[]): Promise<Row[]> {
    const answer = new Promise<Row[]>((resolve, reject) => {
      this.pipeline.add({ ...named(text, values), answer: new Answer(resolve as (rows: unknown[]) => void, reject) });
    });
    // Nobody waits for it any more where something before it failed.
    answer.catch(() => undefined);
    return answer;
  }

  /** Rows for a `copy ... from stdin (format binary)`. */
  copy(text: string, rows: RowBuffer): void {
    this.pipeline.add({ ...named(text, []), rows });
  }

  /** @param client nobody waits for another statement of it until `send` or `abandon` */
  start(client: ClientBase): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    client.query(this.pipeline);
  }

  /** @throws the error of the first that fails; none that comes after it is done */
  async send(client: ClientBase): Promise<void> {
    if (!this.hasStarted && this.pipeline.isEmpty) return;
    this.start(client);
    this.pipeline.end();
    await this.pipeline.done;
  }

  /** Nothing more comes: where a transaction is open it stays so, and the connection is free again. */
  abandon(): void {
    if (this.hasStarted) this.pipeline.end();
  }
}

interface Step {
  query: Query;
  name: string;
  text: string;
  /** Of a COPY. */
  rows?: RowBuffer;
  answer?: Answer;
  meaning?: (error: Error) => Error;
}

function named(text: string, values: readonly unknown[]): Pick<Step, 'query' | 'name' | 'text'> {
  // There is nothing to plan, and whoever reads along sees where a transaction ends.
  if (text === 'begin' || text === 'commit') {
    const unnamed: QueryConfig & { queryMode: 'extended' } = { text, queryMode: 'extended' };
    return { query: new Query(unnamed), name: '', text };
  }
  const name = names.get(text) ?? `together_${names.size}`;
  names.set(text, name);
  return { query: new Query({ name, text, values: [...values] }), name, text };
}

type Field = { name: string; dataTypeID: number };

/** Rows on their way to who asked. */
class Answer {
  fields: readonly Field[] = [];
  private readonly rows: unknown[] = [];

  constructor(
    private readonly resolve: (rows: unknown[]) => void,
    readonly reject: (error: Error) => void,
  ) {}

  add(values: readonly (string | null)[]): void {
    const parsed = ({ dataTypeID }: Field, value: string | null | undefined) =>
      value == null ? null : types.getTypeParser(dataTypeID)(value);
    this.rows.push(Object.fromEntries(this.fields.map((field, i) => [field.name, parsed(field, values[i])])));
  }

  end(): void {
    this.resolve(this.rows);
  }
}

/** What a connection of pg can do, and remembers of prepared statements, beside what its types say. */
interface PipelineConnection extends Connection {
  sync(): void;
  flush(): void;
  endCopyFrom(): void;
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
}

class Pipeline implements Submittable {
  readonly done: Promise<void>;
  private readonly steps: Step[] = [];
  /** Those that the server did. */
  private answered = 0;
  private connection: PipelineConnection | undefined;
  private failure: Error | undefined;
  private hasEnded = false;
  private finish: (error?: Error) => void = () => undefined;

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.finish = (error) => (error ? reject(error) : resolve());
    });
    // Whoever abandons it doesn't wait for it.
    this.done.catch(() => undefined);
  }

  get isEmpty(): boolean {
    return this.steps.length === 0;
  }

  /** Of the statement that the server is at: pg's client notes as prepared what bears it when the server says so. */
  get name(): string | undefined {
    return this.steps[this.answered]?.name;
  }

  get text(): string | undefined {
    return this.steps[this.answered]?.text;
  }

  add(step: Step): void {
    if (this.failure) step.answer?.reject(this.failure);
    else {
      this.steps.push(step);
      if (this.connection) submitStep(this.connection, step);
    }
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.connection?.sync();
  }

  // Called by pg's client.
  submit(connection: Connection): void {
    this.connection = connection as PipelineConnection;
    for (const step of this.steps) submitStep(this.connection, step);
    if (this.hasEnded) this.connection.sync();
  }
  handleRowDescription({ fields }: { fields: readonly Field[] }): void {
    const answer = this.steps[this.answered]?.answer;
    if (answer) answer.fields = fields;
  }
  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    this.steps[this.answered]?.answer?.add(fields);
  }
  handleCommandComplete(): void {
    this.steps[this.answered++]?.answer?.end();
  }
  handleCopyInResponse(): void {}
  handleError(error: Error, connection: Connection): void {
    // The server throws away what comes after the failed one unread.
    const { parsedStatements, submittedNamedStatements } = connection as PipelineConnection;
    const left = this.steps.slice(this.answered);
    for (const { name } of left) {
      if (parsedStatements[name] === undefined) delete submittedNamedStatements[name];
    }
    this.failure = left[0]?.meaning?.(error) ?? error;
    for (const { answer } of left) answer?.reject(this.failure);
    this.end();
    this.finish(this.failure);
  }
  handleReadyForQuery(): void {
    this.finish();
  }
}

/** What is said in one turn goes out together. */
function submitStep(connection: PipelineConnection, { query, rows, answer }: Step): void {
  const { stream } = connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
  // A query ends by asking the server for an end of its own, which commits what there is no transaction around, and
  // answers: here that is asked once, after the last.
  query.submit(Object.create(connection, { sync: { value: () => undefined } }));
  if (rows) {
    for (const chunk of rows.chunks()) {
      stream.write(copyDataHeader(chunk.length));
      stream.write(chunk);
    }
    connection.endCopyFrom();
  }
  if (answer) connection.flush();
}

/** Of a CopyData message; pg's own function for it copies all that is sent. */
function copyDataHeader(bytes: number): Buffer {
  const header = Buffer.allocUnsafe(5);
  header[0] = 'd'.charCodeAt(0);
  header.writeInt32BE(bytes + 4, 1);
  return header;
}
