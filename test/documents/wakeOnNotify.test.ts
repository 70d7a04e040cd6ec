import { openPool } from '../../db/pool';
import { wakeOnNotify } from '../../indexer/documents/wakeOnNotify';
import { createDatabase } from '../run/database';
import { startTcpProxy } from '../run/tcpProxy';
import { until } from '../run/until';

test('a connection that breaks while it begins to listen is replaced by one, and not by two', async () => {
  const database = await createDatabase();
  const proxy = await startTcpProxy(database.url);
  const pool = openPool(proxy.url);
  let woken = 0;
  proxy.cutAt('listen', 'before', 3);
  const listener = wakeOnNotify(pool, 'news', () => woken++, 50);
  try {
    await until(() => woken === 1);
    await database.pool.query('notify news');
    await until(() => woken > 1);
    expect(proxy.cuts).toBe(3);
    expect(pool.totalCount - pool.idleCount).toBe(1);
  } finally {
    listener.close();
    await pool.end();
    await proxy.close();
    await database.close();
  }
});
