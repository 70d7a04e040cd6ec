import { type EmittedChain, startEmittedChain } from '../chain/emittedChain';
import { randomHistory } from '../oracle/history';
import type { PlacedBlock } from '../oracle/log';
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

    let told = half;
    for (const depth of [2, 1, 5, 3]) {
      const live = history.slice(told, told + depth + 2);
      told += live.length;
      const before = await chain.play(live);
      await index.reach(chain.chainId, before.at(-1) as PlacedBlock);
      if (depth === 5) await index.stop();
      const snapshot = await forkAt(chain, depth);
      // The same logs again, but the first block's: other transactions in other blocks.
      const again = await chain.play(
        live
          .slice(-depth)
          .map((block, i) => ({ ...block, txs: i === 0 ? [] : block.txs, timestamp: snapshot + 1_000 + i })),
      );
      if (depth === 5) await index.start();
      await index.reach(chain.chainId, again.at(-1) as PlacedBlock);
    }
    await index.stop();
    await index.start();
    const rest = await chain.play(
      history.slice(told).map((block, i) => ({ ...block, timestamp: 2_000_000_000 + i * 10 })),
    );
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

/** Removes the newest blocks, as a reorg would: they are mined again by the caller. Returns the new head's timestamp. */
async function forkAt(chain: EmittedChain, depth: number): Promise<number> {
  await chain.send('anvil_rollback', [depth]);
  const head = (await chain.send('eth_getBlockByNumber', ['latest', false])) as { timestamp: string };
  return Number(head.timestamp);
}
