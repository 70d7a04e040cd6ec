import { ChainSource, type ChainSourceOptions } from '../../indexer/rpc/chainSource';
import type { ChainConfig } from '../../schema/networkFile';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { type NodeProxy, refusal, startNodeProxy } from '../chain/nodeProxy';
import { randomHistory } from '../oracle/history';
import { createDatabase } from '../run/database';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';
import { blockOf, expectSurvived, type Watch } from './survives';
import { watchIndex } from './watchAnswers';

describe('endpoints with manners of their own', () => {
  let chain: EmittedChain;
  let proxy: NodeProxy;
  let source: ChainSource | undefined;
  let index: RunningIndex | undefined;
  let watch: Watch | undefined;

  beforeEach(async () => {
    chain = await startEmittedChain({ maxLogsRange: 7 });
    proxy = await startNodeProxy(chain.url);
    await chain.send('anvil_mine', ['0x14']);
    for (const { txs } of randomHistory('manners', { logs: 80 })) await chain.mine(txs);
    await chain.send('anvil_mine', ['0x14']);
  });
  afterEach(async () => {
    await watch?.end().finally(() => index?.close());
    await source?.close();
    await proxy.close();
    await chain.close();
    source = undefined;
    index = undefined;
    watch = undefined;
  });

  const sourceOf = (...rpc: string[]) => new ChainSource({ ...chain.config, rpc });
  const head = () => blockOf(chain.url, 'latest');
  const start = async (further: Partial<ChainConfig> = {}, rpc?: ChainSourceOptions): Promise<RunningIndex> => {
    const database = await createDatabase();
    watch = await watchIndex(database);
    index = await startIndex([{ ...chain.config, rpc: [proxy.url], ...further }], database, rpc);
    return index;
  };
  const reachHead = async () => (index as RunningIndex).reach(chain.chainId, await head());
  const survived = (further: Partial<ChainConfig> = {}) =>
    expectSurvived((index as RunningIndex).database, { ...chain.config, ...further }, chain.url);

  it('user and password of a URL are sent as the authorization that they mean', async () => {
    let authorization: string | undefined;
    proxy.answer = (_, request) => {
      authorization = request.headers.authorization;
      return undefined;
    };
    source = sourceOf(proxy.url.replace('//', '//us%40er:secret@'));
    expect((await source.tip()).head.number).toBe((await head()).number);
    expect(authorization).toBe(`Basic ${Buffer.from('us@er:secret').toString('base64')}`);
  });

  it('a limit of calls in a batch, said with one error for all, is kept from then on', async () => {
    const sizes: number[] = [];
    proxy.answer = (requests) => {
      sizes.push(requests.length);
      if (requests.length <= 3) return undefined;
      return { status: 400, body: { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch too large' } } };
    };
    await start();
    await reachHead();
    const tooLarge = sizes.filter((size) => size > 3).length;
    expect(tooLarge).toBeGreaterThan(0);
    expect(tooLarge).toBeLessThan(sizes.length / 4);
    await survived();
  });

  it('an endpoint that nobody answers at is left for the next one, over http and over ws', async () => {
    await start({ rpc: ['http://127.0.0.1:2', 'ws://127.0.0.1:2', chain.url.replace('http', 'ws')] });
    await reachHead();
    await survived();
  });

  it('calls that run at once find the endpoint that answers, each of them', async () => {
    source = sourceOf('http://127.0.0.1:2', chain.url);
    const asked = Array.from({ length: 8 }, (_, number) => (source as ChainSource).headers([number]));
    expect((await Promise.all(asked)).map(([header]) => header?.number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('where no endpoint answers, each is named', async () => {
    source = sourceOf('http://127.0.0.1:2', 'http://127.0.0.1:3');
    await expect(source.tip()).rejects.toThrow(/127\.0\.0\.1:2 can't .*; http:\/\/127\.0\.0\.1:3 can't /);
  });

  it('a node that keeps no old blocks is followed without knowing block 0', async () => {
    proxy.answer = (requests) =>
      requests.some(({ params }) => params[0] === '0x0') ? refusal(requests, 'pruned history unavailable') : undefined;
    await start({ startBlock: 5 });
    await reachHead();
    await survived({ startBlock: 5 });
  });

  it('over ws a new block is followed when it is announced, however long pollMs is', async () => {
    await start({ rpc: [chain.url.replace('http', 'ws')], pollMs: 600_000 });
    await reachHead();
    for (const { txs } of randomHistory('announced', { logs: 50 }).slice(0, 5)) {
      await chain.mine(txs);
      await reachHead();
    }
    await survived();
  });

  describe('a node that goes away', () => {
    const row = async () =>
      (
        await (index as RunningIndex).database.pool.query(
          'select error, head_number::int as head, indexed_number::int as indexed from chain',
        )
      ).rows[0] as { error: string | null; head: number | null; indexed: number | null } | undefined;

    it('while history is read is said within seconds, and history goes on with it', async () => {
      proxy.answer = (requests) => {
        // One range of history lets the node break down.
        if (
          requests.some(({ method, params }) => method === 'eth_getLogs' && JSON.stringify(params).includes('0x15'))
        ) {
          proxy.down = true;
        }
        return undefined;
      };
      await start();
      await until(async () => (await row())?.error?.includes("can't be reached") === true);
      expect((await row())?.head).toBe((await head()).number);
      proxy.answer = () => undefined;
      proxy.down = false;
      await reachHead();
      await until(async () => (await row())?.error === null);
      await survived();
    });

    it('and comes back as another chain is not believed, even while that one is shorter', async () => {
      await start();
      const before = await head();
      await reachHead();
      const other = await startEmittedChain({ timestamp: 1_700_000_000 });
      try {
        proxy.target = other.url;
        await until(async () => (await row())?.error?.includes('this is another chain') === true);
        expect((await row())?.indexed).toBe(before.number);
        proxy.target = chain.url;
        await chain.mine([]);
        await reachHead();
        await until(async () => (await row())?.error === null);
        await survived();
      } finally {
        await other.close();
      }
    });

    it('and comes back as a chain of another id is not believed either', async () => {
      await start();
      await reachHead();
      const other = await startEmittedChain({ chainId: 99 });
      try {
        proxy.down = true;
        await until(async () => (await row())?.error?.includes("can't be reached") === true);
        proxy.target = other.url;
        proxy.down = false;
        await until(async () => (await row())?.error?.includes('is chain 99, the network file says 31337') === true);
        await survived();
      } finally {
        await other.close();
      }
    });
  });

  it('a node that hangs does not hold up the end of the program', async () => {
    // Were the call waited for, this test would last as long.
    const running = await start({}, { callTimeoutMs: 3_600_000 });
    await reachHead();
    let asked = false;
    proxy.answer = () => {
      asked = true;
      return undefined;
    };
    proxy.target = 'http://10.255.255.1:1';
    await until(() => asked);
    await running.stop();
  });
});
