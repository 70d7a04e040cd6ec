import { Pool, type PoolClient } from 'pg';

/** Ends the statement that a connection runs; resolves when the database was told, or can't be. */
export type CancelStatement = (connection: PoolClient) => Promise<void>;

/** Over a connection of its own: those of the pool may all be busy with what is to be ended. */
export function openCanceller(pool: Pool): { cancel: CancelStatement; close(): Promise<void> } {
  const own = new Pool({ ...pool.options, max: 1 });
  own.on('error', () => undefined);
  own.on('connect', (client) => client.on('error', () => undefined));
  return {
    async cancel(connection) {
      const { processID } = connection as unknown as { processID: number };
      // Failing costs nothing: the statement ends at its time limit.
      await own.query('select pg_cancel_backend($1::integer)', [processID]).catch(() => undefined);
    },
    close: () => own.end(),
  };
}
