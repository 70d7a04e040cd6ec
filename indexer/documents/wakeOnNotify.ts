import type { Pool, PoolClient } from 'pg';

/**
 * Listens on a channel with one connection of the pool and goes on after that breaks. What is notified meanwhile is
 * missed: `wake` is also called after every connection.
 */
export function wakeOnNotify(pool: Pool, channel: string, wake: () => void, retryMs = 2_000): { close(): void } {
  let closed = false;
  let client: PoolClient | undefined;
  let timer: NodeJS.Timeout | undefined;

  const release = (): void => {
    client?.removeAllListeners('notification');
    // A connection that listens must not be lent to others.
    client?.release(true);
    client = undefined;
  };
  function connect(): void {
    let failed = false;
    // A connection that breaks while it begins to listen says so twice.
    const again = (): void => {
      if (failed) return;
      failed = true;
      release();
      if (!closed) timer = setTimeout(connect, retryMs);
    };
    listen(again).catch(again);
  }
  async function listen(again: () => void): Promise<void> {
    const lent = await pool.connect();
    if (closed) return lent.release();
    client = lent;
    // Without a listener an EventEmitter's 'error' ends the process. It comes after the listener's release, too.
    lent.on('error', () => {
      if (client === lent) again();
    });
    lent.on('notification', wake);
    await lent.query(`listen ${lent.escapeIdentifier(channel)}`);
    wake();
  }
  connect();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      release();
    },
  };
}
