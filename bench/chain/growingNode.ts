// An entry: a JSON-RPC node over a websocket, in a process of its own, whose chain grows when it is told to. What it answers is
// text that it made before it announced the block, as a node that keeps its newest blocks at hand: it takes as little time
// of what is measured as a node can, and what it made them with is swept up by then. Says its port when it listens.
//   growingNode.js CHAIN_ID
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type WebSocket, WebSocketServer } from 'ws';
import { answerCalls, type Methods } from './answerCalls';
import { type EmittedBlock, type EmittedLog, emittedLog } from './benchBlocks';
import type { Announced, Growth } from './growingChain';
import { loopEvents } from './loopEvents';
import { logsByTransaction, placeBlock, receiptsOf } from './storedChain';

interface ServedBlock {
  hash: string;
  header: string;
  /** As newHeads sends it: without what is not part of it. */
  announcement: string;
  logs: string;
  receipts: string;
}

/** Blocks from the head on that may be named safe and final; the indexer is told a depth of its own. */
const SAFE_DEPTH = 32;
const SUBSCRIPTION = '0x1';
/** Between a block that is made and its announcement: whoever follows is done with the block before it. */
const SETTLE_MS = 20;

const [chainId] = process.argv.slice(2) as [string];
const blocks: ServedBlock[] = [];
const numbers = new Map<string, number>();
const subscribers = new Set<WebSocket>();

function make(block: EmittedBlock): ServedBlock {
  const placed = placeBlock(block, blocks.length, blocks.at(-1)?.hash ?? `0x${'0'.repeat(64)}`);
  const { transactions, size, uncles, ...header } = JSON.parse(placed.header) as Record<string, unknown>;
  return {
    ...placed,
    announcement: JSON.stringify({
      jsonrpc: '2.0',
      method: 'eth_subscription',
      params: { subscription: SUBSCRIPTION, result: header },
    }),
    receipts: JSON.stringify(receiptsOf(logsByTransaction(placed.logs))),
  };
}

function show(served: ServedBlock): void {
  numbers.set(served.hash, blocks.length);
  blocks.push(served);
}

/** By tag, number, hash, or a filter with a hash. */
function blockOf(named: unknown): ServedBlock | undefined {
  const head = blocks.length - 1;
  if (named === 'earliest') return blocks[0];
  if (named === 'safe' || named === 'finalized') return blocks[Math.max(0, head - SAFE_DEPTH)];
  if (typeof named !== 'string' || !named.startsWith('0x')) return blocks[head];
  return blocks[named.length === 66 ? (numbers.get(named) ?? -1) : Number(named)];
}

function logsOf(filter: { fromBlock?: unknown; toBlock?: unknown; blockHash?: unknown }): string {
  const [from, to] = [filter.blockHash ?? filter.fromBlock, filter.blockHash ?? filter.toBlock].map((named) =>
    blocks.indexOf(blockOf(named) as ServedBlock),
  ) as [number, number];
  const found = blocks.slice(from, to + 1).flatMap(({ logs }) => (logs ? [logs] : []));
  return `[${found.join(',')}]`;
}

const methods: Methods = {
  eth_chainId: () => JSON.stringify(`0x${Number(chainId).toString(16)}`),
  eth_blockNumber: () => JSON.stringify(`0x${(blocks.length - 1).toString(16)}`),
  eth_getBlockByNumber: ([block]) => blockOf(block)?.header ?? 'null',
  eth_getBlockByHash: ([block]) => blockOf(block)?.header ?? 'null',
  eth_getLogs: ([filter]) => logsOf((filter ?? {}) as object),
  eth_getBlockReceipts: ([block]) => blockOf(block)?.receipts ?? 'null',
  eth_subscribe: () => JSON.stringify(SUBSCRIPTION),
};

function* endless(): Generator<EmittedLog, never> {
  for (const story of loopEvents()) for (const event of story) yield emittedLog(event);
  throw new Error('the loop ended');
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
show(make([]));
const events = endless();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const text = String(data);
    socket.send(answerCalls(methods, text));
    if (text.includes('eth_subscribe')) subscribers.add(socket);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => subscribers.delete(socket));
});
server.on('listening', () => process.send?.((server.address() as { port: number }).port));
process.on('message', async ({ transactions, events: count }: Growth) => {
  const block: EmittedBlock = Array.from({ length: transactions }, () => []);
  for (let i = 0; i < count; i++) block[Math.floor((i * transactions) / count)]?.push(events.next().value);
  const made = make(block);
  collectGarbage();
  await delay(SETTLE_MS);
  show(made);
  const announced: Announced = { number: blocks.length - 1, at: performance.timeOrigin + performance.now() };
  for (const socket of subscribers) socket.send(made.announcement);
  process.send?.(announced);
});
process.on('disconnect', () => process.exit(0));
