import { until } from '../run/until';
import { address, type FakeChain, log, openFakeChain, word } from './fakeChain';
import { type ApiHarness, openApi } from './harness';
import { loopOnce, rewardFor } from './loop';
import { change, follow, hasAll, hasTold, isLive, startCursor } from './stream';

const rewards = `subscription ($after: ChangeCursor, $where: RewardFilter, $finality: Finality! = PENDING) {
  rewards(after: $after, where: $where, finality: $finality) {
    ${change}
    reward { id amount { amount token { id } } backing { source amount } inference { id } contribution { datanet { id } } }
  }
}`;

let harness: ApiHarness;
let chain: FakeChain;
beforeAll(async () => {
  harness = await openApi({ limits: { progressMs: 300 } });
  chain = await openFakeChain(harness.database.pool);
  await chain.extend([...loopOnce, [rewardFor(address(0xb1), 100n)]]);
});
afterAll(() => harness.close());

test('a reward comes whole, with what stands behind it', async () => {
  const stream = follow(harness.socket(), rewards);
  await isLive(stream);
  await chain.extend([
    [
      log('RewardLedger', 'PoolCreated', { poolId: word(9), kind: 2n, subjectId: 0n, token: address(5) }),
      rewardFor(address(0xb1), 10n),
    ],
  ]);
  await hasTold(stream, 1);
  const told = stream.messages.find(({ op }) => op === 'APPLY');
  expect(told).toMatchObject({
    id: 'reward:31337:4-1',
    at: { event: 'RewardAccrued', block: { number: 4 } },
    reward: {
      id: 'reward:31337:4-1',
      amount: { amount: '10', token: { id: 'token:31337:native' } },
      // 3 : 1 of fees and emission, the rest of rounding to the larger.
      backing: [
        { source: 'FEE', amount: '8' },
        { source: 'EMISSION', amount: '2' },
      ],
      inference: { id: `inference:31337:${word(0x11)}` },
      contribution: { datanet: { id: 'datanet:31337:1' } },
    },
  });
});

test.each<[object, boolean]>([
  [{ chainId: { eq: 31337 } }, true],
  [{ chainId: { in: [1, 2] } }, false],
  [{ beneficiary: { eq: address(0xb1).toUpperCase().replace('0X', '0x') } }, true],
  [{ beneficiary: { eq: address(0xb2) } }, false],
  [{ pool: { eq: `pool:31337:${word(0xf1)}` } }, true],
  [{ pool: { in: [`pool:31337:${word(0xf2)}`, `pool:1:${word(0xf1)}`] } }, false],
  [{ contribution: { eq: 'contribution:31337:1' } }, true],
  [{ contribution: { eq: 'contribution:31337:2' } }, false],
  [{ inference: { eq: `inference:31337:${word(0x11)}` } }, true],
  [{ inference: { eq: `inference:31337:${word(0x12)}` } }, false],
  [{ datanet: { eq: 'datanet:31337:1' } }, true],
  [{ datanet: { eq: 'datanet:31337:2' } }, false],
  [{ model: { eq: 'model:31337:1' } }, true],
  [{ model: { eq: 'datanet:31337:1' } }, false],
  [{ token: 'token:31337:native' }, true],
  [{ token: 'token:31337:unknown' }, false],
  [{ role: 'CONTRIBUTOR' }, true],
  [{ role: 'UNKNOWN' }, false],
  [{ source: 'FEE' }, true],
  [{ source: 'EMISSION' }, true],
  [{ source: 'UNKNOWN' }, false],
  [{ amount: { gte: '100', lte: '100' } }, true],
  [{ amount: { gt: '100' } }, false],
  [{ block: { eq: 3 } }, true],
  [{ block: { lt: 3 } }, false],
  [{ accruedAt: { gte: '2023-11-14T22:13:50Z', lt: '2023-11-14T22:13:51Z' } }, true],
  [{ accruedAt: { lt: '2023-11-14T22:13:50Z' } }, false],
  [{ role: 'CONTRIBUTOR', amount: { lt: 100 } }, false],
])('the filter %j tells it: %s', async (where, expected) => {
  const stream = follow(harness.socket(), rewards, { after: startCursor, where });
  await hasAll(stream, harness);
  stream.stop();
  expect(stream.told().includes('APPLY reward:31337:3-0 RewardAccrued')).toBe(expected);
  // The page and the stream mean the same by a filter.
  const { data } = await harness.ask('query ($where: RewardFilter) { rewards(where: $where) { nodes { id } } }', {
    where,
  });
  const { nodes } = data!['rewards'] as { nodes: { id: string }[] };
  expect(nodes.some(({ id }) => id === 'reward:31337:3-0')).toBe(expected);
});

