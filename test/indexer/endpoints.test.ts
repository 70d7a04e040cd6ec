import { ChainSource } from '../../indexer/rpc/chainSource';
import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { type NodeProxy, refusal, startNodeProxy } from '../chain/nodeProxy';
import { until } from '../run/until';
import { type RunningIndex, startIndex } from './runningIndex';

describe('endpoints with manners of their own', () => {
  let chain: EmittedChain;
  let proxy: NodeProxy;
  let source: ChainSource | undefined;
  let index: RunningIndex | undefined;

  beforeEach(async () => {
    chain = await startEmittedChain({ maxLogsRange: 7 });
    proxy = await startNodeProxy(chain.url);
    await chain.send('anvil_mine', ['0x3c']);
  });
  afterEach(async () => {
    await index?.close();
    await source?.close();
    await proxy.close();
    await chain.close();
    source = undefined;
    index = undefined;
  });

  const sourceOf = (...rpc: string[]) => new ChainSource({ ...chain.config, rpc });
  const head = async () => {
    const block = (await chain.send('eth_getBlockByNumber', ['latest', false])) as { number: string; hash: string };
    return { number: Number(block.number), hash: block.hash };
  };

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
      if (requests.length <= 10) return undefined;
      return { status: 400, body: { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch too large' } } };
    };
    source = sourceOf(proxy.url);
    const numbers = Array.from({ length: 50 }, (_, number) => number);
    const found = await source.headers(numbers);
    expect(found.map((header) => header?.number)).toEqual(numbers);
    sizes.length = 0;
    await source.headers(numbers);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
  });

  it('an endpoint that wants no more requests leaves the word to the next one', async () => {
    proxy.answer = () => ({
      status: 429,
      body: { jsonrpc: '2.0', id: null, error: { code: -32005, message: 'too many requests' } },
    });
    source = sourceOf(proxy.url, chain.url);
    expect((await source.tip()).head.number).toBe((await head()).number);
  });

  it('an endpoint that nobody answers at is left for the next one, over http and over ws', async () => {
    source = sourceOf('http://127.0.0.1:2', 'ws://127.0.0.1:2', chain.url.replace('http', 'ws'));
    expect((await source.tip()).head.number).toBe((await head()).number);
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
    index = await startIndex([{ ...chain.config, rpc: [proxy.url], startBlock: 5 }]);
    await index.reach(chain.chainId, await head());
  });

  it('over ws a new block is followed when it is announced, however long pollMs is', async () => {
    index = await startIndex([{ ...chain.config, rpc: [chain.url.replace('http', 'ws')], pollMs: 600_000 }]);
    await index.reach(chain.chainId, await head());
    for (let i = 0; i < 5; i++) {
      await chain.mine([]);
      await index.reach(chain.chainId, await head());
    }
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
      index = await startIndex([{ ...chain.config, rpc: [proxy.url] }]);
      await until(async () => (await row())?.error?.includes("can't be reached") === true, { limitMs: 8_000 });
      expect((await row())?.head).toBe((await head()).number);
      proxy.answer = () => undefined;
      proxy.down = false;
      await index.reach(chain.chainId, await head());
      await until(async () => (await row())?.error === null);
    });

    it('and comes back as another chain is not believed, even while that one is shorter', async () => {
      index = await startIndex([{ ...chain.config, rpc: [proxy.url] }]);
      const before = await head();
      await index.reach(chain.chainId, before);
      const other = await startEmittedChain({ timestamp: 1_700_000_000 });
      try {
        proxy.target = other.url;
        await until(async () => (await row())?.error?.includes('this is another chain') === true);
        expect((await row())?.indexed).toBe(before.number);
        proxy.target = chain.url;
        await chain.mine([]);
        await index.reach(chain.chainId, await head());
        await until(async () => (await row())?.error === null);
      } finally {
        await other.close();
      }
    });

    it('and comes back as a chain of another id is not believed either', async () => {
      index = await startIndex([{ ...chain.config, rpc: [proxy.url] }]);
      await index.reach(chain.chainId, await head());
      const other = await startEmittedChain({ chainId: 99 });
      try {
        proxy.down = true;
        await until(async () => (await row())?.error?.includes("can't be reached") === true);
        proxy.target = other.url;
        proxy.down = false;
        await until(async () => (await row())?.error?.includes('is chain 99, the network file says 31337') === true);
      } finally {
        await other.close();
      }
    });
  });

  it('a node that hangs does not hold up the end of the program', async () => {
    index = await startIndex([{ ...chain.config, rpc: [proxy.url] }]);
    await index.reach(chain.chainId, await head());
    let asked = false;
    proxy.answer = () => {
      asked = true;
      return undefined;
    };
    proxy.target = 'http://10.255.255.1:1';
    await until(() => asked);
    const startedAt = Date.now();
    await index.stop();
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});
