import { id } from 'ethers';
import { ANN, ASKED, BOB, blocksOf, CAT, OTHER_POOL, POOL, receipt, type Told, ZERO, ZERO_HASH } from '../oracle/told';
import { type ApiHarness, openApi } from './harness';
import { commitPlaced } from './placedChain';

const DAN = `0x${'dd'.repeat(20)}`;
const OTHER = id('other');
const MANY = id('many');
const OPAQUE = id('epoch 7');
const NO_POOL = id('never created');
const THING = `0x${'5e'.repeat(32)}`;
const inputs = (...given: [datanetId: bigint, version: bigint, weightPpm: bigint][]) =>
  given.map(([datanetId, datanetVersion, weightPpm]) => ({ datanetId, datanetVersion, weightPpm }));

/** One log a block, so that block n is the nth of these. */
const story: Told[] = [
  ['DatanetCreated', { datanetId: 1n, owner: ANN, metadataHash: THING, metadataURI: 'ipfs://x' }], // 1
  ['ContributionSubmitted', { contributionId: 1n, datanetId: 1n, contributor: ANN }], // 2
  // 3: contributions 2 and 3
  [
    'ContributionBatchSubmitted',
    { firstContributionId: 2n, datanetId: 1n, contributor: BOB, contentHashes: [id('a'), id('b')] },
  ],
  ['ModelRegistered', { modelId: 1n, builder: CAT }], // 4
  ['ModelRegistered', { modelId: 2n, builder: CAT, parentModelId: 1n }], // 5
  ['TrainingRunRecorded', { runId: id('first'), modelId: 1n, inputs: inputs([1n, 1n, 900_000n]) }], // 6
  // 7: of the latest run the latest input counts
  ['TrainingRunRecorded', { runId: id('second'), modelId: 1n, inputs: inputs([1n, 2n, 600_000n], [1n, 1n, 400_000n]) }],
  ['AdapterRegistered', { adapterId: 1n, modelId: 2n, builder: CAT }], // 8
  // 9: adapter 9 was never registered, adapter 1 counts once
  [
    'InferenceSettled',
    { inferenceId: ASKED, modelId: 2n, user: CAT, receipt: receipt({ fee: 100n, adapterIds: [9n, 1n, 1n] }) },
  ],
  ['InfluenceRecorded', { inferenceId: ASKED, datanetId: 1n, contributionId: 1n, weightPpm: 700_000n }], // 10
  ['InfluenceRecorded', { inferenceId: ASKED, datanetId: 1n, contributionId: 2n, weightPpm: 300_000n }], // 11
  ['InfluenceRecorded', { inferenceId: ASKED, datanetId: 1n, contributionId: 3n, weightPpm: 0n }], // 12
  ['InfluenceRecorded', { inferenceId: ASKED, datanetId: 1n, contributionId: 99n, weightPpm: 5n }], // 13
  ['PoolCreated', { poolId: POOL, kind: 0n, subjectId: 1n }], // 14
  ['PoolCreated', { poolId: OTHER_POOL, kind: 1n, subjectId: 2n }], // 15
  // 16: of the inference
  ['RewardAccrued', { poolId: POOL, beneficiary: ANN, ref: ASKED, contributionId: 1n, amount: 70n }],
  ['RewardAccrued', { poolId: POOL, beneficiary: BOB, contributionId: 2n, amount: 5n }], // 17: of contribution 2
  ['RewardAccrued', { poolId: POOL, beneficiary: CAT, amount: 3n }], // 18: of datanet 1
  ['RewardAccrued', { poolId: OTHER_POOL, beneficiary: CAT, ref: OPAQUE, contributionId: 99n, amount: 9n }], // 19: of model 2
  ['RewardAccrued', { poolId: NO_POOL, beneficiary: CAT, amount: 1n }], // 20: of nothing that exists
  ['InfluenceRecorded', { inferenceId: id('never settled'), contributionId: 1n, weightPpm: 1_000_000n }], // 21
  ['ContributionSubmitted', { contributionId: 50n, datanetId: 7n, contributor: DAN }], // 22: in a datanet never created
];

