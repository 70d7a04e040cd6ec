import { bucketAt, bucketStart } from '../../api/series/buckets';
import { bucketsOf, windowBefore, windowOf } from '../../api/series/window';
import { Bucket } from '../../api/types/bucket';
import { ANN, BOB, COIN, OTHER_POOL, POOL, type Told } from '../oracle/told';
import { type ApiHarness, openApi } from './harness';
import { commitTold } from './placedTold';

const at = (text: string) => Date.parse(text);
const seconds = (text: string) => BigInt(at(text) / 1000);

describe('buckets of time', () => {
  it.each<[Bucket, string, string, string]>([
    [Bucket.HOUR, '2026-11-22T16:59:59.999Z', '2026-11-22T16:00:00Z', '2026-11-22T17:00:00Z'],
    [Bucket.HOUR, '2026-11-22T17:00:00Z', '2026-11-22T17:00:00Z', '2026-11-22T18:00:00Z'],
    [Bucket.DAY, '2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z', '2024-03-01T00:00:00Z'],
    // 2026-11-22 is a Sunday.
    [Bucket.WEEK, '2026-11-22T23:59:59Z', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
    [Bucket.WEEK, '2026-11-23T00:00:00Z', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'],
    [Bucket.WEEK, '1969-12-31T00:00:00Z', '1969-12-29T00:00:00Z', '1970-01-05T00:00:00Z'],
    [Bucket.MONTH, '2026-12-31T23:59:59Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    [Bucket.MONTH, '1969-12-31T23:59:59Z', '1969-12-01T00:00:00Z', '1970-01-01T00:00:00Z'],
  ])('a %s that holds %s begins at %s and ends at %s', (bucket, time, start, end) => {
    const index = bucketAt(bucket, at(time));
    expect(new Date(bucketStart(bucket, index))).toEqual(new Date(start));
    expect(new Date(bucketStart(bucket, index + 1))).toEqual(new Date(end));
  });

  it('are by default the newest 90, up to and including the newest block', () => {
    const buckets = bucketsOf(Bucket.DAY, {}, seconds('2026-11-22T16:00:00Z'));
    expect(buckets).toHaveLength(90);
    expect(buckets[0]).toEqual({
      start: at('2026-08-25T00:00:00Z'),
      from: at('2026-08-25T00:00:00Z'),
      to: at('2026-08-26T00:00:00Z'),
    });
    expect(buckets[89]).toEqual({
      start: at('2026-11-22T00:00:00Z'),
      from: at('2026-11-22T00:00:00Z'),
      to: at('2026-11-22T16:00:01Z'),
    });
  });

  it('at midnight end with the day whose last second the newest block has', () => {
    const [last] = bucketsOf(Bucket.DAY, {}, seconds('2026-11-21T23:59:59Z')).slice(-1);
    expect(last?.start).toBe(at('2026-11-21T00:00:00Z'));
  });

  it('are cut at both ends of the window, and may be 400', () => {
    const args = { from: new Date('2026-01-31T12:00:00Z'), to: new Date('2026-03-01T00:00:00.001Z') };
    const buckets = bucketsOf(Bucket.MONTH, args, 0n);
    expect(buckets.map(({ start, from, to }) => [start, from, to].map((time) => new Date(time).toISOString()))).toEqual(
      [
        ['2026-01-01T00:00:00.000Z', '2026-01-31T12:00:00.000Z', '2026-02-01T00:00:00.000Z'],
        ['2026-02-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
        ['2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.001Z'],
      ],
    );
    const hours = (to: string) => ({ from: new Date('2026-01-01T00:00:00Z'), to: new Date(to) });
    expect(bucketsOf(Bucket.HOUR, hours('2026-01-17T16:00:00Z'), 0n)).toHaveLength(400);
    expect(() => bucketsOf(Bucket.HOUR, hours('2026-01-17T16:00:00.001Z'), 0n)).toThrow(/^from: .*401 buckets/);
  });

  it('windows are by default of 7 days, and are compared with as much time before', () => {
    const window = windowOf({}, seconds('2026-11-22T16:00:00Z'));
    expect(window).toEqual({ from: at('2026-11-15T16:00:01Z'), to: at('2026-11-22T16:00:01Z') });
    expect(windowBefore(window)).toEqual({ from: at('2026-11-08T16:00:01Z'), to: at('2026-11-15T16:00:01Z') });
    const day = new Date('2026-11-22T00:00:00Z');
    expect(() => windowOf({ from: day, to: day }, 0n)).toThrow(/^from: /);
  });
});

/** Block n at 2026-11-20T00:00:00Z and n times 6 hours. */
const START = at('2026-11-20T00:00:00Z');

interface History {
  points: ({ token: { id: string } } & Record<string, string | null>)[];
  total: { token: { id: string }; amount: string }[];
}

describe('rewardHistory', () => {
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    const accrued = (beneficiary: string, amount: bigint, more = {}): Told => [
      'RewardAccrued',
      { poolId: POOL, beneficiary, amount, ...more },
    ];
    const blocks: Told[][] = [
      [
        ['DatanetCreated', { datanetId: 1n }],
        ['ContributionSubmitted', { contributionId: 5n, datanetId: 1n }],
        ['PoolCreated', { poolId: POOL, kind: 0n, subjectId: 1n }],
        ['PoolCreated', { poolId: OTHER_POOL, kind: 2n, token: COIN }],
        ['PoolFunded', { poolId: POOL, source: 0n, amount: 300n }],
      ],
      // Day one, the 20th: 100 of fees to ann, twice; 7 coins of an unknown role without funding.
      [accrued(ANN, 60n), accrued(ANN, 40n, { role: 1n })],
      [['RewardAccrued', { poolId: OTHER_POOL, beneficiary: BOB, amount: 7n, role: 77n, contributionId: 5n }]],
      [['PoolFunded', { poolId: POOL, source: 1n, amount: 100n }]],
      // Day two: 3 : 1 of fees and emission; 10 reversed, 20 claimed.
      [accrued(ANN, 4n), accrued(BOB, 8n)],
      [
        ['RewardReversed', { poolId: POOL, beneficiary: ANN, amount: 10n }],
        ['RewardClaimed', { poolId: POOL, beneficiary: ANN, to: BOB, amount: 20n }],
      ],
      [],
      [],
      // Day three: only a claim, of a pool that nobody created.
      [['RewardClaimed', { poolId: `0x${'77'.repeat(32)}`, beneficiary: BOB, to: BOB, amount: 1n }]],
    ];
    const time = (i: number) => new Date(START + i * 21_600_000).toISOString();
    await commitTold(
      api.database.pool,
      1,
      blocks.map((logs, i) => [time(i), logs]),
    );
  });
  afterAll(() => api?.close());

  const history = async (args: string) => {
    const { data, errors } = await api.ask(`{ rewardHistory${args} { bucket total { token { id } amount }
      points { start token { id } role source accrued reversed claimed rewardCount beneficiaryCount } } }`);
    expect(errors).toBeUndefined();
    const { points, total } = (data as { rewardHistory: History }).rewardHistory;
    return {
      total: total.map(({ token, amount }) => `${token.id} ${amount}`),
      points: points.map(
        ({ start, token, role, source, accrued, reversed, claimed, rewardCount, beneficiaryCount }) =>
          `${start?.slice(0, 13)} ${token?.id.slice(8, 15)} ${[role, source].filter(Boolean)} ${accrued} -${reversed} >${claimed} ${rewardCount}/${beneficiaryCount}`,
      ),
    };
  };

  it('sums by day and token, each movement at its own time', async () => {
    expect(await history('')).toEqual({
      total: ['token:1:native 112', `token:1:${COIN} 7`],
      points: [
        '2026-11-20T00 native  100 -0 >0 2/1',
        `2026-11-20T00 ${COIN.slice(0, 7)}  7 -0 >0 1/1`,
        '2026-11-21T00 native  12 -10 >20 2/2',
        '2026-11-22T00 unknown  0 -0 >1 0/0',
      ],
    });
  });

  it('by role and by source has accruals alone', async () => {
    expect((await history('(by: ROLE)')).points).toEqual([
      '2026-11-20T00 native CONTRIBUTOR 60 -0 >0 1/1',
      '2026-11-20T00 native MODEL_BUILDER 40 -0 >0 1/1',
      `2026-11-20T00 ${COIN.slice(0, 7)} UNKNOWN 7 -0 >0 1/1`,
      '2026-11-21T00 native CONTRIBUTOR 12 -0 >0 2/2',
    ]);
    expect((await history('(by: SOURCE, bucket: WEEK)')).points).toEqual([
      '2026-11-16T00 native FEE 109 -0 >0 4/2',
      '2026-11-16T00 native EMISSION 3 -0 >0 2/2',
      `2026-11-16T00 ${COIN.slice(0, 7)} UNKNOWN 7 -0 >0 1/1`,
    ]);
  });

  it('knows every scope, and of several what is in all of them', async () => {
    const points = async (scope: string) => (await history(`(scope: { ${scope} }, bucket: MONTH)`)).points;
    expect(await points(`account: "${BOB}"`)).toEqual([
      '2026-11-01T00 native  8 -0 >0 1/1',
      `2026-11-01T00 ${COIN.slice(0, 7)}  7 -0 >0 1/1`,
      '2026-11-01T00 unknown  0 -0 >1 0/0',
    ]);
    expect(await points('datanet: "datanet:1:1"')).toEqual([
      '2026-11-01T00 native  112 -10 >20 4/2',
      `2026-11-01T00 ${COIN.slice(0, 7)}  7 -0 >0 1/1`,
    ]);
    expect(await points('contribution: "contribution:1:5"')).toEqual([
      `2026-11-01T00 ${COIN.slice(0, 7)}  7 -0 >0 1/1`,
    ]);
    expect(await points('contribution: "contribution:1:0"')).toEqual([]);
    expect(await points(`account: "${ANN}", datanet: "datanet:1:1", chainId: 1`)).toEqual([
      '2026-11-01T00 native  104 -10 >20 3/1',
    ]);
    expect(await points('datanet: "datanet:1:1", model: "model:1:1"')).toEqual([]);
    expect(await points('datanet: "datanet:2:1"')).toEqual([]);
  });

  it('takes a window from its first second to before its last', async () => {
    const window = (from: string, to: string) => history(`(bucket: HOUR, from: "${from}", to: "${to}")`);
    expect((await window('2026-11-20T06:00:00Z', '2026-11-20T12:00:00Z')).points).toEqual([
      '2026-11-20T06 native  100 -0 >0 2/1',
    ]);
    expect((await window('2026-11-20T06:00:00.001Z', '2026-11-20T12:00:00.001Z')).points).toEqual([
      `2026-11-20T12 ${COIN.slice(0, 7)}  7 -0 >0 1/1`,
    ]);
  });

  it('is null for a chain that is not indexed', async () => {
    const { data } = await api.ask('{ rewardHistory(scope: { chainId: 2 }) { bucket } }');
    expect(data).toEqual({ rewardHistory: null });
  });

  it.each<[string, string]>([
    ['from: "2026-11-20T06:00:00Z", to: "2026-11-20T06:00:00Z"', 'from'],
    ['from: "2027-11-20T06:00:00Z"', 'from'],
    ['bucket: HOUR, from: "2026-01-01T00:00:00Z"', 'from'],
    ['from: "0001-01-01T00:00:00Z", to: "9999-01-01T00:00:00Z", bucket: MONTH', 'from'],
    ['scope: { datanet: "seven" }', 'scope.datanet'],
  ])('refuses (%s), naming %s', async (args, argument) => {
    const { data, errors } = await api.ask(`{ rewardHistory(${args}) { bucket } }`);
    expect(data).toEqual({ rewardHistory: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', argument }]);
  });
});

describe('rewardHistory of two chains', () => {
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    const accrued = (beneficiary: string, amount: bigint): Told => [
      'RewardAccrued',
      { poolId: POOL, beneficiary, amount },
    ];
    // The second chain's day begins blocks later than the first one's.
    await commitTold(api.database.pool, 1, [
      ['2026-11-20T12:00:00Z', [accrued(ANN, 1n)]],
      ['2026-11-21T12:00:00Z', [accrued(ANN, 2n), accrued(BOB, 16n)]],
    ]);
    await commitTold(api.database.pool, 2, [
      ['2026-11-20T12:00:00Z', [accrued(ANN, 4n)]],
      ['2026-11-20T13:00:00Z', [accrued(ANN, 8n)]],
      ['2026-11-20T14:00:00Z', []],
      ['2026-11-21T13:00:00Z', [accrued(BOB, 32n)]],
    ]);
  });
  afterAll(() => api?.close());

  const pointsOf = async (account: string) => {
    const { data, errors } = await api.ask(`{ rewardHistory(scope: { account: "${account}" }) {
      points { start accrued } } }`);
    expect(errors).toBeUndefined();
    const { points } = (data as { rewardHistory: Pick<History, 'points'> }).rewardHistory;
    return points.map(({ start, accrued }) => `${start?.slice(8, 10)} ${accrued}`);
  };

  it("puts each chain's rewards into buckets by its own blocks, which are looked up once for all accounts", async () => {
    expect(await pointsOf(ANN)).toEqual(['20 1', '20 12', '21 2']);
    // Behind everybody's back: no block brings it.
    await api.database.pool.query('update block set timestamp = timestamp + 86400');
    expect(await pointsOf(BOB)).toEqual(['21 16', '21 32']);
  });
});

describe('rewardHistory of a reward of nothing', () => {
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    await commitTold(api.database.pool, 1, [
      [
        '2026-11-20T12:00:00Z',
        [
          ['PoolCreated', { poolId: POOL }],
          ['RewardAccrued', { poolId: POOL, beneficiary: ANN, amount: 0n }],
        ],
      ],
    ]);
  });
  afterAll(() => api?.close());

  it.each(['', `scope: { account: "${ANN}" }, `])(
    '(%sby) is in the total of its token, and in no source',
    async (scope) => {
      for (const [by, points] of [
        ['SOURCE', []],
        ['ROLE', [{ accrued: '0', rewardCount: 1, beneficiaryCount: 1 }]],
        ['null', [{ accrued: '0', rewardCount: 1, beneficiaryCount: 1 }]],
      ] as const) {
        const { data, errors } = await api.ask(`{ rewardHistory(${scope}by: ${by}) {
        points { accrued rewardCount beneficiaryCount } total { amount token { id } } } }`);
        expect(errors).toBeUndefined();
        const total = [{ amount: '0', token: { id: 'token:1:native' } }];
        expect(data).toEqual({ rewardHistory: { points, total } });
      }
    },
  );
});
