import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Anvil } from '../../demo/anvil';
import { type Rpc, rpcTo } from '../../demo/rpc';
import type { ChainConfig } from '../../schema/networkFile';
import { BLOCK_SECONDS, type EmittedBlock, type EmittedLog, emittedLog } from './benchBlocks';
import { BENCH_SENDER, benchConfig, sendBlock, startEmptyChain } from './benchChain';
import { loopEvents } from './loopEvents';

/** A chain that grows while it is looked at, over a websocket, as a sequencer's does. */
export interface PlayedChain {
  config: ChainConfig;
  rpc: Rpc;
  head(): Promise<number>;
  /** Mines a block with the next events of the loop. Answers its number and when the node announced it (performance.now()). */
  mine(transactions: number, events: number): Promise<{ number: number; announcedAt: number }>;
  close(): Promise<void>;
}

/** As deep as a reorg may go back. */
const KEPT_STATES = 256;

/** @param finalityDepth blocks that a reorg may remove */
export async function playChain(finalityDepth: number): Promise<PlayedChain> {
  const anvil: Anvil = await startEmptyChain(KEPT_STATES);
  const rpc = rpcTo(anvil.url);
  const wsUrl = anvil.url.replace('http', 'ws');
  const announced = new Map<number, number>();
  const socket = new WebSocket(wsUrl);
  await once(socket, 'open');
  socket.on('message', (data) => {
    const at = performance.now();
    const number = (JSON.parse(String(data)) as { params?: { result?: { number?: string } } }).params?.result?.number;
    if (number) announced.set(Number(number), at);
  });
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }));
  const events = endless();
  return {
    config: benchConfig(wsUrl, { finality: { depth: finalityDepth } }),
    rpc,
    head: async () => Number(await rpc.call<string>('eth_blockNumber')),
    async mine(transactions, count) {
      const block: EmittedBlock = Array.from({ length: transactions }, () => []);
      for (let i = 0; i < count; i++) block[Math.floor((i * transactions) / count)]!.push(events.next().value);
      // A reorg gives nonces back and mines blocks with times of its own.
      const latest = await rpc.call<{ timestamp: string }>('eth_getBlockByNumber', ['latest', false]);
      await sendBlock(rpc, block, Number(await rpc.call<string>('eth_getTransactionCount', [BENCH_SENDER, 'latest'])));
      await rpc.call('evm_mine', [Number(latest.timestamp) + BLOCK_SECONDS]);
      const answeredAt = performance.now();
      const number = Number(await rpc.call<string>('eth_blockNumber'));
      // The node has it when it announces it, and at the latest when it has answered.
      return { number, announcedAt: Math.min(announced.get(number) ?? answeredAt, answeredAt) };
    },
    async close() {
      socket.terminate();
      await anvil.close();
    },
  };
}

function* endless(): Generator<EmittedLog, never> {
  for (const story of loopEvents()) for (const event of story) yield emittedLog(event);
  throw new Error('the loop ended');
}
