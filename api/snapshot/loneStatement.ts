import type { Connection, Pool, PoolClient, QueryResultRow } from 'pg';
import type { Deadline } from './deadline';
import { preparedName } from './preparedName';
import { PreparedQuery, type Statement } from './preparedQuery';

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
 * holds the table `chain`, as every request does (see transaction.ts).
 */
export async function askAlone<Row extends QueryResultRow>(
  pool: Pool,
  deadline: Deadline,
  text: string,
  values: unknown[],
): Promise<LoneAnswer<Row>> {
  const connection = await pool.connect();
  // After an error the connection is not to be used any more: what of it was prepared isn't known.
  let failed = false;
  try {
    deadline.begin();
    deadline.check();
    failed = true;
    deadline.watch(connection);
    const answer = await ask<Row>(connection, { name: preparedName(text, false), text, values });
    failed = false;
    return answer;
  } finally {
    deadline.unwatch();
    await deadline.untilCancelled();
    connection.release(failed);
  }
}

function ask<Row extends QueryResultRow>(client: PoolClient, statement: Statement): Promise<LoneAnswer<Row>> {
  return new Promise((resolve, reject) => {
    const query: LoneQuery<Row> = new LoneQuery(statement, (error, rows) => {
      if (error) reject(error);
      else resolve({ rows, chainIds: query.chainIds });
    });
    client.query(query);
  });
}

class LoneQuery<Row extends QueryResultRow> extends PreparedQuery<Row> {
  chainIds = '';
  private chainsAreRead = false;

  override prepare(connection: Connection): void {
    sendChains(connection);
    super.prepare(connection);
  }

  override handleDataRow(message: { fields: readonly (string | null)[] }): void {
    if (this.chainsAreRead) super.handleDataRow(message);
    else this.chainIds = message.fields[0] ?? '';
  }

  /** Of each of both. */
  handleCommandComplete(): void {
    this.chainsAreRead = true;
  }
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
