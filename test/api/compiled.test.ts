import { randomHistory } from '../oracle/history';
import { pretend } from '../oracle/pretend';
import { type ApiHarness, openApi } from './harness';
import { commitPlaced } from './placedChain';
import { noteStatements, tablesReadWhole } from './plans';

const TIMES = 6;
const [FIRST, SECOND] = [31337, 31338];

describe('an operation that is asked again and again', () => {
  let api: ApiHarness;

  const commit = (chainId: number) =>
    commitPlaced(
      api.database.pool,
      chainId,
      pretend(chainId, randomHistory(`compiled-${chainId}`, { logs: chainId === FIRST ? 1_000 : 300 })),
    );

  beforeAll(async () => {
    api = await openApi();
    await commit(FIRST);
  });

  afterAll(() => api?.close());

  /** Everything that a client gets, but for the time and the order of headers. */
  const answer = async (query: string, variables: object, accept = 'application/json') => {
    const response = await fetch(`${api.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query, variables }),
    });
    const headers = [...response.headers].filter(([name]) => name !== 'date').sort();
    return { status: response.status, headers, body: await response.text() };
  };

  it.each([
    [
      'a page with everything of its nodes',
      'query ($n: Int) { rewards(first: $n) { totalCount pageInfo { endCursor hasNextPage changeCursor } edges { cursor node { id role amount { amount token { symbol } } backing { source amount } beneficiary { address firstSeen { eventId } } contribution { id datanet { id name } } inference { id model { id builder { id } } fee { amount } } accruedAt { timestamp transactionHash block { number finality } } } } } }',
      { n: 9 },
    ],
    [
      'an interface with fragments, aliases and directives',
      'query ($n: Int, $yes: Boolean!) { one: pools(first: $n) { nodes { ... on Pool { id } ...P @include(if: $yes) __typename } } two: nodes(ids: ["datanet:31337:1", "reward:31337:1:1"]) { __typename id ... on Datanet { owner { id } } } } fragment P on Pool { kind skipped: id @skip(if: $yes) }',
      { n: 3, yes: true },
    ],
    [
      'figures of a window',
      'query ($n: Int) { flywheel { contributions stages { stage value } fees { amount token { id } } } leaderboard(metric: USERS_BY_FEES, first: $n, token: "token:31337:native") { entries { rank subject { id } token { id } } } }',
      { n: 3 },
    ],
    [
      'the past',
      'query ($n: Int) { datanets(first: $n, asOf: { number: 2 }) { nodes { id contributionCount } } }',
      { n: 5 },
    ],
    [
      "a time that is a variable's default",
      'query ($to: DateTime = "2025-06-17T00:00:00Z") { rewardHistory(to: $to, bucket: WEEK) { __typename } }',
      {},
    ],
    ['a field that refuses', 'query ($n: Int) { rewards(first: $n) { nodes { id } } }', { n: -1 }],
    [
      'one of two fields that refuses',
      'query ($n: Int) { rewards(first: $n) { nodes { id } } pools { nodes { id } } }',
      { n: -1 },
    ],
    ['a variable of another type', 'query ($n: Int) { rewards(first: $n) { nodes { id } } }', { n: 'many' }],
    ['a required variable that is missing', 'query ($id: ID!) { reward(id: $id) { id } }', {}],
    [
      'too much',
      'query ($n: Int) { accounts(first: $n) { nodes { rewards(first: $n) { nodes { inference { rewards(first: $n) { nodes { id } } } } } } } }',
      { n: 100 },
    ],
  ])('is answered the same each time: %s', async (_, query, variables) => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const first = await answer(query, variables, accept);
      for (let i = 0; i < TIMES; i++) expect(await answer(query, variables, accept)).toEqual(first);
    }
  });

  it('counts what it costs by its variables each time', async () => {
    const query =
      'query ($n: Int) { rewards(first: $n) { nodes { inference { rewards(first: $n) { nodes { id } } } } } }';
    for (let i = 0; i < TIMES; i++) {
      expect((await answer(query, { n: 3 })).status).toBe(200);
      expect((await answer(query, { n: 100 })).body).toContain('QUERY_TOO_COMPLEX');
    }
  });

  it('asks six statements at most, however long the page is', async () => {
    const query = `query ($n: Int) { rewards(first: $n) { nodes {
      id contribution { id datanet { id dataType } } inference { id tokensIn model { id builder { address } } } } } }`;
    for (const n of [2, 50]) {
      const noted = noteStatements();
      try {
        for (let i = 0; i < TIMES; i++) {
          const before = noted.count();
          expect((await answer(query, { n })).status).toBe(200);
          expect(noted.count() - before).toBeLessThanOrEqual(6);
        }
      } finally {
        noted.stop();
      }
    }
  });

  const leading = `query ($n: Int) { rewards(first: $n) { nodes { id
    contribution { __typename id contentHash uri datanet { id dataType status metadataURI } }
    inference { id tokensIn model { id metadataURI } } } } }`;

  it('reads what the nodes of a page lead to in the statement of the page', async () => {
    const first = await answer(leading, { n: 100 });
    for (const reached of ['"contribution":null', '"inference":null', '"datanet":{', '"model":{']) {
      expect(first.body).toContain(reached);
    }
    for (let i = 0; i < TIMES; i++) expect(await answer(leading, { n: 100 })).toEqual(first);
    const noted = noteStatements();
    try {
      expect(await answer(leading, { n: 100 })).toEqual(first);
      expect(noted.count()).toBe(1);
      const [statement] = noted.statements.values();
      expect(await tablesReadWhole(api.database.url, statement!)).toEqual([]);
    } finally {
      noted.stop();
    }
  });

  /** Those to whom something accrued lately, without doubles. */
  const beneficiaries = async () => {
    const { body } = await answer('{ rewards(first: 20) { nodes { beneficiary { address } } } }', {});
    const { nodes } = (JSON.parse(body) as { data: { rewards: { nodes: { beneficiary: { address: string } }[] } } })
      .data.rewards;
    return [...new Set(nodes.map(({ beneficiary }) => beneficiary.address))];
  };

  const readsAccountsAtOnce = async () => {
    const query = `query ($a: Address!) { account(address: $a) { roles contributionCount creditsPurchased
      rewardTotals { accrued { amount } claimed { amount } reversed { amount } claimable { amount } } } }`;
    for (const a of [...(await beneficiaries()), `0x${'99'.repeat(20)}`]) {
      // An operation by another name is another one, which nobody has compiled yet.
      const first = await answer(query.replace('query', `query Of${a}`), { a });
      for (let i = 0; i < TIMES; i++) expect(await answer(query, { a })).toEqual(first);
      const noted = noteStatements();
      try {
        expect(await answer(query, { a })).toEqual(first);
        expect([...noted.statements.keys()].filter((text) => text.includes('account_'))).toHaveLength(1);
      } finally {
        noted.stop();
      }
    }
  };

  it('reads what is told of an account in the statement that finds it', readsAccountsAtOnce);

  it("reads of an account's history what it shows", async () => {
    const query = (points: string) => `query ($a: Address!, $by: RewardHistoryDimension) {
      rewardHistory(scope: { account: $a }, by: $by, bucket: WEEK) { points { ${points} } total { amount } } }`;
    const few = query('start source accrued rewardCount');
    for (const a of await beneficiaries()) {
      for (const by of [null, 'SOURCE', 'ROLE']) {
        const first = await answer(few.replace('query', `query Of${a}${by}`), { a, by });
        expect(first.body).toContain('"accrued"');
        for (let i = 0; i < TIMES; i++) expect(await answer(few, { a, by })).toEqual(first);
        const { body } = await answer(query('beneficiaryCount rewardCount'), { a, by });
        expect(body).not.toMatch(/"beneficiaryCount":([2-9]|0,"rewardCount":[1-9])/);
      }
    }
  });

  it('reads all columns of what it is asked for more of', async () => {
    const more = leading.replace(
      ' uri ',
      ' uri stage decisionReason datanetVersion contributor { id } submittedAt { logIndex } ',
    );
    const first = await answer(more, { n: 20 });
    for (let i = 0; i < TIMES; i++) expect(await answer(more, { n: 20 })).toEqual(first);
  });

  it('asks for a page in one statement, and for more where other variables need more', async () => {
    const query = `query ($n: Int, $after: Cursor) {
      rewards(first: $n, after: $after) { nodes { id } pageInfo { endCursor } } }`;
    const page = async (variables: object) => {
      const { body } = await answer(query, variables);
      return (JSON.parse(body) as { data: { rewards: { nodes: { id: string }[]; pageInfo: { endCursor: string } } } })
        .data.rewards;
    };
    const both = (await page({ n: 4 })).nodes;
    for (let i = 0; i < TIMES; i++) expect((await page({ n: 2 })).nodes).toEqual(both.slice(0, 2));
    const noted = noteStatements();
    try {
      const { nodes, pageInfo } = await page({ n: 2 });
      expect([nodes, noted.count()]).toEqual([both.slice(0, 2), 1]);
      for (let i = 0; i < TIMES; i++) {
        expect((await page({ n: 2, after: pageInfo.endCursor })).nodes).toEqual(both.slice(2));
      }
    } finally {
      noted.stop();
    }
  });

  it('knows a chain that came since at once', async () => {
    const query = '{ accounts { totalCount } datanets { nodes { chainId } } }';
    for (let i = 0; i < TIMES; i++) expect((await answer(query, {})).body).not.toContain(String(SECOND));
    await commit(SECOND);
    expect((await answer(query, {})).body).toContain(String(SECOND));
  });

  it('reads what several chains tell of an account', readsAccountsAtOnce);

  it('reads what nodes of several chains lead to', async () => {
    const query = `${leading} # another text, so that it is asked for the first time`;
    const first = await answer(query, { n: 100 });
    expect(first.body).toContain(`"inference:${FIRST}`);
    expect(first.body).toContain(`"inference:${SECOND}`);
    for (let i = 0; i < TIMES; i++) expect(await answer(query, { n: 100 })).toEqual(first);
  });
});
