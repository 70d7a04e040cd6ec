import type { ChainSourceOptions } from '../../../indexer/rpc/chainSource';
import type { ChainConfig } from '../../../schema/networkFile';
import { createFakeChain, type FakeChain } from '../../chain/fakeChain';
import { type FakeNode, startFakeNode } from '../../chain/fakeNode';
import { type LyingNode, startLyingNode } from '../../chain/lyingNode';
import { randomHistory } from '../../oracle/history';
import type { Block } from '../../oracle/log';
import { until } from '../../run/until';
import { type RunningIndex, startIndex } from '../runningIndex';
import { expectSurvived, type Watch } from '../survives';
import { watchIndex } from '../watchAnswers';

interface Row {
  error: string | null;
  indexed: number;
  finalized: number | null;
  reorgs: number;
  polls: number;
}

let chain: FakeChain;
let honest: FakeNode;
let index: RunningIndex | undefined;
let watch: Watch | undefined;
let clock: number;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  chain = createFakeChain();
  clock = 1_760_000_000;
  play('history', 300);
  honest = await startFakeNode(chain);
  opened.push(honest);
});
afterEach(async () => {
  await watch?.end().finally(() => index?.close());
  watch = undefined;
  index = undefined;
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** Told anew in each story by the very same logs, which are encoded once. */
const histories = new Map<string, Block[]>();

function play(seed: string, logs: number, on = chain): void {
  const key = `${seed} ${logs}`;
  const blocks = histories.get(key) ?? randomHistory(seed, { logs });
  histories.set(key, blocks);
  on.play(
    blocks.map((block) => {
      clock += 10;
      return { ...block, timestamp: clock };
    }),
  );
}

/** Another node's chain: the same blocks as far as `number`, then its own. */
async function forkAt(number: number, blocks: number): Promise<{ chain: FakeChain; node: FakeNode }> {
  const other = createFakeChain();
  other.restore(chain.blocks.slice(1, number + 1));
  for (let i = 0; i < blocks; i++) other.mine([], 1_790_000_000 + i * 7);
  const node = await startFakeNode(other);
  opened.push(node);
  return { chain: other, node };
}

async function lying(target: string | string[]): Promise<LyingNode> {
  const node = await startLyingNode(target);
  opened.push(node);
  return node;
}

async function start(further: Partial<ChainConfig>, rpc?: ChainSourceOptions): Promise<void> {
  index = await startIndex([chain.config(honest.url, further)], undefined, rpc);
  watch = await watchIndex(index.database);
}

const row = async (): Promise<Row> =>
  (
    await (index as RunningIndex).database.pool.query<Row>(
      'select error, indexed_number::int as indexed, finalized_number::int as finalized, reorgs from chain',
    )
  ).rows[0] as Row;

async function reachHead(): Promise<void> {
  await (index as RunningIndex).reach(chain.chainId, chain.head);
}

async function expectTheEnd(further: Partial<ChainConfig> = {}): Promise<void> {
  await watch?.end();
  await expectSurvived((index as RunningIndex).database, chain.config(honest.url, further), honest.url);
}

/** Lets the indexer look at the chain a few times. */
async function looks(node: { readonly requests: number }, times = 6): Promise<void> {
  const before = node.requests;
  await until(() => node.requests >= before + times);
}

it.each([
  ['back by five', 5],
  ['far below finality', 1_000],
])('a head that goes %s, inside our chain, takes nothing away', async (_, back) => {
  const node = await lying(honest.url);
  await start({ rpc: [node.url] });
  await reachHead();
  honest.latest = () => chain.blocks[Math.max(1, chain.head.number - back)] as FakeChain['head'];
  await looks(node);
  expect(await row()).toMatchObject({ indexed: chain.head.number, reorgs: 0, error: null });
  honest.latest = () => chain.head;
  play('later', 30);
  await reachHead();
  expect((await row()).reorgs).toBe(0);
  await expectTheEnd();
});

it('a block 0 that is made up when the indexer starts is not kept for good', async () => {
  const node = await lying(honest.url);
  let lies = 0;
  node.bend = ({ method, params }, block) =>
    method === 'eth_getBlockByNumber' && params[0] === '0x0' && lies++ < 3
      ? { ...(block as object), hash: `0x${'5e'.repeat(32)}` }
      : block;
  await start({ rpc: [node.url] });
  await reachHead();
  expect(lies).toBeGreaterThan(3);
  await expectTheEnd();
});

it('a head whose number is made up, of a block without logs that nothing else proves, is not believed', async () => {
  const node = await lying(honest.url);
  await start({ rpc: [node.url] });
  await reachHead();
  chain.mine([], clock + 10);
  node.bend = ({ method, params }, block) =>
    method === 'eth_getBlockByNumber' && ['latest', 'finalized'].includes(String(params[0]))
      ? { ...(block as object), number: `0x${(chain.head.number + 500).toString(16)}` }
      : block;
  await looks(node, 12);
  const { finalized, indexed } = await row();
  expect(finalized ?? 0).toBeLessThan(indexed);
  node.bend = (_, block) => block;
  await reachHead();
  play('later', 30);
  await reachHead();
  await expectTheEnd();
});

it('two nodes five blocks apart behind one address, answering in turn, take nothing away', async () => {
  const late = await startFakeNode(chain);
  opened.push(late);
  late.latest = () => chain.blocks[Math.max(0, chain.head.number - 5)] as FakeChain['head'];
  const node = await lying([honest.url, late.url]);
  await start({ rpc: [node.url] });
  for (const seed of ['a', 'b', 'c']) {
    play(seed, 20);
    await reachHead();
  }
  expect((await row()).reorgs).toBe(0);
  await expectTheEnd();
});

it('two endpoints five blocks apart, each failing now and then, take nothing away', async () => {
  const late = await startFakeNode(chain);
  opened.push(late);
  late.latest = () => chain.blocks[Math.max(0, chain.head.number - 5)] as FakeChain['head'];
  const nodes = [await lying(honest.url), await lying(late.url)];
  for (const [i, node] of nodes.entries()) {
    node.reply = (_, response) => {
      if ((node.requests + 3 * i) % 11 > 0) return false;
      response.destroy();
      return true;
    };
  }
  // The late one is left soon when nothing comes from it, and so is the other.
  await start({ rpc: nodes.map(({ url }) => url) }, { staleHeadMs: 100 });
  for (const seed of ['a', 'b', 'c']) {
    play(seed, 20);
    await reachHead();
  }
  expect((await row()).reorgs).toBe(0);
  await expectTheEnd();
});

describe('of three endpoints one is on a fork of its own', () => {
  it.each([
    ['shallow and longer', 3, 30],
    ['shallow and shorter', 5, 3],
    ['deeper than quorumDepth', 20, 60],
    ['from below finality', 45, 80],
  ])('(%s): no row of ours goes', async (_, depth, blocks) => {
    play('more', 500);
    const fork = await forkAt(chain.head.number - depth, 0);
    const stale = await lying(honest.url);
    const second = await startFakeNode(chain);
    opened.push(second);
    await start({ rpc: [stale.url, honest.url, second.url], finality: { depth: 32 } });
    await reachHead();
    for (let i = 0; i < blocks; i++) fork.chain.mine([], 1_790_000_000 + i * 7);
    stale.target = fork.node.url;
    await looks(stale, 4);
    play('later', 30);
    await reachHead();
    expect(await row()).toMatchObject({ reorgs: 0, error: null });
    await expectTheEnd({ finality: { depth: 32 } });
  });
});

describe('logs of a fork that was left behind, under the headers of the chain,', () => {
  it.each([
    ['for a while, by a lone endpoint', 4],
    ['all the time, beside an honest endpoint', Number.POSITIVE_INFINITY],
  ])('said %s, are never ours', async (_, times) => {
    const fork = await forkAt(10, 0);
    play('orphans', 400, fork.chain);
    const node = await lying(honest.url);
    let told = 0;
    node.bend = ({ method, params }, result) => {
      const [asked] = params as [{ fromBlock?: string; toBlock?: string } | string | undefined];
      if (told >= times) return result;
      if (method === 'eth_getLogs' && typeof asked === 'object') {
        told++;
        const logs = fork.chain.blocks.slice(Number(asked.fromBlock), Number(asked.toBlock) + 1);
        return logs.flatMap((block) => block.logs);
      }
      const number = chain.byHash(String(asked))?.number;
      if (method !== 'eth_getBlockReceipts' || number === undefined) return result;
      told++;
      return fork.chain.blocks[number]?.receipts ?? null;
    };
    await start({ rpc: times === Number.POSITIVE_INFINITY ? [node.url, honest.url] : [node.url] });
    await reachHead();
    play('later', 60);
    await reachHead();
    expect(told).toBeGreaterThan(1);
    expect(await row()).toMatchObject({ reorgs: 0, error: null });
    await expectTheEnd();
  });
});

describe('a rollback deeper than quorumDepth', () => {
  const finality = { depth: 64 };

  async function leave(rpc: (nodes: LyingNode[]) => string[]): Promise<LyingNode[]> {
    play('more', 700);
    const fork = await forkAt(chain.head.number - 20, 0);
    const nodes = [await lying(honest.url), await lying(honest.url), await lying(honest.url)];
    await start({ rpc: rpc(nodes), finality });
    await reachHead();
    for (let i = 0; i < 40; i++) fork.chain.mine([], 1_790_000_000 + i * 7);
    chain = fork.chain;
    honest = fork.node;
    return nodes;
  }

  it('is believed of a lone endpoint', async () => {
    const [first] = await leave(([one]) => [(one as LyingNode).url]);
    (first as LyingNode).target = honest.url;
    await reachHead();
    expect(await row()).toMatchObject({ reorgs: 1, error: null });
    await expectTheEnd({ finality });
  });

  it('waits for a majority of three', async () => {
    const [one, two, three] = (await leave((nodes) => nodes.map(({ url }) => url))) as [
      LyingNode,
      LyingNode,
      LyingNode,
    ];
    const before = await row();
    one.target = honest.url;
    await looks(one, 2);
    await looks(two, 4);
    expect(await row()).toMatchObject({ indexed: before.indexed, reorgs: 0 });
    two.target = honest.url;
    await reachHead();
    expect((await row()).reorgs).toBe(1);
    three.target = honest.url;
    await looks(one, 2);
    await expectTheEnd({ finality });
  });

  it('is one of those that answer: the others may be gone', async () => {
    const [one, two, three] = (await leave((nodes) => nodes.map(({ url }) => url))) as [
      LyingNode,
      LyingNode,
      LyingNode,
    ];
    for (const gone of [two, three]) await gone.close();
    one.target = honest.url;
    await reachHead();
    await expectTheEnd({ finality });
  });
});

describe('an endpoint of another chain', () => {
  it.each(['id', 'genesis'])('(by its %s) that takes over without a failure is found out, too', async (what) => {
    const node = await lying(honest.url);
    await start({ rpc: [node.url] });
    await reachHead();
    const before = await row();
    const other = createFakeChain(what === 'id' ? { chainId: 99 } : { timestamp: 1_700_000_000 });
    for (let i = 0; i < 80; i++) other.mine([]);
    const otherNode = await startFakeNode(other);
    opened.push(otherNode);
    node.target = otherNode.url;
    await until(async () => (await row()).error?.includes(what === 'id' ? 'is chain 99' : 'another chain') === true);
    expect(await row()).toMatchObject({ indexed: before.indexed, reorgs: 0 });
    await expectTheEnd();
  });

  it.each(['id', 'genesis'])('(by its %s) that takes over is left out, and the others go on', async (what) => {
    const node = await lying(honest.url);
    const second = await lying(honest.url);
    await start({ rpc: [node.url, second.url] });
    await reachHead();
    const other = createFakeChain(what === 'id' ? { chainId: 99 } : { timestamp: 1_700_000_000 });
    for (let i = 0; i < 80; i++) other.mine([]);
    const otherNode = await startFakeNode(other);
    opened.push(otherNode);
    // It fails once, and what comes back is another chain.
    let isCut = false;
    node.reply = (_, response) => {
      if (isCut) return false;
      isCut = true;
      node.target = otherNode.url;
      response.destroy();
      return true;
    };
    play('later', 30);
    await reachHead();
    expect(await row()).toMatchObject({ reorgs: 0, error: null });
    // The other one fails, too: none is left, and that is said.
    second.target = 'http://127.0.0.1:2';
    await until(async () => (await row()).error?.includes(what === 'id' ? 'is chain 99' : 'another chain') === true);
    second.target = honest.url;
    play('at last', 30);
    await reachHead();
    await expectTheEnd();
  });
});

describe('finalized', () => {
  const finality = { tag: 'finalized' as const };

  it.each<[string, LyingNode['bend']]>([
    ['missing', ({ params }, result) => (params[0] === 'finalized' ? null : result)],
    [
      'above latest',
      ({ method, params }, result) =>
        method === 'eth_getBlockByNumber' && params[0] === 'latest'
          ? chain.blocks[chain.head.number - 20]?.json
          : result,
    ],
    [
      'going back to the beginning',
      ({ params }, result) => (params[0] === 'finalized' ? chain.blocks[0]?.json : result),
    ],
    ['nonsense', ({ params }, result) => (params[0] === 'finalized' ? { number: 'ff', hash: 3 } : result)],
  ])('%s: what is final stays final, and blocks come on', async (what, lie) => {
    honest.tags = { safe: 2, finalized: 4 };
    const node = await lying(honest.url);
    await start({ rpc: [node.url], finality });
    await reachHead();
    await until(async () => (await row()).finalized === chain.head.number - 4);
    const { finalized } = await row();
    node.bend = lie;
    play('meanwhile', 30);
    if (what === 'above latest' || what === 'nonsense') await looks(node);
    else await reachHead();
    expect((await row()).finalized).toBe(finalized);
    node.bend = (_, result) => result;
    await reachHead();
    await until(async () => (await row()).finalized === chain.head.number - 4);
    expect((await row()).reorgs).toBe(0);
    await expectTheEnd({ finality });
  });

  it('and safe unknown from the first block on: the chain is followed, and nothing is final', async () => {
    await start({ finality });
    await reachHead();
    expect(await row()).toMatchObject({ finalized: null, error: null });
    await expectTheEnd({ finality });
  });
});
