import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { WebSocket } from 'ws';
import type { ChainConfig } from '../../schema/networkFile';
import { BENCH_CHAIN_ID, benchConfig } from './benchChain';

/** What the node is told. */
export interface Growth {
  transactions: number;
  events: number;
}

/** What it says: a block, and when it began to announce it (milliseconds since 1970, with fractions). */
export interface Announced {
  number: number;
  at: number;
}

/**
 * A chain that grows while it is looked at, over a websocket, as a sequencer's does. Its node is our own: an anvil announces a
 * block up to 40 ms after it mined it, and takes 80 ms for the receipts of 200 transactions.
 */
export interface GrowingChain {
  config: ChainConfig;
  /** Makes a block with the next events of the loop. Answers when the node announced it (performance.now()). */
  grow(growth: Growth): Promise<{ number: number; announcedAt: number }>;
  /** How long a client without any work of its own waits for what an indexer must ask of the newest block, in ms. */
  nodeTime(number: number): Promise<number>;
  close(): Promise<void>;
}

/** @param finalityDepth blocks that a reorg may remove */
export async function growChain(finalityDepth: number): Promise<GrowingChain> {
  const node = fork(path.join(__dirname, 'growingNode.js'), [String(BENCH_CHAIN_ID)]);
  const [port] = (await once(node, 'message')) as [number];
  const url = `ws://127.0.0.1:${port}`;
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return {
    config: benchConfig(url, { finality: { depth: finalityDepth } }),
    async grow(growth) {
      const said = once(node, 'message') as Promise<[Announced]>;
      node.send(growth);
      const [{ number, at }] = await said;
      return { number, announcedAt: at - performance.timeOrigin };
    },
    async nodeTime(number) {
      const named = `0x${number.toString(16)}`;
      const calls = [
        ['eth_getBlockByNumber', ['latest', false]],
        ['eth_getBlockReceipts', [named]],
      ].map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }));
      const answered = once(socket, 'message');
      const sentAt = performance.now();
      socket.send(JSON.stringify(calls));
      await answered;
      return performance.now() - sentAt;
    },
    async close() {
      socket.terminate();
      if (node.exitCode !== null) return;
      const exited = once(node, 'exit');
      node.disconnect();
      await exited;
    },
  };
}