/** Of another chain, block n at the same time as the first one's. */
const elsewhere: Told[] = [
  ['ModelRegistered', { modelId: 5n, parentModelId: 5n }], // 1: its own parent
  ['ModelRegistered', { modelId: 6n, parentModelId: 7n }], // 2
  ['ModelRegistered', { modelId: 7n, parentModelId: 6n }], // 3: and parent of its parent
  ['InferenceSettled', { inferenceId: ASKED, modelId: 5n, user: DAN, receipt: receipt({ fee: 1n }) }], // 4
  ['ContributionSubmitted', { contributionId: 1n, datanetId: 7n, contributor: DAN }], // 5
  ['InfluenceRecorded', { inferenceId: ASKED, contributionId: 1n, weightPpm: 500_000n }], // 6
  ['InfluenceRecorded', { inferenceId: ASKED, contributionId: 1n, weightPpm: 500_000n }], // 7: of the same pair
  ['InferenceSettled', { inferenceId: OTHER, modelId: 5n, user: ZERO }], // 8
  ['InfluenceRecorded', { inferenceId: OTHER, contributionId: 1n, weightPpm: 900_000n }], // 9: superseded
  ['AttributionRevised', { inferenceId: OTHER }], // 10
  ['InfluenceRecorded', { inferenceId: OTHER, contributionId: 1n, weightPpm: 500_000n }], // 11
  ['InferenceSettled', { inferenceId: ZERO_HASH, modelId: 6n, user: ZERO }], // 12: no ref names it
  ['RewardAccrued', { poolId: POOL, beneficiary: DAN, amount: 2n }], // 13
  ['InferenceSettled', { inferenceId: MANY, modelId: 6n, user: ZERO }], // 14: by one contribution, ever less
  ...[9n, 3n, 2n, 1n].map((weightPpm): Told => {
    return ['InfluenceRecorded', { inferenceId: MANY, contributionId: 2n, weightPpm }];
  }),
  ['ModelRegistered', { modelId: 8n, parentModelId: 9n }], // 19: older than its parent
  ['ModelRegistered', { modelId: 9n, parentModelId: 9n }], // 20
  ['DatanetOwnershipTransferred', { datanetId: 1n }], // 21
  ['ContributionSubmitted', { contributionId: 2n, datanetId: 7n, contributor: DAN }], // 22
];

interface Edge {
  id: string;
  kind: string;
  from: string;
  to: string;
  weightPpm: string | null;
  amount: { token: { id: string }; amount: string } | null;
  at: { eventId: string } | null;
}
interface Graph {
  root: { id: string };
  nodes: { id: string; kind: string; label: string; depth: number; entity: { id: string; __typename: string } }[];
  edges: Edge[];
  truncated: boolean;
  omittedEdges: number;
  omittedWeightPpm: string;
  asOf: { chainId: number; number: number };
}

const GRAPH = `query ($root: ID!, $direction: GraphDirection! = BOTH, $depth: Int! = 3, $minWeightPpm: Int! = 0, $limit: Int! = 200) {
  attributionGraph(root: $root, direction: $direction, depth: $depth, minWeightPpm: $minWeightPpm, limit: $limit) {
    root { id } nodes { id kind label depth entity { id __typename } }
    edges { id kind from to weightPpm amount { token { id } amount } at { eventId } }
    truncated omittedEdges omittedWeightPpm asOf { chainId number }
  }
}`;

const node = {
  ann: `account:${ANN}`,
  bob: `account:${BOB}`,
  cat: `account:${CAT}`,
  datanet: 'datanet:1:1',
  asked: `inference:1:${ASKED}`,
  model: 'model:1:1',
  child: 'model:1:2',
  adapter: 'adapter:1:1',
};
const c = (key: number) => `contribution:1:${key}`;
const reward = (block: number) => `reward:1:${block}-0`;
const edge = (kind: string, from: string, to: string, block: number) => `${kind}:${from}>${to}:${block}-0`;

