import type { JsonObject } from '../oracle/model/json';
import { everything, flatten, LISTED, nodesQuery } from '../oracle/queries';
import { newSeed } from '../run/newSeed';
import { simulate, told } from './fuzz/simulation';
import { expectSurvived } from './survives';

/**
 * Random lives: each ends with tables equal to a fresh index of the final chain and answers equal to the oracle's.
 * FUZZ_SEED replays one, FUZZ_STEPS makes them longer; without them some known seeds are played and a new one.
 */
const seeds = process.env['FUZZ_SEED']?.split(',') ?? ['one', 'two', 'three', newSeed];
const steps = Number(process.env['FUZZ_STEPS'] ?? 300);

describe.each(seeds)(`${steps} steps of blocks, forks, lies, crashes and restarts, seed %s`, (seed) => {
  it('ends with the tables of a fresh index and the answers of the oracle', async () => {
    const life = await simulate({ seed, steps });
    try {
      await expectSurvived(life.loop.index.database, life.config, life.node.url);
      await life.loop.index.settle();
      for (const entity of LISTED) {
        expect(await everything(life.loop.run, entity)).toEqual(life.world.oracle.list(entity));
      }
      for (const entity of ['adapters', 'disputes', 'influences', 'tokens'] as const) {
        const expected = life.world.oracle.list(entity);
        for (let i = 0; i < expected.length; i += 100) {
          const wanted = expected.slice(i, i + 100);
          const { nodes } = await life.loop.run(nodesQuery(entity), { ids: wanted.map(({ id }) => id as string) });
          expect((nodes as JsonObject[]).map((node) => node && flatten(node))).toEqual(wanted);
        }
      }
    } catch (error) {
      throw new Error(told(life, error), { cause: error });
    } finally {
      await life.close();
    }
  }, 600_000);
});
