import { keccak256, toUtf8Bytes } from 'ethers';
import { type ApiHarness, openApi } from '../api/harness';
import { commitPlaced } from '../api/placedChain';
import { randomHistory } from './history';
import { Random } from './history/random';
import type { PlacedBlock } from './log';
import { type Entity, Oracle } from './model';
import type { JsonObject } from './model/json';
import { pretend } from './pretend';
import { everything, flatten, LISTED, nodeQuery, ORACLE_BOUNDS, type Run } from './queries';

/** ORACLE_SEED replays a run. */
const SEED = process.env['ORACLE_SEED'] ?? 'past';
const CHAIN = 31337;
const BLOCKS = 3;
/** Lists that the contract asks as of a block. */
const LISTS = LISTED.filter((entity) => entity !== 'events');
const UNLISTED = ['adapters', 'disputes', 'influences', 'tokens', 'events'] as const;
const NATIVE = `token:${CHAIN}:native`;
const ORDERS: Partial<Record<Entity, string[]>> = {
  datanets: ['CONTRIBUTIONS', 'INFERENCES', 'EARNED', 'ACCEPTANCE_RATE'],
  contributions: ['SCORE', 'INFLUENCES', 'EARNED'],
  models: ['INFERENCES', 'FEES', 'USERS'],
  inferences: ['FEE'],
  rewards: ['AMOUNT'],
  accounts: ['CONTRIBUTIONS', 'REWARDS', 'FEES_PAID', 'INFERENCES'],
};
const FILTERS: [Entity, (oracle: Oracle) => JsonObject][] = [
  ['contributions', () => ({ status: 'ACCEPTED' })],
  ['contributions', () => ({ status: 'PENDING' })],
  ['contributions', () => ({ status: 'SLASHED' })],
  ['inferences', () => ({ attributed: true })],
  ['inferences', () => ({ attributed: false })],
  ['models', (oracle) => ({ datanet: { in: ids(oracle.datanets()).slice(0, 3) } })],
  ['rewards', (oracle) => ({ datanet: { eq: ids(oracle.datanets())[0] as string } })],
  ['rewards', (oracle) => ({ model: { eq: ids(oracle.models())[0] as string } })],
  ['accounts', () => ({ role: 'OWNER' })],
  ['accounts', () => ({ role: 'CURATOR' })],
  ['accounts', () => ({ role: 'BUILDER' })],
  ['accounts', () => ({ role: 'STAKER' })],
  ['accounts', () => ({ role: 'BENEFICIARY' })],
];

/** The plain model of the chain up to a block against what the API answers as of it, from an index far beyond. */
describe(`answers as of random past blocks (seed ${SEED})`, () => {
  const random = new Random(SEED);
  let api: ApiHarness;
  let run: Run;
  const pasts: { number: number; asOf: JsonObject; oracle: Oracle }[] = [];

  beforeAll(async () => {
    api = await openApi({ bounds: ORACLE_BOUNDS });
    const blocks = pretend(CHAIN, randomHistory(SEED, { logs: 700 }));
    await commitPlaced(api.database.pool, CHAIN, blocks);
    // A second chain, of which nothing belongs into these answers.
    await commitPlaced(api.database.pool, 31338, pretend(31338, randomHistory(`${SEED}-other`, { logs: 150 }), 'b'));
    // As the indexer does while a chain is young: a table without statistics is taken for one of one row.
    await api.database.pool.query('analyze');
    for (let i = 1; i <= BLOCKS; i++) {
      const place =
        i === BLOCKS ? blocks.length - 1 : Math.floor(((i - random.below(100) / 100) * blocks.length) / BLOCKS);
      const { number, hash } = blocks[place] as PlacedBlock;
      const oracle = new Oracle();
      for (const block of blocks.slice(0, place + 1)) oracle.apply(block);
      pasts.push({ number, asOf: i === 2 ? { hash } : { number }, oracle });
      await fetchDocuments(api, oracle);
    }
    run = async (query, variables) => {
      const { data, errors } = await api.ask(query, variables);
      if (errors || !data) throw new Error(`${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1)?.fields)}`);
      return data as JsonObject;
    };
  });

  afterAll(() => api?.close());

  const chainId = { eq: CHAIN };

  it.each(LISTS)('lists %s, every field of each', async (entity) => {
    for (const { number, asOf, oracle } of pasts) {
      const answered = await everything(run, entity, { where: { chainId }, asOf });
      const expected = oracle.list(entity);
      expect([number, ids(answered)]).toEqual([number, ids(expected)]);
      for (const [i, node] of expected.entries()) expect([number, answered[i]]).toEqual([number, node]);
    }
  });

  it.each(UNLISTED)('answers node(id) of %s, every field of each', async (entity) => {
    for (const { number, asOf, oracle } of pasts) {
      const expected = oracle.list(entity);
      for (const node of entity === 'events' ? expected.slice(0, 20) : expected) {
        const answer = await run(nodeQuery(entity), { id: node['id'] as string, asOf });
        expect([number, answer['node'] && flatten(answer['node'])]).toEqual([number, node]);
      }
    }
  });

  it.each(Object.keys(ORDERS) as Entity[])('orders %s', async (entity) => {
    for (const { number, asOf, oracle } of pasts) {
      for (const field of ORDERS[entity] ?? []) {
        const orderBy = { field, direction: random.pick(['ASC', 'DESC'] as const), token: NATIVE };
        const answered = await everything(run, entity, { where: { chainId }, orderBy, asOf }, 20, 'id');
        expect([number, orderBy, ids(answered)]).toEqual([number, orderBy, ids(oracle.list(entity, { orderBy }))]);
      }
    }
  });

  it.each(FILTERS)('filters %s (%#)', async (entity, filterOf) => {
    for (const { number, asOf, oracle } of pasts) {
      const where = { chainId, ...filterOf(oracle) };
      const answered = await everything(run, entity, { where, asOf }, 20, 'id');
      expect([number, where, ids(answered)]).toEqual([number, where, ids(oracle.list(entity, { where }))]);
    }
  });

  it('has nothing that came later', async () => {
    const [first, last] = [pasts[0]?.oracle, pasts.at(-1)?.oracle] as [Oracle, Oracle];
    for (const entity of ['datanets', 'contributions', 'rewards', 'disputes', 'influences', 'events'] as const) {
      const known = new Set(ids(first.list(entity)));
      const later = ids(last.list(entity)).filter((id) => !known.has(id));
      expect(later.length).toBeGreaterThan(0);
      for (const id of later.slice(0, 5)) {
        expect(await run(nodeQuery(entity), { id, asOf: pasts[0]?.asOf as JsonObject })).toEqual({ node: null });
      }
    }
  });
});

function ids(nodes: JsonObject[]): string[] {
  return nodes.map(({ id }) => String(id));
}

/** What the document worker would have fetched. */
async function fetchDocuments(api: ApiHarness, oracle: Oracle): Promise<void> {
  for (const { name, description, metadataHash, metadataURI } of [...oracle.datanets(), ...oracle.models()]) {
    if (name === null && description === null) continue;
    const uri = String(metadataURI);
    await api.database.pool.query(
      `insert into document (hash, uri, state, name, description, uri_digest)
       values (decode(substr($1, 3), 'hex'), $2, 'fetched', $3, $4, decode(substr($5, 3), 'hex'))
       on conflict (hash, uri_digest) do update set state = 'fetched', name = excluded.name,
         description = excluded.description`,
      [metadataHash, uri, name, description, keccak256(toUtf8Bytes(uri))],
    );
  }
}