/** Every edge of the story. */
const e = {
  annSubmitted: edge('CONTRIBUTED', node.ann, c(1), 2),
  bobSubmitted2: edge('CONTRIBUTED', node.bob, c(2), 3),
  bobSubmitted3: edge('CONTRIBUTED', node.bob, c(3), 3),
  in1: edge('IN_DATANET', c(1), node.datanet, 2),
  in2: edge('IN_DATANET', c(2), node.datanet, 3),
  in3: edge('IN_DATANET', c(3), node.datanet, 3),
  trained: edge('TRAINED_ON', node.datanet, node.model, 7),
  derived: edge('DERIVED_FROM', node.model, node.child, 5),
  adapts: edge('ADAPTS', node.child, node.adapter, 8),
  servedByModel: edge('SERVED', node.child, node.asked, 9),
  servedByAdapter: edge('SERVED', node.adapter, node.asked, 9),
  influence1: edge('INFLUENCED', c(1), node.asked, 10),
  influence2: edge('INFLUENCED', c(2), node.asked, 11),
  paid: edge('PAID_FOR', node.asked, node.cat, 9),
  ofInference: edge('REWARDED', node.asked, reward(16), 16),
  ofContribution: edge('REWARDED', c(2), reward(17), 17),
  ofDatanet: edge('REWARDED', node.datanet, reward(18), 18),
  ofModel: edge('REWARDED', node.child, reward(19), 19),
  toAnn: edge('RECEIVED', reward(16), node.ann, 16),
  toBob: edge('RECEIVED', reward(17), node.bob, 17),
  ofDatanetToCat: edge('RECEIVED', reward(18), node.cat, 18),
  ofModelToCat: edge('RECEIVED', reward(19), node.cat, 19),
  ofNothingToCat: edge('RECEIVED', reward(20), node.cat, 20),
};

