import { storeDocuments } from '../api/fetchedDocuments';
import { type ApiHarness, openApi } from '../api/harness';
import { commitPlaced } from '../api/placedChain';
import { sameGraphs } from './compareGraph';
import { randomHistory } from './history';
import type { PlacedBlock } from './log';
import { Oracle } from './model';
import type { JsonObject } from './model/json';
import { pretend } from './pretend';
import type { Run } from './queries';

const SEED = process.env['ORACLE_SEED'] ?? 'graph';

const running = (api: ApiHarness): Run => {
  return async (query, variables) => {
    const { data, errors } = await api.ask(query, variables);
    if (errors || !data) {
      throw new Error(`${JSON.stringify(variables)}: ${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1))}`);
    }
    return data as JsonObject;
  };
};

/** Two chains whose blocks often share a timestamp, with the same accounts. */
describe(`the attribution graph of random histories (seed ${SEED})`, () => {
  const oracle = new Oracle();
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    for (const chainId of [31337, 31338]) {
      const blocks = pretend(chainId, randomHistory(`${SEED}-${chainId}`, { logs: 600, timestamps: 'weak' }));
      for (const block of blocks) oracle.apply(block);
      await commitPlaced(api.database.pool, chainId, blocks);
    }
    await storeDocuments(api.database.pool, oracle);
  });

  afterAll(() => api?.close());

  it('is walked as the oracle walks it, and has the paths that the oracle finds', async () => {
    await sameGraphs({ run: running(api), oracle, seed: SEED, graphs: 80, paths: 80 });
  });
});

/** One chain, whose block is its accounts' too. */
describe(`the attribution graph as of past blocks (seed ${SEED})`, () => {
  let api: ApiHarness;
  let blocks: PlacedBlock[];

  beforeAll(async () => {
    api = await openApi();
    blocks = pretend(31337, randomHistory(`${SEED}-past`, { logs: 600 }));
    await commitPlaced(api.database.pool, 31337, blocks);
    // As the indexer does while a chain is young.
    await api.database.pool.query('analyze');
  });

  afterAll(() => api?.close());

  it.each([0.3, 0.6, 0.95, 1])('is what it was after %d of the chain', async (part) => {
    const past = blocks.slice(0, Math.ceil(blocks.length * part));
    const oracle = new Oracle();
    for (const block of past) oracle.apply(block);
    await storeDocuments(api.database.pool, oracle);
    const asOf = { number: past.at(-1)?.number as number };
    await sameGraphs({ run: running(api), oracle, seed: `${SEED}-${part}`, graphs: 30, paths: 20, asOf });
    const root = oracle.contributions()[0]?.['id'] as string;
    const query =
      'query ($root: ID!, $asOf: BlockRef) { attributionGraph(root: $root, asOf: $asOf) { asOf { number } } }';
    expect(await running(api)(query, { root, asOf })).toEqual({ attributionGraph: { asOf } });
  });
});
