import { address, type FakeChain, log, openFakeChain, word } from '../api/fakeChain';
import { type ApiHarness, openApi } from '../api/harness';
import { loopOnce } from '../api/loop';
import { follow, hasAll, hasTold, isLive, type Message, startCursor } from '../api/stream';
import { until } from '../run/until';

const rows = {
  claims: ['ClaimFilter', 'claim { id amount { amount } beneficiary { address } }'],
  reversals: ['ReversalFilter', 'reversal { id reason }'],
  contributions: ['ContributionFilter', 'contribution { id status }'],
  inferences: ['InferenceFilter', 'inference { id refunded attribution { epoch } }'],
  influences: ['', 'influence { id current weightPpm }'],
} as const;
type Kind = keyof typeof rows;

const documentOf = (kind: Kind) => {
  const [filter, row] = rows[kind];
  const [declared, given] = filter ? [`$where: ${filter}`, 'where: $where'] : ['$root: ID', 'root: $root'];
  return `subscription ($after: ChangeCursor, ${declared}, $finality: Finality! = PENDING) {
    ${kind}(after: $after, ${given}, finality: $finality) { cursor op id at { event block { number hash } } ${row} }
  }`;
};

const inference = (n: number) =>
  log('InferenceLedger', 'InferenceSettled', {
    inferenceId: word(n),
    modelId: 1n,
    user: address(0xb3),
    receipt: {
      modelVersion: 1n,
      tokensIn: 1n,
      tokensOut: 1n,
      feeToken: address(0),
      fee: 9n,
      adapterIds: [],
      outputHash: word(2),
    },
  });
const edge = (n: number, contributionId: bigint, weightPpm: bigint) =>
  log('AttributionLedger', 'InfluenceRecorded', {
    inferenceId: word(n),
    datanetId: 1n,
    contributionId,
    contributor: address(0xb1),
    influence: 5n,
    weightPpm,
  });
const revised = (n: number) =>
  log('AttributionLedger', 'AttributionRevised', {
    inferenceId: word(n),
    oldRoot: word(1),
    newRoot: word(2),
    reasonHash: word(3),
  });
const committed = (n: number) =>
  log('AttributionLedger', 'AttributionCommitted', {
    inferenceId: word(n),
    modelId: 1n,
    epoch: 4n,
    method: 0n,
    leavesRoot: word(1),
    leafCount: 1n,
    proofURI: '',
  });
const decided = (contributionId: bigint, status: bigint) =>
  log('ContributionRegistry', 'ContributionFinalized', {
    contributionId,
    status,
    datanetVersion: 1n,
    scorePpm: 900_000n,
    reason: 0n,
  });
const scored = (contributionId: bigint) =>
  log('ContributionRegistry', 'ContributionScored', {
    contributionId,
    curator: address(0xa2),
    round: 1n,
    scorePpm: 900_000n,
    evidenceHash: word(1),
  });
const batch = log('ContributionRegistry', 'ContributionBatchSubmitted', {
  datanetId: 1n,
  contributor: address(0xb5),
  firstContributionId: 10n,
  contentHashes: [word(0xc2), word(0xc3), word(0xc4)],
  bondEach: 1n,
});
const opened = log('ContributionRegistry', 'DisputeOpened', {
  disputeId: 1n,
  contributionId: 10n,
  challenger: address(0xa3),
  bond: 1n,
});
const resolved = log('ContributionRegistry', 'DisputeResolved', {
  disputeId: 1n,
  upheld: true,
  slashed: 1n,
  beneficiary: address(0xa3),
});
const linked = log('ContributionRegistry', 'ContributionLinked', { contributionId: 11n, otherId: 10n, relation: 0n });
const claimed = (beneficiary: number) =>
  log('RewardLedger', 'RewardClaimed', {
    poolId: word(0xf1),
    beneficiary: address(beneficiary),
    to: address(beneficiary),
    amount: 3n,
  });
const reversed = log('RewardLedger', 'RewardReversed', {
  poolId: word(0xf1),
  beneficiary: address(0xb1),
  ref: word(0x11),
  reason: 2n,
  amount: 1n,
});

