import { type Connection, type PoolClient, Query, type QueryResultRow } from 'pg';
import { type RowMaker, rowMaker } from './rowMaker';

/** `name`: undefined for a statement that is not worth one. */
export interface Statement {
  name: string | undefined;
  text: string;
  values: unknown[];
  /** For an answer to come; by default, or where it is 0, the connection's. */
  limitMs?: number;
}

/** What of pg's query its types don't say. */
interface Inner {
  name: string | undefined;
  values: unknown[];
  queryMode: 'extended';
  callback: (error: Error | undefined) => void;
  hasBeenParsed(connection: Connection): boolean;
  prepare(connection: Connection): void;
  _result: { _types: { getTypeParser(oid: number, format: 'text'): (text: string) => unknown } };
  _canceledDueToError: unknown;
}
const base = Query.prototype as unknown as Inner;

/** By the names of statements. What a prepared one answers with doesn't change: Postgres refuses it before it would. */
const makers = new WeakMap<Connection, Map<string, RowMaker>>();
/** The same connections, on which nothing is asked to be described. */
const silent = new WeakMap<Connection, Connection>();

const nobody = () => undefined;

/** pg has each answer described, and reads that: a tenth of what a small page costs it. Here it is so once a connection. */
export class PreparedQuery<Row extends QueryResultRow> extends Query {
  private found: Row[] = [];
  /** As pg calls it. */
  readonly query_timeout: number;
  private make: RowMaker | undefined;
  private connection: Connection | undefined;
  private readonly statement: Statement;
  private tell: (error: Error | undefined, rows: Row[]) => void;

  constructor(statement: Statement, tell: (error: Error | undefined, rows: Row[]) => void) {
    // Not as an object, which pg would copy descriptor by descriptor.
    super(statement.text);
    this.statement = statement;
    this.tell = tell;
    this.inner.name = statement.name;
    this.inner.values = statement.values;
    // By pg's own choice one without values would be no statement that can be prepared.
    this.inner.queryMode = 'extended';
    this.query_timeout = statement.limitMs ?? 0;
    // Not written there at once: see `answer`.
    const answered = (error: Error | undefined) => this.answer(error);
    this.inner.callback = answered;
  }

  prepare(connection: Connection): void {
    this.connection = connection;
    const { name } = this.statement;
    this.make = name && base.hasBeenParsed.call(this, connection) ? makers.get(connection)?.get(name) : undefined;
    base.prepare.call(this, this.make ? silenced(connection) : connection);
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const types = this.inner._result._types;
    this.make = rowMaker(
      fields.map(({ name, dataTypeID }) => ({ name, parse: types.getTypeParser(dataTypeID, 'text') })),
    );
    const { name } = this.statement;
    if (!name || !this.connection) return;
    const known = makers.get(this.connection) ?? new Map<string, RowMaker>();
    makers.set(this.connection, known.set(name, this.make));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (this.inner._canceledDueToError || !this.make) return;
    try {
      this.found.push(this.make(fields) as Row);
    } catch (error) {
      // pg says so once the server is ready for the next.
      this.inner._canceledDueToError = error;
    }
  }

  /**
   * Lets go of what was found: V8 takes a function that is written as `object.property = () => ...` for one that lives long, as
   * the one that pg wraps a callback in for its time limit, and what hangs on it would be copied among old objects.
   */
  private answer(error: Error | undefined): void {
    const { tell, found } = this;
    this.tell = nobody;
    this.found = [];
    tell(error, found);
  }

  private get inner(): Inner {
    return this as unknown as Inner;
  }
}

function silenced(connection: Connection): Connection {
  const known = silent.get(connection);
  if (known) return known;
  const made = Object.create(connection, { describe: { value: () => undefined } }) as Connection;
  silent.set(connection, made);
  return made;
}

export function askPrepared<Row extends QueryResultRow>(client: PoolClient, statement: Statement): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    client.query(new PreparedQuery<Row>(statement, (error, rows) => (error ? reject(error) : resolve(rows))));
  });
}
