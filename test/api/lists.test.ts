import { randomHistory } from '../oracle/history';
import { type Entity, Oracle } from '../oracle/model';
import type { JsonObject } from '../oracle/model/json';
import { pretend } from '../oracle/pretend';
import { everything, flatten, LISTED, listQuery, ORACLE_BOUNDS, type Run } from '../oracle/queries';
import { storeDocuments } from './fetchedDocuments';
import { type ApiHarness, openApi } from './harness';
import { addFacts, LARGE_TABLES } from './manyRows';
import { commitPlaced } from './placedChain';
import { type Noted, noteStatements, rowsRead, tablesReadWhole } from './plans';

/** Two chains that begin at one time and whose blocks often share a timestamp: order across them is put to the test. */
const CHAINS = [31337, 31338];

describe('lists over two chains whose clocks collide', () => {
  const oracle = new Oracle();
  let api: ApiHarness;
  let run: Run;
  let noted: Noted;

  beforeAll(async () => {
    noted = noteStatements();
    api = await openApi({ bounds: ORACLE_BOUNDS });
    for (const chainId of CHAINS) {
      const blocks = pretend(chainId, randomHistory(`lists-${chainId}`, { logs: 500, timestamps: 'weak' }));
      for (const block of blocks) oracle.apply(block);
      await commitPlaced(api.database.pool, chainId, blocks);
    }
    await storeDocuments(api.database.pool, oracle);
    run = async (query, variables) => {
      const { data, errors } = await api.ask(query, variables);
      if (errors || !data) throw new Error(`${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1)?.fields)}`);
      return data as JsonObject;
    };
  });

  afterAll(async () => {
    noted.stop();
    await api?.close();
  });

  const ids = (nodes: JsonObject[]) => nodes.map(({ id }) => id);

  it.each(LISTED)('walks %s in small pages', async (entity) => {
    const answered = await everything(run, entity, {}, 9);
    const expected = oracle.list(entity);
    expect(ids(answered)).toEqual(ids(expected));
    for (const [i, node] of expected.entries()) expect(answered[i]).toEqual(node);
  });

  it.each(LISTED)('walks %s from its end', async (entity) => {
    const found: unknown[] = [];
    for (let before: unknown = null, more = true; more; ) {
      const { page } = (await run(
        `query ($before: Cursor) { page: ${entity}(last: 9, before: $before) {
          nodes { id } pageInfo { hasPreviousPage hasNextPage startCursor } } }`,
        { before } as JsonObject,
      )) as { page: { nodes: JsonObject[]; pageInfo: { [key: string]: unknown } } };
      expect(page.pageInfo['hasNextPage']).toBe(found.length > 0);
      found.unshift(...ids(page.nodes));
      before = page.pageInfo['startCursor'];
      more = page.pageInfo['hasPreviousPage'] === true;
    }
    expect(found).toEqual(ids(oracle.list(entity)));
  });

  const sameAsOracle = async (entity: Entity, query: { where?: JsonObject; orderBy?: JsonObject }) => {
    const expected = oracle.list(entity, query as Parameters<Oracle['list']>[1]);
    const nodes: JsonObject[] = [];
    for (let after: unknown = null, more = true; more; ) {
      const { page } = (await run(listQuery(entity, 'id'), { first: 7, after, ...query } as JsonObject)) as unknown as {
        page: { totalCount: number; nodes: JsonObject[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      };
      expect(page.totalCount).toBe(expected.length);
      nodes.push(...page.nodes);
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(ids(nodes)).toEqual(ids(expected));
    return expected.length;
  };

  const orders: Partial<Record<Entity, string[]>> = {
    datanets: ['CREATED', 'CONTRIBUTIONS', 'INFERENCES', 'EARNED', 'ACCEPTANCE_RATE'],
    contributions: ['SUBMITTED', 'SCORE', 'INFLUENCES', 'EARNED'],
    models: ['CREATED', 'INFERENCES', 'FEES', 'USERS'],
    inferences: ['SETTLED', 'FEE'],
    rewards: ['POSITION', 'AMOUNT'],
    accounts: ['FIRST_SEEN', 'CONTRIBUTIONS', 'REWARDS', 'FEES_PAID', 'INFERENCES'],
  };
  const money = ['EARNED', 'FEES', 'FEE', 'AMOUNT', 'REWARDS', 'FEES_PAID'];

  for (const [entity, fields] of Object.entries(orders) as [Entity, string[]][]) {
    it.each(fields)(`orders ${entity} by %s`, async (field) => {
      const tokens = money.includes(field)
        ? ['token:31337:native', 'token:31338:native', 'token:31337:unknown']
        : [null];
      for (const direction of ['ASC', 'DESC']) {
        for (const token of tokens) {
          const orderBy: JsonObject = token ? { field, direction, token } : { field, direction };
          await sameAsOracle(entity, { orderBy });
          if (entity !== 'accounts') await sameAsOracle(entity, { orderBy, where: { chainId: { eq: 31338 } } });
        }
      }
    });
  }

  /** Values that occur, by what an entity answers for them. */
  const some = (entity: Entity, field: (node: JsonObject) => unknown, n = 3): string[] =>
    [...new Set(oracle.list(entity).map(field))]
      .filter((value) => value != null)
      .map(String)
      .slice(0, n);
  const idIn = (field: string) => (node: JsonObject) => (node[field] as JsonObject | null)?.['id'];
  const addressIn = (field: string) => (node: JsonObject) => String(idIn(field)(node)).slice('account:'.length);
  const timeOf = (field: string) => (node: JsonObject) => (node[field] as JsonObject)['timestamp'];
  const keyed = (field: string, values: string[]): JsonObject[] => [
    ...values.map((eq) => ({ [field]: { eq } })),
    { [field]: { in: values } },
    { [field]: { in: [] } },
  ];
  const timed = (entity: Entity, field: string): JsonObject[] => {
    const times = some(entity, timeOf(field), 40);
    const [gte, lt] = [times.at(-1) as string, times[5] as string];
    return [{ [field]: { gte } }, { [field]: { lt } }, { [field]: { gte, lt } }];
  };
  const blocks: JsonObject[] = [
    { block: { eq: 7 } },
    { block: { in: [3, 8, 12] } },
    { block: { gt: 5, lte: 20 } },
    { block: { gte: 30, lt: 31 } },
  ];
  const enums = (field: string, names: string[]): JsonObject[] => names.map((name) => ({ [field]: name }));

  const filters: Partial<Record<Entity, () => JsonObject[]>> = {
    datanets: () => [
      ...keyed('owner', some('datanets', addressIn('owner'))),
      ...enums('dataType', ['TEXT', 'VIDEO', 'UNKNOWN']),
      ...enums('status', ['ACTIVE', 'CLOSED', 'UNKNOWN']),
      ...timed('datanets', 'createdAt'),
      ...some('datanets', ({ name }) => name).flatMap((name): JsonObject[] => [
        { name: { eq: name } },
        { name: { contains: name.slice(1, 4).toUpperCase() } },
        { name: { startsWith: name.slice(0, 2).toLowerCase() } },
      ]),
      { chainId: { in: CHAINS }, name: {} },
    ],
    contributions: () => [
      ...keyed('datanet', some('contributions', idIn('datanet'))),
      ...keyed('contributor', some('contributions', addressIn('contributor'))),
      ...enums('status', ['PENDING', 'ACCEPTED', 'REJECTED', 'SLASHED', 'UNKNOWN']),
      ...some('contributions', ({ contentHash }) => contentHash).map((contentHash): JsonObject => ({ contentHash })),
      ...some('contributions', idIn('datanet')).map((eq) => ({ datanet: { eq }, status: 'PENDING' })),
      ...timed('contributions', 'submittedAt'),
      ...blocks,
    ],
    models: () => [
      ...keyed('builder', some('models', addressIn('builder'))),
      ...keyed(
        'datanet',
        some('datanets', ({ id }) => id, 12),
      ),
      ...keyed(
        'parent',
        some('models', ({ id }) => id, 12),
      ),
    ],
    inferences: () => [
      ...keyed('model', some('inferences', idIn('model'))),
      ...keyed('user', some('inferences', addressIn('user'))),
      { attributed: true },
      { attributed: false },
      ...timed('inferences', 'settledAt'),
      ...blocks,
    ],
    rewards: () => [
      ...keyed('beneficiary', some('rewards', addressIn('beneficiary'))),
      ...keyed('pool', some('rewards', idIn('pool'))),
      ...keyed(
        'contribution',
        some('contributions', ({ id }) => id, 20),
      ),
      ...keyed(
        'inference',
        some('inferences', ({ id }) => id, 20),
      ),
      ...keyed(
        'datanet',
        some('datanets', ({ id }) => id, 12),
      ),
      ...keyed(
        'model',
        some('models', ({ id }) => id, 12),
      ),
      ...some('rewards', ({ amount }) => (amount as { token: JsonObject }).token['id'], 9).map(
        (token): JsonObject => ({ token }),
      ),
      ...enums('role', ['CONTRIBUTOR', 'STAKER', 'UNKNOWN']),
      ...enums('source', ['FEE', 'EMISSION', 'GRANT', 'SLASH', 'UNKNOWN']),
      ...some('rewards', ({ amount }) => (amount as JsonObject)['amount']).flatMap((amount): JsonObject[] => [
        { amount: { gt: amount } },
        { amount: { lte: amount } },
        { amount: { eq: amount } },
        { amount: { in: [amount, '5'] } },
      ]),
      ...timed('rewards', 'accruedAt'),
      ...blocks,
    ],
    claims: () => [
      ...keyed('beneficiary', some('claims', addressIn('beneficiary'))),
      ...keyed('pool', some('claims', idIn('pool'))),
      ...timed('claims', 'claimedAt'),
    ],
    reversals: () => [
      ...keyed('beneficiary', some('reversals', addressIn('beneficiary'))),
      ...keyed(
        'inference',
        some('inferences', ({ id }) => id, 20),
      ),
      ...timed('reversals', 'reversedAt'),
    ],
    pools: () => [
      ...enums('kind', ['DATANET', 'MODEL', 'PLATFORM', 'STAKING', 'UNKNOWN']),
      ...keyed('subject', [...some('datanets', ({ id }) => id, 9), ...some('models', ({ id }) => id, 9)]),
    ],
    accounts: () => [
      ...enums('role', ['OWNER', 'CURATOR', 'CONTRIBUTOR', 'BUILDER', 'USER', 'STAKER', 'VOTER', 'BENEFICIARY']),
      { chainId: { eq: 31338 }, role: 'USER' },
    ],
  };

  for (const [entity, wheres] of Object.entries(filters) as [Entity, () => JsonObject[]][]) {
    it(`filters ${entity} by every field`, async () => {
      let found = 0;
      for (const where of [{ chainId: { eq: 31338 } }, ...wheres()]) found += await sameAsOracle(entity, { where });
      expect(found).toBeGreaterThan(0);
    });
  }

  it('compares with times of more digits than milliseconds have', async () => {
    const [time] = some('rewards', timeOf('accruedAt'), 1) as [string];
    const justAfter = time.replace('.000Z', '.000000001Z');
    const idsWithin = async (accruedAt: JsonObject) =>
      ids(await everything(run, 'rewards', { where: { accruedAt } }, 50, 'id'));
    const then = oracle.list('rewards').filter(({ accruedAt }) => (accruedAt as JsonObject)['timestamp'] === time);
    expect(await idsWithin({ gte: time, lt: justAfter })).toEqual(ids(then));
    expect(await idsWithin({ gte: justAfter, lt: time.replace('.000Z', '.999999999Z') })).toEqual([]);
    // The last that many languages know.
    const { flywheel } = await run('{ flywheel(to: "9999-12-31T23:59:59.999999Z") { to } }', {});
    expect((flywheel as JsonObject)['to']).toMatch(/^9999-12-31T23:59:59/);
  });

  it('counts one chain alone for accounts of one chain', async () => {
    const where = { chainId: { eq: 31338 } };
    const answered = await everything(run, 'accounts', { where });
    expect(answered).toEqual(oracle.list('accounts', { where }));
    const [first] = answered;
    const { account } = await run(
      'query ($address: Address!) { account(address: $address, chainId: 31338) { contributionCount roles firstSeen { eventId } } }',
      { address: first?.['address'] as string },
    );
    expect(flatten(account as JsonObject)).toMatchObject({
      contributionCount: first?.['contributionCount'],
      roles: first?.['roles'],
    });
  });

  // Of what everything above asked; counting may read a table from its beginning to its end.
  it('finds the rows of every list by an index, of 200,000', async () => {
    await addFacts(api.database.pool, LARGE_TABLES, CHAINS[0]!, 200_000);
    const paged = [...noted.statements.values()].filter(({ text }) => !text.includes('count(*) as n from'));
    expect(paged.length).toBeGreaterThan(50);
    for (const statement of paged) {
      const tables = await tablesReadWhole(api.database.url, statement);
      if (tables.length > 0) throw new Error(`reads ${tables.join()} whole: ${statement.text}`);
    }
  });

  it('finds the few rewards of a token without reading the many of others, newer ones', async () => {
    // The rows that were added are of pools never created: now these are, with the token that most pools have.
    await api.database.pool.query(
      `begin;
       set local session_replication_role = replica;
       insert into pool (chain_id, pool_id, pos, kind, subject_id, token)
       select r.chain_id, r.pool_id, min(r.pos), 0, 1, decode(repeat('00', 20), 'hex')
       from reward r
       where not exists (select from pool l where l.chain_id = r.chain_id and l.pool_id = r.pool_id)
       group by r.chain_id, r.pool_id;
       commit;
       analyze pool`,
    );
    const ofAll = oracle.list('rewards').map(({ amount }) => String((amount as { token: JsonObject }).token['id']));
    const tokens = new Set(ofAll.filter((token) => !/:(native|unknown)$/.test(token)));
    expect(tokens.size).toBeGreaterThan(0);
    const asking = noteStatements();
    try {
      for (const token of [...tokens, `token:${CHAINS[0]}:0x${'9'.repeat(40)}`]) {
        await sameAsOracle('rewards', { where: { token } as JsonObject });
      }
    } finally {
      asking.stop();
    }
    expect(asking.statements.size).toBeGreaterThan(0);
    for (const statement of asking.statements.values()) {
      expect(await rowsRead(api.database.url, statement, 'reward')).toBeLessThan(10_000);
    }
  });
});
