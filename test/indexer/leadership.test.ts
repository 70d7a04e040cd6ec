import { registerChain } from '../../indexer/store/checkpoint';
import { tryToLead } from '../../indexer/store/leadership';
import { LogPack } from '../../indexer/store/logPack';
import { Repairs } from '../../indexer/verify/repairs';
import type { ChainConfig } from '../../schema/networkFile';
import { createFakeChain } from '../chain/fakeChain';
import { createDatabase, type TestDatabase } from '../run/database';
import { startTcpProxy, type TcpProxy } from '../run/tcpProxy';

let database: TestDatabase;
let proxy: TcpProxy;
let config: ChainConfig;
beforeEach(async () => {
  database = await createDatabase();
  proxy = await startTcpProxy(database.url);
  config = createFakeChain().config('http://127.0.0.1:1');
  await registerChain(database.pool, config);
});
afterEach(async () => {
  await proxy.close();
  await database.close();
});

test('a lead over a server that vanished without a word is let go, too', async () => {
  const leadership = await tryToLead(proxy.url, config.chainId);
  proxy.vanish();
  await leadership?.close();
  // The server still holds the lock: it finds out by itself.
  expect(await tryToLead(database.url, config.chainId)).toBeUndefined();
});

test('every connection lets its server find out within half a minute that we vanished', async () => {
  const settings = ['tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count', 'tcp_user_timeout'];
  const leadership = await tryToLead(database.url, config.chainId);
  for (const client of [database.pool, leadership?.client]) {
    const sql = 'select setting::int as n from pg_settings where name = any($1) order by name';
    const found = (await client?.query<{ n: number }>(sql, [settings]))?.rows.map(({ n }) => n);
    expect(found).toEqual([4, 10, 5, 30_000]);
  }
  await leadership?.close();
});

test('a repair that is offered when nobody leads any more is waited for by nobody', async () => {
  const header = { number: 0, hash: '0x', parentHash: '0x', timestamp: 0 };
  const range = {
    fromBlock: 1,
    toBlock: 1,
    parentHash: '0x',
    last: header,
    headers: [],
    logs: LogPack.empty,
    verified: 'none' as const,
  };
  await new Repairs().offer({ ancestor: header, range }, AbortSignal.abort());
});
