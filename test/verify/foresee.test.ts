import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { answerCalls, type Methods } from '../../bench/chain/answerCalls';
import { benchBlocks, loopContracts } from '../../bench/chain/benchBlocks';
import { BENCH_CHAIN_ID, benchConfig } from '../../bench/chain/benchChain';
import { logsByTransaction, placeBlock, receiptsOf } from '../../bench/chain/storedChain';
import { ChainSource } from '../../indexer/rpc/chainSource';
import type { Tip } from '../../indexer/store/blockRange';
import type { SealedHeader } from '../../indexer/verify/sealedHeader';
import { until } from '../run/until';

const addresses = loopContracts.map(({ address }) => address);
const none = `0x${'0'.repeat(64)}`;
const genesis = placeBlock([], 0, none);
const [firstLogs, secondLogs] = [...benchBlocks(40, 20)];
const first = placeBlock(firstLogs ?? [], 1, genesis.hash);
const second = placeBlock(secondLogs ?? [], 2, first.hash);
const blocks = [genesis, first, second];
const receipts = (block: typeof first) => JSON.stringify(receiptsOf(logsByTransaction(block.logs)));
const logs = (block: typeof first) => (JSON.parse(`[${block.logs}]`) as unknown[]).length;

/** A node over a websocket that has blocks up to `head`, and what it was asked. */
async function startNode() {
  const node = {
    head: 1,
    /** Methods with their first parameter, in the order in which they were asked. */
    asked: [] as string[],
    /** In the place of the receipts. */
    saysReceipts: undefined as ((hash: string) => string) | undefined,
    announce: () => {
      const { transactions, size, uncles, ...header } = JSON.parse(blocks[node.head]?.header ?? '') as object &
        Record<string, unknown>;
      const message = { jsonrpc: '2.0', method: 'eth_subscription', params: { subscription: '0x1', result: header } };
      for (const socket of sockets) socket.send(JSON.stringify(message));
    },
    url: '',
    close: () => {
      for (const socket of sockets) socket.terminate();
      server.close();
    },
  };
  const sockets = new Set<WebSocket>();
  const blockAt = (named: unknown) => {
    const number = named === 'latest' ? node.head : named === 'safe' ? 0 : Number(named);
    return (number <= node.head && blocks[number]?.header) || 'null';
  };
  const methods: Methods = {
    eth_chainId: () => JSON.stringify(`0x${BENCH_CHAIN_ID.toString(16)}`),
    eth_subscribe: () => '"0x1"',
    eth_getBlockByNumber: ([named]) => {
      node.asked.push(`block ${named}`);
      return blockAt(named);
    },
    eth_getBlockReceipts: ([hash]) => {
      node.asked.push(`receipts ${hash}`);
      const block = blocks.find((candidate) => candidate.hash === hash);
      return node.saysReceipts?.(String(hash)) ?? (block ? receipts(block) : 'null');
    },
  };
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('message', (data) => socket.send(answerCalls(methods, String(data))));
  });
  await once(server, 'listening');
  node.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return node;
}

describe('the receipts of an announced head', () => {
  let nodes: Awaited<ReturnType<typeof startNode>>[];
  let source: ChainSource;
  let heads: number;

  beforeEach(async () => {
    nodes = [await startNode(), await startNode()];
    heads = 0;
    source = new ChainSource({
      ...benchConfig('ws://127.0.0.1:1', { finality: { depth: 1 } }),
      rpc: nodes.map(({ url }) => url),
    });
    source.onHead(() => heads++);
    await source.tip();
    for (const node of nodes) node.head = 2;
    await announced();
    for (const node of nodes) node.asked = [];
  });
  afterEach(async () => {
    await source.close();
    for (const node of nodes) node.close();
  });

  const [one, other] = [() => nodes[0] as (typeof nodes)[0], () => nodes[1] as (typeof nodes)[0]];
  async function announced() {
    const before = heads;
    one().announce();
    await until(async () => heads > before, { what: 'a head' });
  }
  const look = async (): Promise<Tip & { head: SealedHeader }> => {
    source.foresee(addresses);
    return source.tip();
  };
  const provenLogs = async (head: SealedHeader) => (await source.provenLogs([head], addresses))[0]?.logs.length;
  const timesOf = (node: (typeof nodes)[0], method: string) =>
    node.asked.filter((what) => what.startsWith(method)).length;

  it('are asked for once, while the head is asked for, as is the block as deep as it is final', async () => {
    const { head, finalized } = await look();
    expect(one().asked).toEqual([`receipts ${second.hash}`, 'block latest', 'block safe', 'block 0x1']);
    expect(finalized?.hash).toBe(first.hash);
    expect(await provenLogs(head)).toBe(logs(second));
    expect(timesOf(one(), 'receipts')).toBe(1);
    // Idle: nothing new was announced.
    await look();
    expect(timesOf(one(), 'receipts')).toBe(1);
  });

  it('prove nothing by having been foreseen: what does not fit the head is asked of the next endpoint', async () => {
    one().saysReceipts = () => receipts(first);
    const { head } = await look();
    expect(await provenLogs(head)).toBe(logs(second));
    expect([timesOf(one(), 'receipts'), timesOf(other(), 'receipts')]).toEqual([1, 1]);
    expect(source.inUse.label).toBe(other().url);
  });

  it('are asked for again where the node announced the block before it had them', async () => {
    let asked = 0;
    one().saysReceipts = (hash) => (++asked === 1 ? 'null' : receipts(blocks.find((block) => block.hash === hash)!));
    const { head } = await look();
    expect(await provenLogs(head)).toBe(logs(second));
    expect([asked, timesOf(other(), 'receipts')]).toEqual([2, 0]);
  });

  it('are not asked for when the bloom has nothing of ours, nor of an endpoint that is not in use', async () => {
    source.foresee(['0x00000000000000000000000000000000000000ff']);
    await source.tip();
    expect(timesOf(one(), 'receipts')).toBe(0);
    await announced();
    source.turnFrom(source.inUse);
    await look();
    expect(timesOf(one(), 'receipts') + timesOf(other(), 'receipts')).toBe(0);
  });

  it('of a head that the chain has left meanwhile are forgotten', async () => {
    one().head = 1;
    const { head, finalized } = await look();
    expect([head.hash, finalized?.hash]).toEqual([first.hash, genesis.hash]);
    expect(await provenLogs(head)).toBe(logs(first));
  });
});
