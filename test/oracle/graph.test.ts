import { storeDocuments } from '../api/fetchedDocuments';
import { type ApiHarness, openApi } from '../api/harness';
import { commitPlaced } from '../api/placedChain';
import { sameGraphs } from './compareGraph';
import { randomHistory } from './history';
import { Oracle } from './model';
import type { JsonObject } from './model/json';
import { pretend } from './pretend';
import type { Run } from './queries';

const SEED = process.env['ORACLE_SEED'] ?? 'graph';

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
  }, 60_000);

  afterAll(() => api?.close());

  const run: Run = async (query, variables) => {
    const { data, errors } = await api.ask(query, variables);
    if (errors || !data) {
      throw new Error(`${JSON.stringify(variables)}: ${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1))}`);
    }
    return data as JsonObject;
  };

  it('is walked as the oracle walks it, and has the paths that the oracle finds', async () => {
    await sameGraphs({ run, oracle, seed: SEED, graphs: 150, paths: 150 });
  }, 240_000);
});
