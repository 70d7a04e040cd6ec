import { type ClientBase, type Connection, Query, type Submittable } from 'pg';

/** Names of prepared statements by their texts, which are few, and of ours. */
const names = new Map<string, string>();

interface Named extends Query {
  name: string;
  text: string;
}

/**
 * Statements of a transaction for whose results nothing waits, sent in one go: the server does one after the other and
 * answers all (Postgres, Frontend/Backend Protocol, Pipelining). One by one, a dozen of them took longer on the way to and
 * fro than to be done. Each is prepared once a connection.
 */
export class Together {
  private readonly queries: Named[] = [];
  private readonly checks: ((rows: number) => void)[] = [];

  /** @param check is told how many rows it touched; what it throws, `send` throws */
  add(text: string, values: readonly unknown[], check: (rows: number) => void = () => undefined): void {
    const name = names.get(text) ?? `together_${names.size}`;
    names.set(text, name);
    this.queries.push(new Query({ name, text, values: [...values] }) as Named);
    this.checks.push(check);
  }

  /** @throws the error of the first that fails; none that comes after it is done */
  async send(client: ClientBase): Promise<void> {
    if (this.queries.length === 0) return;
    const pipeline = new Pipeline(this.queries);
    client.query(pipeline);
    const rows = await pipeline.done;
    for (const [i, check] of this.checks.entries()) check(rows[i] as number);
  }
}

/** What a connection of pg can do, and remembers of prepared statements, beside what its types say. */
interface PreparingConnection extends Connection {
  sync(): void;
  parsedStatements: Record<string, string>;
  submittedNamedStatements: Record<string, string>;
}

class Pipeline implements Submittable {
  /** The rows that each touched. */
  readonly done: Promise<number[]>;
  private readonly rows: number[] = [];
  private finish: (error?: Error) => void = () => undefined;

  constructor(private readonly queries: readonly Named[]) {
    this.done = new Promise((resolve, reject) => {
      this.finish = (error) => (error ? reject(error) : resolve(this.rows));
    });
  }

  /** Of the statement that the server is at: pg's client notes as prepared what bears it when the server says so. */
  get name(): string | undefined {
    return this.queries[this.rows.length]?.name;
  }

  get text(): string | undefined {
    return this.queries[this.rows.length]?.text;
  }

  submit(connection: Connection): void {
    // A query ends by asking the server for an end of its own, which commits what there is no transaction around and
    // answers: here that is asked once, after the last.
    const unending: Connection = Object.create(connection, { sync: { value: () => undefined } });
    connection.stream.cork();
    for (const query of this.queries) query.submit(unending);
    (connection as PreparingConnection).sync();
    connection.stream.uncork();
  }

  // Called by pg's client.
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete({ text }: { text: string }): void {
    // "INSERT 0 5", "UPDATE 1" (Postgres, Message Formats, CommandComplete).
    this.rows.push(Number(/\d+$/.exec(text)?.[0] ?? 0));
  }
  handleError(error: Error, connection: Connection): void {
    // The server threw away what comes after the failed one unread.
    const { parsedStatements, submittedNamedStatements } = connection as PreparingConnection;
    for (const { name } of this.queries.slice(this.rows.length)) {
      if (parsedStatements[name] === undefined) delete submittedNamedStatements[name];
    }
    this.finish(error);
  }
  handleReadyForQuery(): void {
    this.finish();
  }
}
