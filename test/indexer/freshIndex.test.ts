import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { randomHistory } from '../oracle/history';
import type { Block, PlacedBlock } from '../oracle/log';
import { type RunningIndex, startIndex } from './runningIndex';
import { readTables } from './tables';

/** The promise to cherish: after any forks and restarts, every table equals that of a fresh index of the final chain. */
describe('an index that lived through forks and restarts', () => {
  let chain: EmittedChain;
  let index: RunningIndex;

  beforeAll(async () => {
    chain = await startEmittedChain({ maxLogsRange: 7 });
  });

  afterAll(async () => {
    await index?.close();
    await chain.close();
  });

  it('equals a fresh index after backfill, reorgs of live blocks and restarts', async () => {
    const history = randomHistory('fresh', { logs: 900, fromBlock: chain.nextBlock });
    const half = Math.floor(history.length / 2);
    const placed: PlacedBlock[] = await chain.play(history.slice(0, half));
    index = await startIndex([chain.config]);
    await index.reach(chain.chainId, placed.at(-1) as PlacedBlock);

    // After a fork, time goes on from its end: every later block gets a timestamp of its own.
    let told = half;
    let clock = (placed.at(-1) as PlacedBlock).timestamp;
    const timed = (blocks: Block[]) =>
      blocks.map((block) => {
        clock += 10;
        return { ...block, timestamp: clock };
      });
    for (const depth of [2, 1, 5, 3]) {
      const live = timed(history.slice(told, told + depth + 2));
      told += live.length;
      const before = await chain.play(live);
      await index.reach(chain.chainId, before.at(-1) as PlacedBlock);
      if (depth === 5) await index.stop();
      await chain.send('anvil_rollback', [depth]);
      // The same logs again, but the first block's: other transactions in other blocks.
      const again = live.slice(-depth).map((block, i) => (i === 0 ? { ...block, txs: [] } : block));
      const forked = await chain.play(timed(again));
      if (depth === 5) await index.start();
      await index.reach(chain.chainId, forked.at(-1) as PlacedBlock);
    }
    // Away while the chain left our newest blocks behind and made more than finality is deep.
    await index.stop();
    await chain.send('anvil_rollback', [3]);
    await chain.play(timed(Array.from({ length: 30 }, () => ({ number: 0, timestamp: 0, txs: [] }))));
    await index.start();
    const rest = await chain.play(timed(history.slice(told)));
    await index.reach(chain.chainId, rest.at(-1) as PlacedBlock);

    const lived = await readTables(index.database.pool);
    const fresh = await startIndex([chain.config]);
    await fresh.reach(chain.chainId, rest.at(-1) as PlacedBlock);
    const clean = await readTables(fresh.database.pool);
    await fresh.close();
    expect(lived['event']?.length).toBeGreaterThan(700);
    for (const [table, rows] of Object.entries(clean)) expect([table, lived[table]]).toEqual([table, rows]);
  });
});