// Blocks 1 and 2 are one turn of the loop: contribution 1, inference 0x11 and its edge.
const blocks = [
  // 3: before its submission nothing of a contribution is a change of it.
  [scored(10n), decided(10n, 1n), batch, scored(1n), linked],
  // 4
  [decided(11n, 2n), opened, resolved, claimed(0xb1), claimed(0xb2), reversed],
  // 5: edges of an inference that is settled after them, one of no weight.
  [edge(0x12, 1n, 600_000n), edge(0x12, 10n, 0n), committed(0x12), inference(0x12), edge(0x12, 11n, 400_000n)],
  // 6
  [
    revised(0x12),
    edge(0x12, 10n, 1_000_000n),
    log('InferenceLedger', 'InferenceRefunded', { inferenceId: word(0x12), amount: 2n, reason: 0n }),
    committed(0x11),
    committed(0x99),
  ],
];

let harness: ApiHarness;
let chain: FakeChain;
beforeAll(async () => {
  harness = await openApi({ limits: { progressMs: 300 } });
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([...loopOnce, ...blocks]);
});
afterAll(() => harness.close());

/** Everything until now, of one kind. */
async function replay(kind: Kind, variables: object = {}): Promise<Message[]> {
  const stream = follow(harness.socket(), documentOf(kind), { after: startCursor, ...variables });
  await hasAll(stream, harness);
  stream.stop();
  return stream.messages.filter(({ op }) => op !== 'PROGRESS');
}
const short = ({ op, id, at }: Message) =>
  `${op} ${id?.replace(/31337:/, '').replace(/0x0+/, '')} ${at?.event}@${at?.block.number}`;
const told = async (kind: Kind, variables: object = {}) => (await replay(kind, variables)).map(short);

const expected: Record<Kind, string[]> = {
  claims: ['APPLY claim:4-3 RewardClaimed@4', 'APPLY claim:4-4 RewardClaimed@4'],
  reversals: ['APPLY reversal:4-5 RewardReversed@4'],
  contributions: [
    'APPLY contribution:1 ContributionSubmitted@1',
    'APPLY contribution:10 ContributionBatchSubmitted@3',
    'APPLY contribution:11 ContributionBatchSubmitted@3',
    'APPLY contribution:12 ContributionBatchSubmitted@3',
    'APPLY contribution:1 ContributionScored@3',
    'APPLY contribution:11 ContributionLinked@3',
    'APPLY contribution:11 ContributionFinalized@4',
    'APPLY contribution:10 DisputeOpened@4',
    'APPLY contribution:10 DisputeResolved@4',
  ],
  inferences: [
    'APPLY inference:11 InferenceSettled@2',
    'APPLY inference:12 InferenceSettled@5',
    'APPLY inference:12 AttributionRevised@6',
    'APPLY inference:12 InferenceRefunded@6',
    'APPLY inference:11 AttributionCommitted@6',
  ],
  influences: [
    'APPLY influence:2-2 InfluenceRecorded@2',
    'APPLY influence:5-0 InferenceSettled@5',
    'APPLY influence:5-4 InfluenceRecorded@5',
    'APPLY influence:5-0 AttributionRevised@6',
    'APPLY influence:5-4 AttributionRevised@6',
    'APPLY influence:6-1 InfluenceRecorded@6',
  ],
};

test.each(Object.keys(rows) as Kind[])('%s tells every change, with the row it is of', async (kind) => {
  const messages = await replay(kind);
  expect(messages.map(short)).toEqual(expected[kind]);
  const field = kind.slice(0, -1);
  for (const message of messages) expect((message as never)[field]).toMatchObject({ id: message.id });
});

test('an edge says what its event left it as, and an entity what it is now', async () => {
  const edges = (await replay('influences')) as (Message & { influence: { current: boolean } })[];
  expect(edges.map(({ influence }) => influence.current)).toEqual([true, true, true, false, false, true]);
  const changes = (await replay('contributions')) as (Message & { contribution: { status: string } })[];
  expect(changes.map(({ contribution }) => contribution.status)).toEqual(
    'PENDING SLASHED REJECTED PENDING PENDING REJECTED REJECTED SLASHED SLASHED'.split(' '),
  );
});

test.each(Object.keys(rows) as Kind[])('%s goes on from every cursor, also within one event', async (kind) => {
  const all = await replay(kind);
  for (const [n, { cursor }] of all.entries()) {
    expect(await told(kind, { after: cursor })).toEqual(all.slice(n + 1).map(short));
  }
  expect(new Set(all.map(({ cursor }) => cursor)).size).toBe(all.length);
});

test("another kind's cursor within an event is before that event", async () => {
  const within = (await replay('contributions'))[2]?.cursor;
  const inferences = await told('inferences', { after: within });
  expect(inferences).toEqual(expected.inferences.slice(1));
});

