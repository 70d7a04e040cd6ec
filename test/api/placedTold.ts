import type { Pool } from 'pg';
import { blank, pretend } from '../oracle/pretend';
import type { Told } from '../oracle/told';
import { commitPlaced } from './placedChain';

/** A chain whose blocks stand at the times given, each told as a table; block numbers count from 1. */
export async function commitTold(pool: Pool, chainId: number, blocks: [time: string, logs: Told[]][]): Promise<void> {
  const placed = blocks.map(([time, logs], i) => ({
    number: i + 1,
    timestamp: Date.parse(time) / 1000,
    txs: [logs.map(([event, args]) => blank(event, args))],
  }));
  await commitPlaced(pool, chainId, pretend(chainId, placed));
}
