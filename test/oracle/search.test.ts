import { storeDocuments } from '../api/fetchedDocuments';
import { type ApiHarness, openApi } from '../api/harness';
import { commitPlaced } from '../api/placedChain';
import { randomHistory } from './history';
import { Random } from './history/random';
import { Oracle } from './model';
import type { JsonObject } from './model/json';
import { type FoundBlock, searched } from './model/search';
import { pretend } from './pretend';

const SEED = process.env['ORACLE_SEED'] ?? 'search';
const CHAINS = [31337, 31338];
const MOST = 100;

/** Two chains, whose blocks and transactions have the same hashes. */
describe(`search in random histories (seed ${SEED})`, () => {
  const oracle = new Oracle();
  const blocks: FoundBlock[] = [];
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    for (const chainId of CHAINS) {
      const placed = pretend(chainId, randomHistory(`${SEED}-${chainId}`, { logs: 600 }));
      for (const block of placed) oracle.apply(block);
      blocks.push(...placed);
      await commitPlaced(api.database.pool, chainId, placed);
    }
    await storeDocuments(api.database.pool, oracle);
  });

  afterAll(() => api?.close());

  const find = async (text: string): Promise<string[]> => {
    const { data, errors } = await api.ask(
      `query ($text: String!) {
        search(text: $text, first: ${MOST}) { ... on Node { id } ... on Block { chainId number } }
      }`,
      { text },
    );
    if (errors) throw new Error(`${text}: ${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1))}`);
    const found = (data as { search: JsonObject[] }).search;
    return found.map(({ id, chainId, number }) => (id ? String(id) : `block ${chainId} ${number}`));
  };

  /** What a person may paste or type, of everything that there is; some of it isn't there, or means several things. */
  const texts = (): Record<string, string[]> => {
    const all = [
      ...oracle.datanets(),
      ...oracle.contributions(),
      ...oracle.models(),
      ...oracle.adapters(),
      ...oracle.inferences(),
      ...oracle.pools(),
      ...oracle.rewards(),
      ...oracle.claims(),
      ...oracle.disputes(),
    ];
    const names = [...oracle.datanets(), ...oracle.models()].flatMap(({ name }) =>
      typeof name === 'string' ? [name] : [],
    );
    const keyOf = ({ id }: JsonObject) => String(id).slice(String(id).lastIndexOf(':') + 1);
    return {
      ids: [...all, ...oracle.accounts()].map(({ id }) => String(id)),
      addresses: oracle.accounts().map(({ address }) => String(address)),
      transactions: oracle.events().map(({ at }) => String((at as JsonObject)['transactionHash'])),
      contents: oracle.contributions().map(({ contentHash }) => String(contentHash)),
      keys: all.map(keyOf),
      blocks: blocks.map(({ hash }) => hash),
      heights: blocks.map(({ number }) => String(number)),
      names,
      beginnings: names.flatMap((name) => [1, 2, 4].map((length) => [...name].slice(0, length).join(''))),
      nothing: ['', ' ', '%', '_', '\\', '0x', `0x${'00'.repeat(20)}`, `0x${'00'.repeat(32)}`, 'datanet:31337:'],
    };
  };

  it.each([
    'ids',
    'addresses',
    'transactions',
    'contents',
    'keys',
    'blocks',
    'heights',
    'names',
    'beginnings',
    'nothing',
  ])('finds what the contract says, in its order: %s', async (kind) => {
    const random = new Random(`${SEED} ${kind}`);
    const pool = texts()[kind]!;
    expect(pool.length).toBeGreaterThan(0);
    for (let i = 0; i < 25; i++) {
      const picked = kind === 'nothing' ? pool[i % pool.length]! : random.pick(pool);
      const text = random.pick([picked, picked, ` ${picked} `, picked.toUpperCase().replace(/^0X/, '0x')]);
      if (text.length > 1000 || text.includes('\0')) continue;
      const expected = searched(oracle, blocks, CHAINS, text).slice(0, MOST);
      const found = await find(text);
      const first = found.slice(0, expected.length);
      expect([text, sorted(kind, first)]).toEqual([text, sorted(kind, expected)]);
      expect(new Set(found).size).toBe(found.length);
      // After them, names that are only like it.
      for (const id of found.slice(expected.length)) expect(id).toMatch(/^(datanet|model):/);
    }
  });
});

function sorted(kind: string, ids: string[]): string[] {
  return kind === 'transactions' ? [...ids].sort() : ids;
}
