import { type Connection, type PoolClient, Query, type QueryResult, type QueryResultRow } from 'pg';

/** What of pg's query its types don't say. */
interface Inner {
  submit(connection: Connection): unknown;
  handleDataRow(message: { fields: (string | null)[] }): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  callback(error: Error | undefined, result: QueryResult): void;
}

/** As sent, without waiting for an answer: a connection that has prepared a statement is asked by its name alone. */
interface Prepared {
  name: string;
  text: string;
}

const CHAINS: Prepared = {
  name: 'lone_chains',
  text: `select string_agg(chain_id::text, ',' order by chain_id) from chain`,
};
const prepared = new WeakMap<Connection, Set<string>>();

/** Of a request that asks the database once. */
export interface LoneAnswer<Row> {
  rows: Row[];
  /** The ids of the chains in that moment, in order, with commas between. */
  chainIds: string;
}

/**
 * One statement, and with it which chains there are, sent in one packet and answered in one. What comes before one Sync is
 * one transaction, in the isolation that the connection has (db/pool.ts: a snapshot). The chains come first: who reads them
 * holds the table `chain`, as every request does (see api/snapshot.ts).
 *
 * After an error the connection is not to be used any more: what of it was prepared isn't known.
 */
export function askAlone<Row extends QueryResultRow>(
  client: PoolClient,
  statement: { name: string | undefined; text: string; values: unknown[] },
): Promise<LoneAnswer<Row>> {
  return new Promise((resolve, reject) => {
    const query = new Query(statement) as unknown as Inner;
    const { submit, handleDataRow, handleCommandComplete } = query;
    let chainIds: string | undefined;
    let chainsAreRead = false;
    query.submit = (connection) => {
      connection.stream.cork();
      try {
        sendChains(connection);
        return submit.call(query, connection);
      } finally {
        connection.stream.uncork();
      }
    };
    query.handleDataRow = (message) => {
      if (chainsAreRead) handleDataRow.call(query, message);
      else chainIds = message.fields[0] ?? '';
    };
    query.handleCommandComplete = (message, connection) => {
      if (chainsAreRead) handleCommandComplete.call(query, message, connection);
      chainsAreRead = true;
    };
    query.callback = (error, result) => {
      if (error) reject(error);
      else resolve({ rows: result.rows as Row[], chainIds: chainIds ?? '' });
    };
    client.query(query as unknown as Query);
  });
}

function sendChains(connection: Connection): void {
  const { name, text } = CHAINS;
  const known = prepared.get(connection) ?? new Set();
  prepared.set(connection, known);
  if (!known.has(name)) {
    connection.parse({ name, text, types: [] }, true);
    known.add(name);
  }
  connection.bind({ statement: name, values: [] }, true);
  connection.execute({}, true);
}
