import path from 'node:path';
import { startChild } from '../child';
import { type System, usedBy } from './system';

/** The peer that needs no install: see ../ethersLoop.ts. */
export const ethersLoop: System = {
  name: 'a plain ethers loop, event rows alone',
  async countEvents(client) {
    const { rows } = await client.query<{ events: number }>('select count(*)::int as events from event');
    return rows[0]!.events;
  },
  async run(databaseUrl, { chain, networkFile }) {
    const started = performance.now();
    const loop = startChild(path.join(__dirname, '..', 'ethersLoop.js'), {
      args: [networkFile, String(chain.head)],
      env: { DATABASE_URL: databaseUrl },
      endsByItself: true,
    });
    try {
      if ((await loop.exited) !== 0) throw new Error('the ethers loop failed');
      return { seconds: (performance.now() - started) / 1_000, ...usedBy([loop]) };
    } finally {
      await loop.close();
    }
  },
};
