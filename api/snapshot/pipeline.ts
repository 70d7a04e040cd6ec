import type { Connection, Pool, PoolClient } from 'pg';

/** What of pg's client its types don't say. */
interface PipelinedClient {
  pipeline?: boolean;
  connection: Connection;
}

/** Whether its connections send a statement while another is under way, and begin each transaction as a snapshot (db/pool.ts). */
export function isPipelining(pool: Pool): boolean {
  return (pool.options as unknown as PipelinedClient).pipeline === true;
}

/** What is sent in this turn of the event loop goes in one packet. */
export function sendTogether(connection: PoolClient): void {
  const { stream } = (connection as unknown as PipelinedClient).connection;
  stream.cork();
  setImmediate(() => stream.uncork());
}
