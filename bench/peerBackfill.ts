import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Backfill } from './backfill';
import { startChild } from './child';

const SAMPLE_MS = 50;

/** Times the ethers loop as timeBackfill does ours: from the start of its process on an empty database to its end. */
export async function timePeer(databaseUrl: string, networkFile: string, head: number): Promise<Backfill> {
  const started = performance.now();
  const peer = startChild(path.join(__dirname, 'ethersLoop.js'), {
    args: [networkFile, String(head)],
    env: { DATABASE_URL: databaseUrl },
  });
  let peakMb: number | undefined;
  try {
    while (!peer.ended) {
      peakMb = peer.peakMb() ?? peakMb;
      await Promise.race([peer.exited, delay(SAMPLE_MS)]);
    }
    const seconds = (performance.now() - started) / 1_000;
    if ((await peer.exited) !== 0) throw new Error('the ethers loop failed');
    return { seconds, events: await countEvents(databaseUrl), peakMb };
  } finally {
    await peer.close();
  }
}

async function countEvents(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  // A lost connection shows in the next query; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ events: number }>('select count(*)::int as events from event');
    return rows[0]!.events;
  } finally {
    await client.end();
  }
}
