import { Client } from 'pg';
import { startApi } from '../../api/server';
import { openPool } from '../../db/pool';
import { randomHistory } from '../oracle/history';
import type { JsonObject } from '../oracle/model/json';
import { blank, pretend } from '../oracle/pretend';
import { address, word } from './fakeChain';
import { type ApiHarness, openApi } from './harness';
import { commitPlaced } from './placedChain';

const CHAIN = 31337;
const ANN = address(0xa1);
const POOL = word(0x90);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('entities', () => {
  let api: ApiHarness;

  const commit = async (...logs: ReturnType<typeof blank>[]) => {
    const blocks = pretend(
      CHAIN,
      logs.map((log, i) => ({ number: i + 1, timestamp: 1_700_000_000 + i, txs: [[log]] })),
    );
    await commitPlaced(api.database.pool, CHAIN, blocks);
  };
  const ask = async (query: string, variables: JsonObject = {}): Promise<JsonObject> => {
    const { data, errors } = await api.ask(query, variables);
    if (errors || !data) throw new Error(`${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1)?.fields)}`);
    return data as JsonObject;
  };
  const code = async (query: string): Promise<string | undefined> =>
    (await api.ask(query)).errors?.[0]?.extensions['code'];

  beforeEach(async () => {
    api = await openApi();
  });
  afterEach(() => api?.close());

  it('shows the zero address where a field needs an account, and nowhere else', async () => {
    await commit(
      blank('DatanetCreated', { datanetId: 1n, owner: ANN }),
      blank('DatanetOwnershipTransferred', { datanetId: 1n, from: ANN, to: address(0) }),
    );
    const data = await ask(`{
      datanet(id: "datanet:${CHAIN}:1") { owner { id address roles contributionCount firstSeen { eventId } } }
      account(address: "${address(0)}") { id }
      node(id: "account:${address(0)}") { id }
      accounts { nodes { id } }
    }`);
    expect(data).toEqual({
      datanet: {
        owner: {
          id: `account:${address(0)}`,
          address: address(0),
          roles: ['OWNER'],
          contributionCount: 0,
          firstSeen: { eventId: `event:${CHAIN}:1-0` },
        },
      },
      account: null,
      node: null,
      accounts: { nodes: [{ id: `account:${ANN}` }] },
    });
  });

  it('takes zero for none in ref, contributionId and parentModelId, though things with these ids exist', async () => {
    await commit(
      blank('ContributionSubmitted', { contributionId: 0n, datanetId: 1n }),
      blank('ModelRegistered', { modelId: 0n }),
      blank('ModelRegistered', { modelId: 1n, parentModelId: 0n }),
      blank('InferenceSettled', { inferenceId: word(0), modelId: 1n }),
      blank('RewardAccrued', { poolId: POOL, beneficiary: ANN, amount: 5n }),
    );
    const data = await ask(`{
      rewards { nodes { contribution { id } inference { id } pool { id } amount { token { id } } } }
      contribution(id: "contribution:${CHAIN}:0") { stage earned { amount } firstRewardAt { eventId } }
      inference(id: "inference:${CHAIN}:${word(0)}") { rewards { totalCount } }
      of: rewards(where: { contribution: { eq: "contribution:${CHAIN}:0" } }) { totalCount }
      from: rewards(where: { inference: { eq: "inference:${CHAIN}:${word(0)}" } }) { totalCount }
      model(id: "model:${CHAIN}:0") { children { totalCount } }
    }`);
    expect(data).toEqual({
      rewards: {
        nodes: [
          { contribution: null, inference: null, pool: null, amount: { token: { id: `token:${CHAIN}:unknown` } } },
        ],
      },
      contribution: { stage: 'UNSCORED', earned: [], firstRewardAt: null },
      inference: { rewards: { totalCount: 0 } },
      of: { totalCount: 0 },
      from: { totalCount: 0 },
      model: { children: { totalCount: 0 } },
    });
  });

  it('names what is wrong with arguments', async () => {
    await commit(blank('DatanetCreated', { datanetId: 1n, owner: ANN }), blank('DatanetCreated', { datanetId: 2n }));
    const { datanets } = (await ask('{ datanets(first: 1) { pageInfo { endCursor } } }')) as {
      datanets: { pageInfo: { endCursor: string } };
    };
    const { endCursor } = datanets.pageInfo;
    for (const wrong of [
      'datanets(first: 101) { totalCount }',
      'datanets(first: -1) { totalCount }',
      'datanets(first: 1, last: 1) { totalCount }',
      'datanets(orderBy: { field: EARNED }) { totalCount }',
      'datanets(orderBy: { field: EARNED, token: "datanet:1:1" }) { totalCount }',
      'datanets(after: "garbage") { totalCount }',
      `datanets(after: "${endCursor}", orderBy: { field: CONTRIBUTIONS }) { totalCount }`,
      `datanets(after: "${endCursor}", orderBy: { field: CREATED, direction: ASC }) { totalCount }`,
      `models(after: "${endCursor}") { totalCount }`,
      'datanets(where: { name: { contains: "\\u0000" } }) { totalCount }',
      'rewards(where: { datanet: { eq: "nonsense" } }) { totalCount }',
      'datanet(id: "datanet:1") { id }',
    ]) {
      expect([wrong, await code(`{ ${wrong} }`)]).toEqual([wrong, 'BAD_USER_INPUT']);
    }
    expect(
      await ask(`{
        other: datanet(id: "model:${CHAIN}:1") { id }
        nowhere: datanet(id: "datanet:9:1") { id }
        rewards(where: { datanet: { eq: "model:${CHAIN}:1" } }) { totalCount }
        datanets(first: 0) { nodes { id } pageInfo { hasNextPage startCursor } }
        next: datanets(after: "${endCursor}") { nodes { id } pageInfo { hasPreviousPage } }
      }`),
    ).toEqual({
      other: null,
      nowhere: null,
      rewards: { totalCount: 0 },
      datanets: { nodes: [], pageInfo: { hasNextPage: true, startCursor: null } },
      next: { nodes: [{ id: `datanet:${CHAIN}:1` }], pageInfo: { hasPreviousPage: true } },
    });
    for (const at of [0, 9, 20, 35, 50, endCursor.length - 1]) {
      const tampered = endCursor.slice(0, at) + (endCursor[at] === 'A' ? 'B' : 'A') + endCursor.slice(at + 1);
      expect([at, await code(`{ datanets(after: "${tampered}") { totalCount } }`)]).toEqual([at, 'BAD_USER_INPUT']);
    }
    expect(await code(`{ datanets(after: "${endCursor}A") { totalCount } }`)).toBe('BAD_USER_INPUT');
    await api.database.pool.query("update block set hash = '\\x00' where number = 2");
    expect(await code(`{ datanets(after: "${endCursor}") { totalCount } }`)).toBe('CURSOR_STALE');
  });

  it('names the filter of a list that takes too long', async () => {
    await commitPlaced(api.database.pool, CHAIN, pretend(CHAIN, randomHistory('slow', { logs: 200 })));
    // A lock stands in for a table that is too large to read through.
    const blocker = await api.database.pool.connect();
    await blocker.query('begin; lock table reward in access exclusive mode');
    const impatient = openPool(api.database.url, { statementTimeoutMs: 200 });
    const slow = await startApi({
      pool: impatient,
      databaseUrl: api.database.url,
      host: '127.0.0.1',
      port: 0,
      log: quiet,
    });
    try {
      const response = await fetch(`${slow.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: '{ chains: pools { totalCount } rewards(where: { role: STAKER }) { totalCount } }',
        }),
      });
      const { data, errors } = (await response.json()) as {
        data: JsonObject;
        errors: { message: string; extensions: JsonObject }[];
      };
      expect(errors.map(({ extensions, message }) => [extensions['code'], message])).toEqual([
        ['QUERY_TIMEOUT', expect.stringContaining('where.role')],
      ]);
      expect(data).toEqual({ chains: { totalCount: expect.any(Number) }, rewards: null });
    } finally {
      await blocker.query('rollback');
      blocker.release();
      await slow.close();
      await impatient.end();
    }
  });

  it('loads a page of parents and their children in a number of statements that no page size changes', async () => {
    await commitPlaced(api.database.pool, CHAIN, pretend(CHAIN, randomHistory('statements', { logs: 800 })));
    const sent = jest.spyOn(Client.prototype, 'query');
    const statements = async (first: number) => {
      sent.mockClear();
      const { datanets } = await ask(`{ datanets(first: ${first}) { nodes {
        name owner { id roles lastSeen { eventId } } earned { token { symbol } amount } createdAt { block { hash } }
        contributions(first: 3, orderBy: { field: SCORE }) { totalCount edges { cursor node {
          contributor { id } stage trainedAt { eventId } influences(first: 2) { nodes { inference { fee { amount } } } }
        } } }
        models(first: 2) { nodes { price { per1kIn } datanets { nodes { id } } } pageInfo { hasNextPage endCursor } }
      } } }`);
      expect((datanets as { nodes: JsonObject[] }).nodes.length).toBe(first);
      // The reader of the log of changes has a rhythm of its own.
      return sent.mock.calls.filter(([text]) => !/change/i.test(String(text))).length;
    };
    const few = await statements(1);
    expect(few).toBeLessThan(30);
    expect(await statements(5)).toBeLessThanOrEqual(few + 4);
    sent.mockRestore();
  });
});
