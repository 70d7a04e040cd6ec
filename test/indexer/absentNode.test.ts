import { tryToLead } from '../../indexer/store/leadership';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { type NodeProxy, startNodeProxy } from '../chain/nodeProxy';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { blockOf } from './survives';

const ABSENT = 31338;

describe('a chain whose node is away when the indexer starts', () => {
  let present: EmittedChain;
  let absent: EmittedChain;
  let proxy: NodeProxy;
  let index: RunningIndex | undefined;
  beforeEach(async () => {
    present = await startEmittedChain();
    absent = await startEmittedChain({ chainId: ABSENT });
    proxy = await startNodeProxy(absent.url);
  });
  afterEach(async () => {
    await index?.close();
    await proxy.close();
    await present.close();
    await absent.close();
    index = undefined;
  });

  const start = () => startIndex([{ ...absent.config, rpc: [proxy.url] }, present.config]);
  const errorOf = async (chainId: number) =>
    (
      await (index as RunningIndex).database.pool.query<{ error: string | null }>(
        'select error from chain where chain_id = $1',
        [chainId],
      )
    ).rows[0]?.error;

  it('waits and says so, while other chains are indexed; it is indexed when the node comes', async () => {
    proxy.down = true;
    index = await start();
    await index.reach(present.chainId, await blockOf(present.url, 'latest'));
    await until(async () => (await errorOf(ABSENT))?.includes("can't be reached") === true);
    expect(await errorOf(present.chainId)).toBeNull();
    proxy.down = false;
    await index.reach(ABSENT, await blockOf(absent.url, 'latest'));
    await until(async () => (await errorOf(ABSENT)) === null);
  });

  it('holds up nobody when it takes connections and never answers', async () => {
    const held = new AbortController();
    proxy.answer = () => new Promise((resolve) => held.signal.addEventListener('abort', () => resolve(undefined)));
    index = await start();
    await index.reach(present.chainId, await blockOf(present.url, 'latest'));
    proxy.answer = () => undefined;
    held.abort();
    await index.reach(ABSENT, await blockOf(absent.url, 'latest'));
  });

  it('is refused, and with it the start, when the node is of another chain', async () => {
    proxy.target = present.url;
    await expect(start()).rejects.toThrow(/is chain 31337, the network file says 31338/);
  });

  it('is refused later, and for itself alone, when another chain answers where nobody did', async () => {
    proxy.down = true;
    index = await start();
    await until(async () => (await errorOf(ABSENT))?.includes("can't be reached") === true);
    proxy.target = present.url;
    proxy.down = false;
    await until(async () => (await errorOf(ABSENT))?.includes('is chain 31337') === true);
    await index.reach(present.chainId, await blockOf(present.url, 'latest'));
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
