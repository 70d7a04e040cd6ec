import { ANN, BOB, blocksOf, COIN, MAX, native, OTHER_POOL, only, POOL, type Told, told } from '../told';

describe('backing', () => {
  const backing = (fundings: [source: bigint, amount: bigint][], amount: bigint) =>
    only(
      told(
        ...fundings.map(([source, amount]): Told => ['PoolFunded', { poolId: POOL, source, amount }]),
        ['RewardAccrued', { poolId: POOL, amount }],
        ['PoolFunded', { poolId: POOL, source: 2n, amount: 1000n }],
      ).rewards(),
    )['backing'];
  const parts = (...pairs: [string, number | bigint][]) =>
    pairs.map(([source, amount]) => ({ source, amount: String(amount) }));

  test.each<[string, [bigint, bigint][], bigint, [string, number | bigint][]]>([
    ['with nothing funded before it is UNKNOWN', [], 10n, [['UNKNOWN', 10]]],
    ['with only zeros funded before it is UNKNOWN', [[0n, 0n]], 10n, [['UNKNOWN', 10]]],
    [
      'divides by the mix',
      [
        [0n, 3n],
        [1n, 1n],
      ],
      8n,
      [
        ['FEE', 6],
        ['EMISSION', 2],
      ],
    ],
    [
      'gives what rounding leaves to the largest source',
      [
        [0n, 1n],
        [1n, 2n],
      ],
      10n,
      [
        ['FEE', 3],
        ['EMISSION', 7],
      ],
    ],
    [
      'gives ties to the lower code',
      [
        [1n, 5n],
        [0n, 5n],
      ],
      5n,
      [
        ['FEE', 3],
        ['EMISSION', 2],
      ],
    ],
    [
      'puts all unknown codes together, last in ties',
      [
        [9n, 2n],
        [200n, 3n],
        [3n, 5n],
      ],
      1n,
      [['SLASH', 1]],
    ],
    [
      'lets unknown codes together be the largest',
      [
        [9n, 3n],
        [200n, 3n],
        [3n, 5n],
      ],
      1n,
      [['UNKNOWN', 1]],
    ],
    [
      'leaves parts of zero out',
      [
        [0n, 1n],
        [1n, 1000n],
      ],
      10n,
      [['EMISSION', 10]],
    ],
    ['of nothing is nothing', [[0n, 1n]], 0n, []],
    [
      'is exact at the largest amounts',
      [
        [0n, MAX],
        [1n, MAX],
      ],
      MAX,
      [
        ['FEE', 2n ** 255n],
        ['EMISSION', 2n ** 255n - 1n],
      ],
    ],
  ])('%s', (_, fundings, amount, expected) => {
    expect(backing(fundings, amount)).toEqual(parts(...expected));
  });

  test('sums per token into shares, tokens of nothing but zeros left out', () => {
    const oracle = told(
      ['DatanetCreated', { datanetId: 1n }],
      ['PoolCreated', { poolId: POOL, kind: 0n, subjectId: 1n }],
      ['RewardAccrued', { poolId: POOL, amount: 1n }],
      ['PoolFunded', { poolId: POOL, source: 0n, amount: 1n }],
      ['RewardAccrued', { poolId: POOL, amount: 2n }],
      ['PoolCreated', { poolId: OTHER_POOL, kind: 0n, subjectId: 1n, token: COIN }],
      ['RewardAccrued', { poolId: OTHER_POOL }],
    );
    const { backing, earned } = only(oracle.datanets());
    expect(backing).toEqual([
      {
        token: { id: 'token:1:native' },
        accrued: '3',
        bySource: parts(['FEE', 2], ['UNKNOWN', 1]),
        feeShare: 0.666666666667,
        leakShare: 0.333333333333,
      },
    ]);
    expect(earned).toEqual([{ token: { id: `token:1:${COIN}` }, amount: '0' }, native(3)]);
  });
});

describe('a pool', () => {
  test('gives its token to what came before its creation', () => {
    const claimed: Told = ['RewardClaimed', { poolId: POOL, beneficiary: ANN, to: BOB, amount: 3n }];
    const oracle = told(claimed, ['PoolFunded', { poolId: POOL, source: 77n, amount: 5n }]);
    expect(only(oracle.claims())).toMatchObject({ pool: null, amount: { token: { id: 'token:1:unknown' } } });
    const [created] = blocksOf([['PoolCreated', { poolId: POOL, kind: 1n, subjectId: 4n, token: COIN }]], 1, 'a', 9);
    oracle.apply(created!);
    expect(only(oracle.claims())).toMatchObject({
      pool: { id: `pool:1:${POOL}` },
      amount: { token: { id: `token:1:${COIN}` } },
    });
    expect(only(oracle.pools())).toMatchObject({
      kind: 'MODEL',
      subject: null,
      funded: '5',
      fundedBySource: [{ source: 'UNKNOWN', amount: '5' }],
      claimed: '3',
      balance: '5',
    });
  });

  test('has the balance of what was promised beyond its funds', () => {
    const pool = only(
      told(
        ['PoolCreated', { poolId: POOL, kind: 9n, subjectId: 1n }],
        ['RewardAccrued', { poolId: POOL, amount: 7n }],
        ['RewardReversed', { poolId: POOL, amount: 2n }],
      ).pools(),
    );
    expect(pool).toMatchObject({ kind: 'UNKNOWN', subject: null, accrued: '7', reversed: '2', balance: '-5' });
  });
});
