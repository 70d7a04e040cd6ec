import type { ClientBase } from 'pg';

/**
 * Does the work in one transaction of this connection.
 * @throws what the work throws, after everything it did was taken back
 */
export async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    // A broken connection has rolled back by itself; the first error is the one that matters.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
