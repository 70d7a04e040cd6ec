import { randomHistory } from '../oracle/history';
import { pretend } from '../oracle/pretend';
import { LISTED, listQuery, nodeQuery } from '../oracle/queries';
import { until } from '../run/until';
import { type ApiHarness, openApi } from './harness';
import { commitPlaced } from './placedChain';
import { follow, startCursor } from './stream';

/** More often than after which an operation is compiled (api/execution/compiledOperations.ts). */
const TIMES = 5;
/** More than after which the document of a stream is compiled (api/live/render.ts). */
const MESSAGES = 40;

describe('a query that is asked again and again', () => {
  let api: ApiHarness;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    api = await openApi();
    for (const chainId of [31337, 31338]) {
      await commitPlaced(
        api.database.pool,
        chainId,
        pretend(chainId, randomHistory(`again ${chainId}`, { logs: 400 })),
      );
    }
    for (const list of ['datanets', 'contributions', 'models', 'inferences', 'pools', 'rewards', 'accounts']) {
      const { data } = await api.ask(`{ page: ${list}(first: 1) { nodes { id } } }`);
      ids[list] = (data as { page: { nodes: { id: string }[] } }).page.nodes[0]?.id as string;
    }
  });

  afterAll(() => api?.close());

  const sameEachTime = async (query: string, variables: Record<string, unknown> = {}) => {
    const first = await api.ask(query, variables);
    for (let i = 1; i < TIMES; i++) {
      const again = await api.ask(query, variables);
      expect({ query, data: again.data, errors: again.errors }).toEqual({
        query,
        data: first.data,
        errors: first.errors,
      });
    }
    return first;
  };

  it.each(LISTED)('has every field as before: %s', async (entity) => {
    const asked = { first: 7, where: { chainId: { eq: 31337 } }, asOf: { number: 20 } };
    const hasPast = entity !== 'events';
    const { asOf, ...newest } = asked;
    await sameEachTime(listQuery(entity), newest);
    if (hasPast) await sameEachTime(listQuery(entity, undefined, true), { ...newest, asOf });
    const id = ids[entity];
    if (id) await sameEachTime(nodeQuery(entity), { id, asOf: null });
  });

  it('keeps the block of each root field to it, by whatever name', async () => {
    const field = 'rewards(where: { chainId: { eq: 31337 } }, asOf:';
    await sameEachTime(
      `query ($at: Int!) {
      a: ${field} { number: 5 }) { totalCount nodes { id beneficiary { rewardTotals { accrued { amount } } } } }
      b: ${field} { number: $at }) { totalCount nodes { id beneficiary { rewardTotals { accrued { amount } } } } }
      rewards(where: { chainId: { eq: 31337 } }) { totalCount nodes { id beneficiary { rewardTotals { accrued { amount } } } } }
    }`,
      { at: 25 },
    );
  });

  it('keeps the books of an account whole, whatever else is asked of its rewards', async () => {
    const { data } = await api.ask('{ accounts(first: 30) { nodes { id rewardTotals { claimed { amount } } } } }');
    const { nodes } = (data as { accounts: { nodes: { id: string; rewardTotals: { claimed: unknown[] } }[] } })
      .accounts;
    const claimers = nodes.filter(({ rewardTotals }) => rewardTotals.claimed.length > 0);
    expect(claimers).not.toEqual([]);
    const books = 'books: reconcile(scope: ACCOUNT, id: $id) { balanced lines { account debit credit } }';
    for (const [i, { id }] of claimers.entries()) {
      const totals = i % 2 === 0 ? '' : 'node(id: $id) { ... on Account { rewardTotals { accrued { amount } } } }';
      // A text of its own for each: its first answer is not of a compiled operation.
      await sameEachTime(`query Books${i} ($id: ID!) { ${books} ${totals} }`, { id });
    }
  });

  it('has the default of what a variable leaves out', async () => {
    const ordered = (direction: string) =>
      `rewards(first: 3, orderBy: { field: POSITION${direction} }) { nodes { id } }`;
    const { data } = await sameEachTime(
      `query ($direction: SortDirection, $list: Int = 2, $item: Int = 3) {
        ${ordered(', direction: $direction')} newest: ${ordered('')}
        listed: rewards(where: { block: { in: [$list, $item] } }) { totalCount }
      }`,
    );
    expect(data?.['rewards']).toEqual(data?.['newest']);
  });

  it('has what is asked for twice if either asks for it, with all that both ask for', async () => {
    const query = `query ($more: Boolean!) {
      pools(first: 2) { nodes { id token { id } } }
      pools(first: 2) @include(if: $more) { nodes { funded token { symbol } } totalCount }
      datanets(first: 2) { ...Counted @skip(if: $more) ...Counted nodes { id @skip(if: $more) ...Named } }
    }
    fragment Counted on DatanetConnection { totalCount }
    fragment Named on Datanet { id name }`;
    for (const more of [false, true]) {
      const { data } = await sameEachTime(query, { more });
      const { pools, datanets } = data as { pools: { nodes: object[] }; datanets: object };
      expect(Object.keys(pools.nodes[0] ?? {})).toEqual(more ? ['id', 'token', 'funded'] : ['id', 'token']);
      expect(datanets).toMatchObject({
        totalCount: expect.any(Number),
        nodes: [{ id: ids['datanets'] }, {}],
      });
    }
  });

  it('has it in every message of a stream too', async () => {
    const ordered = (direction: string) =>
      `rewards(first: 1, orderBy: { field: POSITION${direction} }) { nodes { id } }`;
    const { messages, stop } = follow(
      api.socket(),
      `subscription ($after: ChangeCursor, $direction: SortDirection) {
        rewards(after: $after) {
          cursor op reward { beneficiary { ${ordered(', direction: $direction')} newest: ${ordered('')} } }
        }
      }`,
      { after: startCursor },
    );
    await until(() => messages.length > MESSAGES);
    stop();
    for (const { reward } of messages) {
      const { rewards, newest } = (reward as { beneficiary?: Record<string, unknown> } | null)?.beneficiary ?? {};
      expect(rewards).toEqual(newest);
    }
  });

  it('is refused as before', async () => {
    await sameEachTime('{ rewards(first: 101) { totalCount } datanets(first: 1) { totalCount } }');
    await sameEachTime('{ contribution(id: "nonsense") { id } node(id: "datanet:31337:99999999") { id } }');
    await sameEachTime('query ($n: Int!) { datanets(first: $n) { totalCount } }', { n: 'many' });
    await sameEachTime('query ($n: Int!) { datanets(first: $n) { totalCount } }', {});
    await sameEachTime('query ($c: Cursor) { datanets(after: $c) { totalCount } }', { c: 'garbage' });
    await sameEachTime('query ($a: Address!) { account(address: $a) { id } }', { a: '0x12' });
    await sameEachTime('query ($where: RewardFilter) { rewards(where: $where) { totalCount } }', { where: [] });
    await sameEachTime('query ($where: RewardFilter) { page: rewards(where: $where) { totalCount } }', {
      where: { datanet: { in: [] }, chainId: [] },
    });
    await sameEachTime(
      '{ leaderboard(metric: USERS_BY_FEES) { entries { rank } } search(text: "1", first: -1) { __typename } }',
    );
    await sameEachTime('{ nodes(ids: ["reward:31337:1-1", "x"]) { id } }');
  });

  it('is refused by the name of no operation, though it has none', async () => {
    const ask = async (operationName: string | null) => {
      const response = await fetch(`${api.api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ pools(first: 0) { totalCount } }', operationName }),
      });
      return [response.status, await response.json()];
    };
    const first = await ask('');
    for (let i = 0; i < TIMES; i++) expect((await ask(null))[0]).toBe(200);
    expect(await ask('')).toEqual(first);
  });

  it('has what directives, fragments and names of its own leave', async () => {
    const query = `query ($yes: Boolean!, $no: Boolean = false, $ids: [ID!]!) {
      nodes(ids: $ids) { __typename id ...Named ... on Account @include(if: $yes) { address roles } }
      graph: attributionGraph(root: "${ids['contributions']}", depth: 2) {
        nodes { id label entity { __typename ... on Inference { model @skip(if: $no) { name } } } } edges { id kind }
        truncated omittedEdges
      }
      flywheel(chainId: 31337) { stages { stage gain } weakestStage timeToFirstPayout { median } }
      leaderboard(metric: DATANETS_BY_INFLUENCE) { entries { rank subject { __typename id } } }
      why: explainReward(id: "${ids['rewards']}") { summary steps { kind text } }
      books: reconcile(scope: CHAIN, id: "chain:31337") { balanced unexplained(first: 2) { nodes { eventId } } }
      search(text: "1") { __typename ... on Block { number } ... on Node { id } ...Named }
    }
    fragment Named on Datanet { title: name earned { amount } }`;
    const variables = { yes: true, ids: Object.values(ids) };
    const { data, errors } = await sameEachTime(query, variables);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ nodes: Object.values(ids).map((id) => ({ id })) });
    await sameEachTime(query, { ...variables, yes: false, no: true });
  });
});