describe('the attribution graph', () => {
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    await commitPlaced(api.database.pool, 1, blocksOf(story));
    await commitPlaced(api.database.pool, 2, blocksOf(elsewhere, 2, 'b'));
    await api.database.pool.query(
      `update document set state = 'fetched', name = 'Solidity audits' where hash = decode($1, 'hex')`,
      [THING.slice(2)],
    );
  });

  afterAll(() => api?.close());

  const ask = async <Answer>(query: string, variables: Record<string, unknown>): Promise<Answer> => {
    const { data, errors } = await api.ask(query, variables);
    if (errors) throw new Error(`${JSON.stringify(errors)} ${JSON.stringify(api.failures.at(-1)?.fields)}`);
    return data as Answer;
  };
  const graph = async (root: string, variables: Record<string, unknown> = {}) =>
    (await ask<{ attributionGraph: Graph }>(GRAPH, { root, ...variables })).attributionGraph;
  const edges = async (root: string, direction: string, variables: Record<string, unknown> = {}) =>
    (await graph(root, { direction, depth: 1, ...variables })).edges.map(({ id }) => id);

  // Of each node: by weight, none last; then the newest event; then kind.
  test.each<[string, string, string[], string[]]>([
    ['an account', node.ann, [e.toAnn], [e.annSubmitted]],
    ['an account that submitted a batch', node.bob, [e.toBob], [e.bobSubmitted3, e.bobSubmitted2]],
    ['an account that pays', node.cat, [e.ofNothingToCat, e.ofModelToCat, e.ofDatanetToCat, e.paid], []],
    ['a datanet', node.datanet, [e.in3, e.in2, e.in1], [e.trained, e.ofDatanet]],
    ['a contribution', c(1), [e.annSubmitted], [e.influence1, e.in1]],
    ['a contribution that is rewarded itself', c(2), [e.bobSubmitted2], [e.influence2, e.ofContribution, e.in2]],
    ['a contribution without influence', c(3), [e.bobSubmitted3], [e.in3]],
    ['a model', node.model, [e.trained], [e.derived]],
    ['a model with a parent', node.child, [e.derived], [e.ofModel, e.servedByModel, e.adapts]],
    ['an adapter', node.adapter, [e.adapts], [e.servedByAdapter]],
    [
      'an inference',
      node.asked,
      [e.influence1, e.influence2, e.servedByAdapter, e.servedByModel],
      [e.ofInference, e.paid],
    ],
    ['a reward of an inference', reward(16), [e.ofInference], [e.toAnn]],
    ['a reward of a contribution', reward(17), [e.ofContribution], [e.toBob]],
    ['a reward of a datanet', reward(18), [e.ofDatanet], [e.ofDatanetToCat]],
    ['a reward of a model', reward(19), [e.ofModel], [e.ofModelToCat]],
    ['a reward of nothing that exists', reward(20), [], [e.ofNothingToCat]],
  ])('has the edges of %s, both ways', async (_, root, up, down) => {
    expect(await edges(root, 'UPSTREAM')).toEqual(up);
    expect(await edges(root, 'DOWNSTREAM')).toEqual(down);
    expect((await edges(root, 'BOTH')).sort()).toEqual([...up, ...down].sort());
  });

  it('says weights, amounts and the events that made the edges', async () => {
    const all = (await graph(node.asked, { depth: 9 })).edges;
    // The walk ends at accounts, so what hangs on one alone is not reached.
    const reached = Object.values(e).filter((id) => id !== e.ofNothingToCat);
    expect(all.map(({ id }) => id).sort()).toEqual(reached.sort());
    const by = new Map(all.map((each) => [each.id, each]));
    const native = (amount: string) => ({ token: { id: 'token:1:native' }, amount });
    expect(by.get(e.trained)).toEqual({
      id: e.trained,
      kind: 'TRAINED_ON',
      from: node.datanet,
      to: node.model,
      weightPpm: '400000',
      amount: null,
      at: { eventId: 'event:1:7-0' },
    });
    expect(by.get(e.influence1)).toMatchObject({ weightPpm: '700000', amount: null, at: { eventId: 'event:1:10-0' } });
    expect(by.get(e.paid)).toMatchObject({ weightPpm: null, amount: native('100'), at: { eventId: 'event:1:9-0' } });
    expect(by.get(e.ofInference)).toMatchObject({ weightPpm: null, amount: native('70') });
    expect(by.get(e.toAnn)).toMatchObject({ weightPpm: null, amount: native('70') });
    expect(by.get(e.in1)).toMatchObject({ weightPpm: null, amount: null });
    for (const each of all) expect(each.id).toBe(`${each.kind}:${each.from}>${each.to}:${each.at?.eventId.slice(8)}`);
  });

  it('walks breadth first, nodes in the order found, and goes through no account', async () => {
    const { nodes, edges, asOf, root } = await graph(node.bob, { direction: 'DOWNSTREAM', depth: 3 });
    expect(root).toEqual({ id: node.bob });
    expect(edges.map(({ id }) => id)).toEqual([
      e.bobSubmitted3,
      e.bobSubmitted2,
      e.in3,
      e.influence2,
      e.ofContribution,
      e.in2,
      e.trained,
      e.ofDatanet,
      e.ofInference,
      e.paid,
      e.toBob,
    ]);
    expect(nodes.map(({ id, depth }) => [id, depth])).toEqual([
      [node.bob, 0],
      [c(3), 1],
      [c(2), 1],
      [node.datanet, 2],
      [node.asked, 2],
      [reward(17), 2],
      [node.model, 3],
      [reward(18), 3],
      [reward(16), 3],
      [node.cat, 3],
    ]);
    expect(asOf).toEqual({ chainId: 1, number: story.length });
    const through = await graph(reward(16), { direction: 'DOWNSTREAM', depth: 9 });
    expect(through.nodes.map(({ id }) => id)).toEqual([reward(16), node.ann]);
  });

  it('names what it shows, and gives it whole', async () => {
    const { nodes } = await graph(node.asked, { depth: 2 });
    const labels = Object.fromEntries(nodes.map(({ id, label }) => [id, label]));
    expect(labels).toMatchObject({
      [node.datanet]: 'Solidity audits',
      [node.model]: 'Model 1',
      [c(2)]: 'Contribution 2',
      [node.adapter]: 'Adapter 1',
      [reward(16)]: 'Reward 16-0',
      [node.asked]: `Inference ${ASKED.slice(0, 6)}…${ASKED.slice(-4)}`,
      [node.cat]: '0xCcCC…cccC',
    });
    for (const { id, kind, entity } of nodes) {
      expect(entity.id).toBe(id);
      expect(entity.__typename.toUpperCase()).toBe(kind);
    }
  });

  test.each<[string, string, Record<string, unknown>, number, number, string]>([
    ['of a limit', node.datanet, { depth: 1, limit: 2 }, 2, 3, '0'],
    ['of no edges at all', node.asked, { depth: 1, limit: 0 }, 0, 6, '1000000'],
    ['of a weight', node.datanet, { depth: 1, minWeightPpm: 400_001 }, 4, 1, '400000'],
    ['of the weight itself: nothing', node.datanet, { depth: 1, minWeightPpm: 400_000 }, 5, 0, '0'],
    ['of both', node.asked, { depth: 1, minWeightPpm: 500_000, limit: 1 }, 1, 5, '300000'],
    ['one way', node.asked, { depth: 1, direction: 'UPSTREAM', minWeightPpm: 500_000 }, 3, 1, '300000'],
    ['the other way', node.asked, { depth: 1, direction: 'DOWNSTREAM', limit: 1 }, 1, 1, '0'],
    // Of the inference 6, of the contributions that were found 2 and 3 more, of the reward 1.
    ['at nodes that were found, too', node.asked, { depth: 2, limit: 3 }, 3, 9, '0'],
    // Of the datanet 1 more, of the model 1, of its reward 1, of the contributions 1 and 3.
    ['once for both ends', node.datanet, { depth: 2, limit: 4 }, 4, 7, '300000'],
    ['at no depth', node.asked, { depth: 0 }, 0, 0, '0'],
  ])('counts what it leaves out because %s', async (_, root, variables, taken, omitted, weight) => {
    const { edges, omittedEdges, omittedWeightPpm, truncated } = await graph(root, variables);
    expect([edges.length, omittedEdges, omittedWeightPpm]).toEqual([taken, omitted, weight]);
    expect(truncated).toBe(omitted > 0);
  });

  it('answers a limited walk with the beginning of the whole one, the same every time', async () => {
    const all = await graph(node.asked, { depth: 9 });
    for (let limit = 0; limit <= all.edges.length; limit++) {
      const some = await graph(node.asked, { depth: 9, limit });
      expect(some.edges).toEqual(all.edges.slice(0, limit));
      expect(some.nodes).toEqual(all.nodes.slice(0, some.nodes.length));
    }
    expect(all.truncated).toBe(false);
  });

  describe('where things are unusual', () => {
    const c1 = 'contribution:2:1';
    const asked = `inference:2:${ASKED}`;
    const other = `inference:2:${OTHER}`;

    it('has an edge for each current influence of a pair, the newest of equals first, and none that was revised', async () => {
      expect(await edges(c1, 'DOWNSTREAM')).toEqual([
        edge('INFLUENCED', c1, other, 11),
        edge('INFLUENCED', c1, asked, 7),
        edge('INFLUENCED', c1, asked, 6),
      ]);
    });

    it('takes the heaviest, not the newest, of more than the limit', async () => {
      const many = `inference:2:${MANY}`;
      const heaviest = [edge('INFLUENCED', 'contribution:2:2', many, 15)];
      expect(await edges(many, 'UPSTREAM', { limit: 1 })).toEqual(heaviest);
      expect(await edges('contribution:2:2', 'DOWNSTREAM', { limit: 1 })).toEqual(heaviest);
    });

    it('takes the edge of a model that is its own parent once', async () => {
      const own = edge('DERIVED_FROM', 'model:2:5', 'model:2:5', 1);
      for (const direction of ['UPSTREAM', 'DOWNSTREAM', 'BOTH']) {
        const found = await graph('model:2:5', { direction, depth: 1 });
        expect(found.edges.map(({ id }) => id).filter((id) => id === own)).toEqual([own]);
        expect(found.omittedEdges).toBe(0);
      }
      expect(await edges('model:2:9', 'BOTH', { depth: 1, limit: 2 })).toEqual([
        edge('DERIVED_FROM', 'model:2:9', 'model:2:9', 20),
        edge('DERIVED_FROM', 'model:2:9', 'model:2:8', 19),
      ]);
    });

    it('goes round a circle of models once', async () => {
      const { nodes, edges, omittedEdges } = await graph('model:2:6', { direction: 'UPSTREAM', depth: 9 });
      expect(nodes.map(({ id }) => id)).toEqual(['model:2:6', 'model:2:7']);
      expect(edges.map(({ id }) => id)).toEqual([
        edge('DERIVED_FROM', 'model:2:7', 'model:2:6', 2),
        edge('DERIVED_FROM', 'model:2:6', 'model:2:7', 3),
      ]);
      expect(omittedEdges).toBe(0);
    });

    it('shows the zero address where it stands, but does not begin with it', async () => {
      const { nodes } = await graph(other, { direction: 'DOWNSTREAM' });
      expect(nodes.map(({ entity }) => entity.id)).toEqual([other, `account:${ZERO}`]);
      expect(await graph(`account:${ZERO}`)).toBeNull();
    });

    it('rewards no inference for a reference to nothing', async () => {
      expect(await edges(`inference:2:${ZERO_HASH}`, 'DOWNSTREAM')).toEqual([
        edge('PAID_FOR', `inference:2:${ZERO_HASH}`, `account:${ZERO}`, 12),
      ]);
    });

    it("puts an account's edges on several chains in order of time, then of the chain", async () => {
      const found = await graph(`account:${DAN}`, { depth: 1 });
      expect(found.edges.map(({ id }) => id)).toEqual([
        edge('CONTRIBUTED', `account:${DAN}`, 'contribution:2:2', 22),
        edge('CONTRIBUTED', `account:${DAN}`, 'contribution:1:50', 22),
        edge('RECEIVED', 'reward:2:13-0', `account:${DAN}`, 13),
        edge('CONTRIBUTED', `account:${DAN}`, c1, 5),
        edge('PAID_FOR', asked, `account:${DAN}`, 4),
      ]);
      expect(found.omittedEdges).toBe(0);
      // Of equally new blocks that of the higher chain id.
      expect(found.asOf).toEqual({ chainId: 2, number: 22 });
      const two = await graph(`account:${DAN}`, { depth: 2, limit: 2 });
      expect(two.edges).toEqual(found.edges.slice(0, 2));
      expect(two.omittedEdges).toBe(3 + 4);
    });

    it('is the same for an id in capitals', async () => {
      expect(await graph(node.asked.replace(ASKED, `0x${ASKED.slice(2).toUpperCase()}`))).toEqual(
        await graph(node.asked),
      );
    });
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['root', 'nonsense', {}],
    ['root', `pool:1:${POOL}`, {}],
    ['root', 'chain:1', {}],
    ['depth', node.asked, { depth: -1 }],
    ['depth', node.asked, { depth: 21 }],
    ['limit', node.asked, { limit: -1 }],
    ['limit', node.asked, { limit: 1001 }],
    ['minWeightPpm', node.asked, { minWeightPpm: -1 }],
  ])('refuses a wrong %s: %s %j', async (argument, root, variables) => {
    const { data, errors } = await api.ask(GRAPH, { root, ...variables });
    expect(data).toEqual({ attributionGraph: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', argument }]);
  });

  test.each(['datanet:1:7', 'model:9:1', `inference:1:${OTHER}`, 'reward:1:15-0', `account:0x${'12'.repeat(20)}`])(
    'is null for %s, which does not exist',
    async (root) => expect(await graph(root)).toBeNull(),
  );

  describe('paths', () => {
    interface Path {
      nodes: { id: string; depth: number; entity: { id: string } }[];
      edges: Edge[];
      weight: number;
      amount: { token: { id: string }; amount: string }[];
    }
    const PATHS = `query ($from: ID!, $to: ID!, $limit: Int! = 10) {
      attributionPaths(from: $from, to: $to, limit: $limit) {
        nodes { id depth entity { id } } edges { id } weight amount { token { id } amount }
      }
    }`;
    const paths = async (from: string, to: string, limit?: number) =>
      (await ask<{ attributionPaths: Path[] | null }>(PATHS, { from, to, limit })).attributionPaths;
    /** In a line: weight, nodes, amounts. */
    const lines = async (from: string, to: string, limit?: number) =>
      (await paths(from, to, limit))?.map(({ weight, nodes, amount }) => [
        weight,
        nodes.map(({ id }) => id),
        amount.map(({ amount, token }) => `${amount} ${token.id}`),
      ]);
    const trained = [node.datanet, node.model, node.child];

    it('connects a contributor and an inference, whichever is given first', async () => {
      const expected = [
        [1, [node.asked, reward(16), node.ann], ['70 token:1:native']],
        [0.7, [node.ann, c(1), node.asked], []],
        [0.4, [node.ann, c(1), ...trained, node.asked], []],
        [0.4, [node.ann, c(1), ...trained, node.adapter, node.asked], []],
      ];
      expect(await lines(node.ann, node.asked)).toEqual(expected);
      expect(await lines(node.asked, node.ann)).toEqual(expected);
      const [first] = (await paths(node.ann, node.asked))!;
      expect(first!.edges.map(({ id }) => id)).toEqual([e.ofInference, e.toAnn]);
      expect(first!.nodes.map(({ depth }) => depth)).toEqual([0, 1, 2]);
      expect(first!.nodes.map(({ entity }) => entity.id)).toEqual(first!.nodes.map(({ id }) => id));
    });

    it('connects two accounts: the heaviest first, then the shorter, then by node ids', async () => {
      const expected = [
        [1, [node.bob, c(2), node.datanet, reward(18), node.cat], ['3 token:1:native']],
        [1, [node.bob, c(3), node.datanet, reward(18), node.cat], ['3 token:1:native']],
        [0.4, [node.bob, c(2), ...trained, node.asked, node.cat], []],
        [0.4, [node.bob, c(2), ...trained, reward(19), node.cat], ['9 token:1:native']],
        [0.4, [node.bob, c(3), ...trained, node.asked, node.cat], []],
        [0.4, [node.bob, c(3), ...trained, reward(19), node.cat], ['9 token:1:native']],
        [0.3, [node.bob, c(2), node.asked, node.cat], []],
      ];
      expect(await lines(node.bob, node.cat)).toEqual(expected);
      expect(await lines(node.cat, node.bob)).toEqual(expected);
      for (let limit = 0; limit < 7; limit++) {
        expect(await lines(node.cat, node.bob, limit)).toEqual(expected.slice(0, limit));
      }
    });

    test.each<[string, string, string, unknown[]]>([
      [
        'a contribution and a reward',
        c(1),
        reward(16),
        [
          [0.7, [c(1), node.asked, reward(16)], ['70 token:1:native']],
          [0.4, [c(1), ...trained, node.asked, reward(16)], ['70 token:1:native']],
          [0.4, [c(1), ...trained, node.adapter, node.asked, reward(16)], ['70 token:1:native']],
        ],
      ],
      ['a contribution and its reward', c(2), reward(17), [[1, [c(2), reward(17)], ['5 token:1:native']]]],
      ['a contributor and a reward of nothing that exists', node.ann, reward(20), []],
      ['a contribution and its datanet', c(3), node.datanet, [[1, [c(3), node.datanet], []]]],
      ['a datanet and a model', node.datanet, node.child, [[0.4, trained, []]]],
      [
        'a model and an inference',
        node.model,
        node.asked,
        [
          [1, [node.model, node.child, node.asked], []],
          [1, [node.model, node.child, node.adapter, node.asked], []],
        ],
      ],
      ['an adapter and a payer', node.adapter, node.cat, [[1, [node.adapter, node.asked, node.cat], []]]],
      [
        'two models of a circle',
        'model:2:6',
        'model:2:7',
        [
          [1, ['model:2:6', 'model:2:7'], []],
          [1, ['model:2:7', 'model:2:6'], []],
        ],
      ],
      ['an account and itself', node.ann, node.ann, []],
      ['two contributions', c(1), c(2), []],
      ['two chains', c(1), 'contribution:2:1', []],
    ])('of %s', async (_, from, to, expected) => {
      expect(await lines(from, to)).toEqual(expected);
      expect(await lines(to, from)).toEqual(expected);
    });

    it('has a path for each of two influences of one pair', async () => {
      const both = await paths('contribution:2:1', `inference:2:${ASKED}`);
      expect(both?.map(({ edges }) => edges.map(({ id }) => id.slice(-3)))).toEqual([['6-0'], ['7-0']]);
    });

    it('is null where an end does not exist, and refuses what can be none', async () => {
      expect(await paths(node.ann, 'datanet:1:7')).toBeNull();
      expect(await paths(c(77), node.ann)).toBeNull();
      for (const [argument, variables] of [
        ['from', { from: 'nonsense', to: node.ann }],
        ['to', { from: node.ann, to: `pool:1:${POOL}` }],
        ['limit', { from: node.ann, to: node.cat, limit: 101 }],
        ['limit', { from: node.ann, to: node.cat, limit: -1 }],
      ] as const) {
        const { errors } = await api.ask(PATHS, variables);
        expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', argument }]);
      }
    });
  });
});