test.each<[Kind, object, number[]]>([
  ['claims', { where: { beneficiary: { eq: address(0xb2) } } }, [1]],
  ['claims', { where: { pool: { eq: `pool:31337:${word(0xf2)}` } } }, []],
  ['claims', { where: { chainId: { in: [31337] }, claimedAt: { gte: '2023-11-14T22:14:00Z' } } }, [0, 1]],
  ['reversals', { where: { inference: { eq: `inference:31337:${word(0x11)}` } } }, [0]],
  ['reversals', { where: { beneficiary: { in: [address(0xb2)] } } }, []],
  ['contributions', { where: { datanet: { eq: 'datanet:31337:1' } } }, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
  ['contributions', { where: { datanet: { eq: 'datanet:31337:2' } } }, []],
  ['contributions', { where: { contributor: { eq: address(0xb1) } } }, [0, 4]],
  ['contributions', { where: { contentHash: word(0xc3) } }, [2, 5, 6]],
  ['contributions', { where: { block: { eq: 1 } } }, [0, 4]],
  ['contributions', { where: { submittedAt: { lt: '2023-11-14T22:13:40Z' } } }, [0, 4]],
  // Accepted by the decision that came before it; then slashed. Before and after count alike.
  ['contributions', { where: { status: 'ACCEPTED' } }, [1, 7, 8]],
  ['contributions', { where: { status: 'SLASHED' } }, [8]],
  ['contributions', { where: { status: 'REJECTED' } }, [6]],
  ['contributions', { where: { status: 'PENDING' } }, [0, 2, 3, 4, 5, 6]],
  ['inferences', { where: { user: { eq: address(0xb3) } } }, [0, 1, 2, 3, 4]],
  ['inferences', { where: { model: { eq: 'model:31337:2' } } }, []],
  ['inferences', { where: { attributed: true } }, [1, 2, 3, 4]],
  ['inferences', { where: { attributed: false } }, [0, 4]],
  ['inferences', { where: { block: { gte: 5 } } }, [1, 2, 3]],
  ['influences', { root: 'contribution:31337:1' }, [0, 1, 3]],
  ['influences', { root: 'datanet:31337:1' }, [0, 1, 2, 3, 4, 5]],
  ['influences', { root: 'model:31337:1' }, [0, 1, 2, 3, 4, 5]],
  ['influences', { root: `inference:31337:${word(0x11)}` }, [0]],
  ['influences', { root: `account:${address(0xb1)}` }, [0, 1, 2, 3, 4, 5]],
  ['influences', { root: `account:${address(0xb2)}` }, []],
])('%s with %j are those', async (kind, variables, places) => {
  expect(await told(kind, variables)).toEqual(places.map((n) => expected[kind][n]));
});

test('a root that edges never have is bad input', async () => {
  const stream = follow(harness.socket(), documentOf('influences'), { root: `pool:31337:${word(1)}` });
  await until(() => stream.ended);
  expect(stream.error).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'root' } }]);
});

test('a reorg takes back what was told, newest first, and every replay says the same', async () => {
  const live = (Object.keys(rows) as Kind[]).map((kind) => ({
    kind,
    stream: follow(harness.socket(), documentOf(kind)),
  }));
  await Promise.all(live.map(({ stream }) => isLive(stream)));
  await chain.reorg(4, [[], [claimed(0xb7)]]);
  for (const { kind, stream } of live) {
    const of = expected[kind].filter((line) => !/@[12]$/.test(line)).reverse();
    const lines = of.map((line) => line.replace('APPLY', 'RETRACT'));
    if (kind === 'claims') lines.push('APPLY claim:4-0 RewardClaimed@4');
    await hasTold(stream, lines.length);
    const messages = stream.messages.filter(({ op }) => op !== 'PROGRESS');
    expect(messages.map(short)).toEqual(lines);
    expect(await told(kind)).toEqual([...expected[kind], ...lines]);
    // Also from within an event that is taken back.
    for (const [n, { cursor }] of messages.entries()) {
      expect(await told(kind, { after: cursor })).toEqual(lines.slice(n + 1));
    }
  }
  const slashed = await told('contributions', { where: { status: 'SLASHED' } });
  expect(slashed).toEqual(['APPLY contribution:10 DisputeResolved@4', 'RETRACT contribution:10 DisputeResolved@4']);
});