test('a page and a stream agree on rewards of two datanets and of inferences never settled', async () => {
  const number = ((await chain.extend([[]]))[0]?.number ?? 0) + 1;
  const accrued = (ref: string) =>
    log('RewardLedger', 'RewardAccrued', {
      poolId: word(0xf5),
      beneficiary: address(0xb1),
      ref,
      role: 0n,
      contributionId: 1n,
      amount: 1n,
      epoch: 1n,
    });
  const pool = log('RewardLedger', 'PoolCreated', { poolId: word(0xf5), kind: 0n, subjectId: 2n, token: address(0) });
  await chain.extend([[pool, accrued(word(0)), accrued(word(0x77))]]);
  const [first, second] = [`reward:31337:${number}-1`, `reward:31337:${number}-2`];
  for (const [where, expected] of [
    [{ datanet: { eq: 'datanet:31337:1', in: ['datanet:31337:2'] } }, [first, second]],
    [{ inference: { eq: `inference:31337:${word(0x77)}` } }, [second]],
    [{ inference: { eq: `inference:31337:${word(0)}` } }, []],
    [{ token: `token:31337:${address(0)}`, block: { eq: number } }, [first, second]],
  ]) {
    const { data } = await harness.ask('query ($where: RewardFilter) { rewards(where: $where) { nodes { id } } }', {
      where,
    });
    expect((data!['rewards'] as { nodes: { id: string }[] }).nodes.map(({ id }) => id).reverse()).toEqual(expected);
    const stream = follow(harness.socket(), rewards, { after: startCursor, where });
    await hasAll(stream, harness);
    stream.stop();
    expect(stream.messages.flatMap(({ id }) => id ?? [])).toEqual(expected);
  }
});

test('a filter is judged by what stood right after the event, in every replay and when taken back', async () => {
  // The contribution's datanet is known only after its reward: the stream never had it under that datanet.
  const submitted = log('ContributionRegistry', 'ContributionSubmitted', {
    contributionId: 77n,
    datanetId: 1n,
    contributor: address(0xb1),
    contentHash: word(0xc7),
    sizeBytes: 1n,
    licenseId: word(1),
    bond: 1n,
    uri: '',
  });
  const early = log('RewardLedger', 'RewardAccrued', {
    poolId: word(0xff),
    beneficiary: address(0xb1),
    ref: word(0),
    role: 0n,
    contributionId: 77n,
    amount: 1n,
    epoch: 1n,
  });
  const where = { datanet: { eq: 'datanet:31337:1' } };
  const stream = follow(harness.socket(), rewards, { where });
  await isLive(stream);
  await chain.extend([[early, submitted, early]]);
  await hasTold(stream, 1);
  await chain.reorg(1, [[]]);
  await hasTold(stream, 2);
  const number = stream.messages.find(({ at }) => at)?.at?.block.number;
  const told = [`APPLY reward:31337:${number}-2 RewardAccrued`, `RETRACT reward:31337:${number}-2 RewardAccrued`];
  expect(stream.told()).toEqual(told);
  const replay = follow(harness.socket(), rewards, { after: startCursor, where });
  await hasAll(replay, harness);
  await until(() => replay.told().slice(-2).join() === told.join());
});
