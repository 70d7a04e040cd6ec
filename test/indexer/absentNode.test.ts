import { tryToLead } from '../../indexer/store/leadership';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { type NodeProxy, startNodeProxy } from '../chain/nodeProxy';
import { randomHistory } from '../oracle/history';
import { createDatabase, type TestDatabase } from '../run/database';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { blockOf, expectAllSurvived, type Watch } from './survives';
import { watchIndex } from './watchAnswers';

const ABSENT = 31338;

describe('a chain whose node is away when the indexer starts', () => {
  let present: EmittedChain;
  let absent: EmittedChain;
  let proxy: NodeProxy;
  let database: TestDatabase;
  let watch: Watch;
  let index: RunningIndex | undefined;
  beforeEach(async () => {
    present = await startEmittedChain();
    absent = await startEmittedChain({ chainId: ABSENT });
    for (const chain of [present, absent]) {
      await chain.play(randomHistory(`${chain.chainId}`, { logs: 80, fromBlock: chain.nextBlock }));
    }
    proxy = await startNodeProxy(absent.url);
    database = await createDatabase();
    watch = await watchIndex(database);
  });
  afterEach(async () => {
    await watch.end();
    await index?.stop();
    await database.close();
    await proxy.close();
    await present.close();
    await absent.close();
    index = undefined;
  });

  const start = () => startIndex([{ ...absent.config, rpc: [proxy.url] }, present.config], database);
  const reachHead = async ({ chainId, url }: EmittedChain) =>
    (index as RunningIndex).reach(chainId, await blockOf(url, 'latest'));
  const survived = () => expectAllSurvived(database, [absent.config, present.config]);
  const errorOf = async (chainId: number) =>
    (await database.pool.query<{ error: string | null }>('select error from chain where chain_id = $1', [chainId]))
      .rows[0]?.error;

  it('waits and says so, while other chains are indexed; it is indexed when the node comes', async () => {
    proxy.down = true;
    index = await start();
    await reachHead(present);
    await until(async () => (await errorOf(ABSENT))?.includes("can't be reached") === true);
    expect(await errorOf(present.chainId)).toBeNull();
    proxy.down = false;
    await reachHead(absent);
    await until(async () => (await errorOf(ABSENT)) === null);
    await survived();
  });

  it('holds up nobody when it takes connections and never answers', async () => {
    const held = new AbortController();
    proxy.answer = () => new Promise((resolve) => held.signal.addEventListener('abort', () => resolve(undefined)));
    index = await start();
    await reachHead(present);
    proxy.answer = () => undefined;
    held.abort();
    await reachHead(absent);
    await survived();
  });

  it('is refused, and with it the start, when the node is of another chain', async () => {
    proxy.target = present.url;
    await expect(start()).rejects.toThrow(/is chain 31337, the network file says 31338/);
    expect((await database.pool.query('select from chain')).rowCount).toBe(0);
    proxy.target = absent.url;
    index = await start();
    for (const chain of [absent, present]) await reachHead(chain);
    await survived();
  });

  it('is refused later, and for itself alone, when another chain answers where nobody did', async () => {
    proxy.down = true;
    index = await start();
    await until(async () => (await errorOf(ABSENT))?.includes("can't be reached") === true);
    proxy.target = present.url;
    proxy.down = false;
    await until(async () => (await errorOf(ABSENT))?.includes('is chain 31337') === true);
    await reachHead(present);
    proxy.target = absent.url;
    await reachHead(absent);
    await until(async () => (await errorOf(ABSENT)) === null);
    await survived();
  });
});

test('the server finds out within 30 s that the host of a leader vanished', async () => {
  const chain = await startEmittedChain();
  const index = await startIndex([chain.config]);
  try {
    await index.reach(chain.chainId, await blockOf(chain.url, 'latest'));
    await index.stop();
    const lead = await tryToLead(index.database.url, chain.chainId);
    const setting = async (name: string) =>
      Number(
        Object.values((await lead?.client.query(`show ${name}`))?.rows[0])[0]
          ?.toString()
          .replace('s', ''),
      );
    const silence =
      (await setting('tcp_keepalives_idle')) +
      (await setting('tcp_keepalives_interval')) * (await setting('tcp_keepalives_count'));
    expect(silence).toBeLessThanOrEqual(30);
    expect((await lead?.client.query('show tcp_user_timeout'))?.rows[0]).toEqual({ tcp_user_timeout: '30000' });
    await lead?.close();
  } finally {
    await index.close();
    await chain.close();
  }
});
