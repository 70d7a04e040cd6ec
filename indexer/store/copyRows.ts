import type { ClientBase, Connection, Submittable } from 'pg';
import type { FactTable } from './factTables';
import type { RowBuffer } from './rowBuffer';

/** Rows of one table; `name` may be qualified. */
export interface TableRows {
  name: string;
  table: FactTable;
  rows: RowBuffer;
  /** Of a first-of table: none of the keys is there already, or twice among the rows. */
  allNew?: boolean;
}

/**
 * Writes rows of several tables by COPY, in one round trip. A first-of table goes through a temporary twin, unless its rows
 * are known to be new, so that a key that exists keeps its row; rows must come in chain order. Once per table and transaction: the twin is emptied at its
 * end.
 */
export async function copyRows(client: ClientBase, tables: readonly TableRows[]): Promise<void> {
  if (tables.length === 0) return;
  const copying = new Copying(
    tables.map(statementsOf).join(';'),
    tables.map(({ rows }) => rows),
  );
  client.query(copying);
  await copying.done;
}

function statementsOf({ name, table, allNew }: TableRows): string {
  const columns = table.columns.join(', ');
  const copyInto = (target: string) => `copy ${target} (${columns}) from stdin (format binary)`;
  if (!table.firstOf || allNew) return copyInto(name);
  const twin = `first_${name.replace('.', '_')}`;
  return [
    `create temporary table if not exists ${twin} (like ${name}) on commit delete rows`,
    copyInto(twin),
    // A heap that only grew is read in the order it was written, which is chain order.
    `insert into ${name} (${columns}) select ${columns} from ${twin} on conflict do nothing`,
  ].join(';');
}

/** What a connection of pg can do beside what its types say. */
interface CopyConnection extends Connection {
  endCopyFrom(): void;
}

/** Of a CopyData message; pg's own function for it copies all that is sent. */
function copyDataHeader(bytes: number): Buffer {
  const header = Buffer.allocUnsafe(5);
  header[0] = 'd'.charCodeAt(0);
  header.writeInt32BE(bytes + 4, 1);
  return header;
}

/**
 * Several COPYs as one simple query, with their data sent along: the server takes each one's when it comes to it, and
 * drops what is left after an error (Postgres, Frontend/Backend Protocol, COPY Operations). A stream per table, each
 * waiting for the answer to the one before, took half of the time of a block near the head.
 */
class Copying implements Submittable {
  readonly done: Promise<void>;
  private finish: (error?: Error) => void = () => undefined;

  constructor(
    private readonly sql: string,
    private readonly data: readonly RowBuffer[],
  ) {
    this.done = new Promise((resolve, reject) => {
      this.finish = (error) => (error ? reject(error) : resolve());
    });
  }

  submit(connection: Connection): void {
    const { stream } = connection;
    stream.cork();
    connection.query(this.sql);
    for (const rows of this.data) {
      for (const chunk of rows.chunks()) {
        stream.write(copyDataHeader(chunk.length));
        stream.write(chunk);
      }
      (connection as CopyConnection).endCopyFrom();
    }
    stream.uncork();
  }

  // Called by pg's client, which asks for each of them.
  handleCopyInResponse(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handleError(error: Error): void {
    this.finish(error);
  }
  handleReadyForQuery(): void {
    this.finish();
  }
}
