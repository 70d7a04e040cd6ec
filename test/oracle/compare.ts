import { sameGraphs } from './compareGraph';
import type { Oracle } from './model';
import type { JsonObject } from './model/json';
import { everything, flatten, LISTED, nodesQuery, type Run } from './queries';

/** What has no list of its own. */
const UNLISTED = ['adapters', 'disputes', 'influences', 'tokens'] as const;

/**
 * Tests that the API answers what the oracle says: every list whole and in order, every other entity by its id, every
 * field of each. `subject` is asked when the tests run.
 */
export function answersAsTheOracle(subject: () => { run: Run; oracle: Oracle; chainIds: number[] }): void {
  for (const entity of LISTED) {
    it(`lists ${entity}, every field of each`, async () => {
      const { run, oracle } = subject();
      const answered = await everything(run, entity);
      const expected = oracle.list(entity);
      expect(answered.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      for (const [i, node] of expected.entries()) expect(answered[i]).toEqual(node);
    });
  }
  for (const entity of UNLISTED) {
    it(`answers node(id) of ${entity}, every field of each`, async () => {
      const { run, oracle } = subject();
      const expected = oracle.list(entity);
      expect(expected.length).toBeGreaterThan(0);
      for (let i = 0; i < expected.length; i += 100) {
        const wanted = expected.slice(i, i + 100);
        const { nodes } = await run(nodesQuery(entity), { ids: wanted.map(({ id }) => id as string) });
        (nodes as JsonObject[]).forEach((node, n) => {
          expect(node && flatten(node)).toEqual(wanted[n]);
        });
      }
    });
  }
  it('walks the attribution graph and finds its paths', async () => {
    await sameGraphs({ ...subject(), seed: 'walks', graphs: 25, paths: 25 });
  });
  it('counts the undecoded logs', async () => {
    const { run, oracle, chainIds } = subject();
    const { indexStatus } = await run('{ indexStatus { chains { chainId undecodedLogs } } }', {});
    expect((indexStatus as { chains: JsonObject[] }).chains).toEqual(
      chainIds.map((chainId) => ({ chainId, undecodedLogs: oracle.undecodedLogs(chainId) })),
    );
  });
}
