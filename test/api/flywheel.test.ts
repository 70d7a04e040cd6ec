import { id } from 'ethers';
import { stagesOf, weakestOf } from '../../api/series/stages';
import { survival, type Wait } from '../../api/series/survival';
import { LoopStage } from '../../api/types/flywheel';
import { ANN, BOB, CAT, COIN, OTHER_POOL, POOL, receipt, type Told } from '../oracle/told';
import { type ApiHarness, openApi } from './harness';
import { commitTold } from './placedTold';

const SECOND = 1000;
/** Paid after so many seconds; null: waiting still. */
const waits = (...seconds: (number | null)[]): Wait[] =>
  seconds.map((after) => ({ since: 0, until: after === null ? null : after * SECOND }));

describe('the time to the first payout', () => {
  it('is a share that falls at each payout, while everybody is known', () => {
    // 4 at risk: 3/4, then two at once: 1/4, then 0.
    expect(survival(waits(10, 20, 20, 40), 100 * SECOND)).toEqual({
      median: 20,
      p90: 40,
      paid: 4,
      waiting: 0,
      curve: [
        { seconds: 10, unpaid: 0.75 },
        { seconds: 20, unpaid: 0.25 },
        { seconds: 40, unpaid: 0 },
      ],
    });
  });

  it('keeps those who wait among those at risk until they are censored', () => {
    // Since 0: paid after 10 and after 60. Since 50, 70 and 90: censored at 100 after 50, 30 and 10 seconds.
    const known: Wait[] = [...waits(10, 60), ...[50, 70, 90].map((since) => ({ since: since * SECOND, until: null }))];
    // At 10 all 5 are at risk, the one censored at 10 too: 4/5. At 60 the last one is paid: 4/5 * 0/1.
    expect(survival(known, 100 * SECOND)).toEqual({
      median: 60,
      p90: 60,
      paid: 2,
      waiting: 3,
      curve: [
        { seconds: 10, unpaid: 0.8 },
        { seconds: 60, unpaid: 0 },
      ],
    });
    // One more, paid after 40, when those censored at 10 and 30 are gone: 5/6 * 2/3, then * 0/1 of whom 50 is gone.
    const { curve } = survival([...known, ...waits(40)], 100 * SECOND) ?? { curve: [] };
    expect(curve.map(({ seconds }) => seconds)).toEqual([10, 40, 60]);
    expect(curve[1]?.unpaid).toBeCloseTo((5 / 6) * (2 / 3), 12);
  });

  it('has no median where less than half are known to be paid, and half exactly is enough', () => {
    expect(survival(waits(1, null, null), 9 * SECOND)).toMatchObject({ median: null, p90: null, paid: 1, waiting: 2 });
    expect(survival(waits(1, 2, 3, null, null, null), 9 * SECOND)).toMatchObject({ median: 3, p90: null });
    expect(survival(waits(null, null), 9 * SECOND)).toEqual({
      median: null,
      p90: null,
      paid: 0,
      waiting: 2,
      curve: [],
    });
  });

  it('knows nothing of what came later', () => {
    const later = [{ since: 5 * SECOND, until: 20 * SECOND }];
    expect(survival(later, 5 * SECOND)).toBeNull();
    expect(survival(later, 20 * SECOND)).toMatchObject({ paid: 0, waiting: 1 });
    expect(survival(later, 20.5 * SECOND)).toMatchObject({ paid: 1, waiting: 0, median: 15 });
    // And each window's answer is its own, whoever asked in between.
    expect(survival(later, 5 * SECOND)).toBeNull();
    expect(survival(later, 20 * SECOND)).toMatchObject({ paid: 0, waiting: 1 });
    expect(survival([], 5 * SECOND)).toBeNull();
  });

  it('shows 200 points of many, the first and the last among them', () => {
    const many = survival(waits(...Array.from({ length: 1000 }, (_, i) => i + 1)), 9999 * SECOND);
    expect(many?.curve).toHaveLength(200);
    expect(many?.curve[0]).toEqual({ seconds: 1, unpaid: 0.999 });
    expect(many?.curve[199]).toEqual({ seconds: 1000, unpaid: 0 });
    expect(many).toMatchObject({ median: 500, p90: 900 });
  });
});

describe('the stages of the loop', () => {
  const counts = (...each: number[]) =>
    Object.fromEntries(Object.values(LoopStage).map((stage, i) => [stage, each[i]])) as Record<LoopStage, number>;

  it('gain what they have over what they had, and the lowest gain is the weakest', () => {
    const stages = stagesOf(counts(3, 4, 0, 1, 2, 9), counts(2, 8, 0, 2, 0, 1));
    expect(stages.map(({ gain }) => gain)).toEqual([1.5, 0.5, null, 0.5, null, 9]);
    expect(stages[0]).toEqual({ stage: 'CONTRIBUTE', value: 3, previous: 2, gain: 1.5 });
    expect(weakestOf(stages)).toBe('ORGANIZE');
    expect(weakestOf(stagesOf(counts(0, 0, 0, 0, 0, 0), counts(0, 0, 0, 0, 0, 5)))).toBe('REPEAT');
    expect(weakestOf(stagesOf(counts(1, 1, 1, 1, 1, 1), counts(0, 0, 0, 0, 0, 0)))).toBeNull();
  });
});

const DAN = `0x${'dd'.repeat(20)}`;
const accrued = (beneficiary: string, amount: bigint, more = {}): Told => [
  'RewardAccrued',
  { poolId: POOL, beneficiary, amount, ...more },
];
const settled = (name: string, user: string, fee: bigint, more = {}): Told => [
  'InferenceSettled',
  { inferenceId: id(name), user, receipt: receipt({ fee, ...more }) },
];
const contributed = (contributor: string, contributionId: bigint): Told => [
  'ContributionSubmitted',
  { contributor, contributionId },
];
const decided = (contributionId: bigint, status: bigint): Told => ['ContributionFinalized', { contributionId, status }];

describe('flywheel', () => {
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    await commitTold(api.database.pool, 1, [
      // More than 90 days before the last week: dan was rewarded once.
      ['2026-08-01T00:00:00Z', [['PoolCreated', { poolId: POOL }], accrued(DAN, 3n)]],
      // The week before.
      [
        '2026-11-09T00:00:00Z',
        [
          ['PoolCreated', { poolId: OTHER_POOL, token: COIN }],
          contributed(ANN, 1n),
          contributed(ANN, 2n),
          contributed(BOB, 3n),
          decided(1n, 1n),
          decided(3n, 1n),
          ['ModelRegistered', { modelId: 1n, builder: CAT }],
          ['ModelVersionPublished', { modelId: 1n, version: 1n }],
          ['ModelVersionPublished', { modelId: 1n, version: 2n }],
          settled('before', DAN, 9n),
          ['PoolFunded', { poolId: POOL, source: 0n, amount: 3n }],
          ['PoolFunded', { poolId: POOL, source: 1n, amount: 1n }],
        ],
      ],
      // The week, from Monday the 16th on: ann waited a week to be paid.
      [
        '2026-11-16T00:00:00Z',
        [
          accrued(ANN, 60n),
          accrued(CAT, 20n, { role: 1n }),
          // Without funding, in a coin of few fees.
          ['RewardAccrued', { poolId: OTHER_POOL, beneficiary: BOB, role: 1n, amount: 5n }],
          contributed(ANN, 4n),
          contributed(CAT, 5n),
          contributed(CAT, 6n),
          decided(2n, 1n),
          decided(2n, 2n),
          decided(5n, 1n),
          ['ModelVersionPublished', { modelId: 1n, version: 3n }],
        ],
      ],
      [
        '2026-11-17T00:00:00Z',
        [
          settled('one', DAN, 30n),
          settled('two', CAT, 20n),
          settled('three', DAN, 4n, { feeToken: COIN }),
          settled('free', ANN, 0n),
          ['InferenceRefunded', { inferenceId: id('one'), amount: 10n }],
          ['AttributionCommitted', { inferenceId: id('one') }],
          ['AttributionCommitted', { inferenceId: id('free') }],
          ['InfluenceRecorded', { inferenceId: id('one'), contributionId: 1n, weightPpm: 5n }],
          ['InfluenceRecorded', { inferenceId: id('two'), contributionId: 1n, weightPpm: 5n }],
          ['InfluenceRecorded', { inferenceId: id('two'), contributionId: 3n, weightPpm: 0n }],
          ['InfluenceRecorded', { inferenceId: id('two'), contributionId: 2n, weightPpm: 9n }],
          accrued(BOB, 20n),
          // The week's last second: an attribution that counts, whenever it comes.
        ],
      ],
      ['2026-11-22T23:59:59Z', [['AttributionCommitted', { inferenceId: id('two') }]]],
    ]);
  });
  afterAll(() => api?.close());

  const FIGURES = `from to contributions accepted contributors newContributors models inferences payingUsers newPayingUsers
    fees { token { id } amount } backing { token { id } accrued bySource { source amount } feeShare leakShare }
    externalDemand { token { id } share } attributionCoverage dataUtilisation
    timeToFirstPayout { median p90 paid waiting curve { seconds unpaid } }
    concentration { hhi effectiveContributors topPercentShare } stages { stage value previous gain } weakestStage`;
  const WEEK = 7 * 86_400;
  const native = { token: { id: 'token:1:native' } };
  const coin = { token: { id: `token:1:${COIN}` } };
  const stage = (name: string, value: number, previous: number, gain: number | null) => ({
    stage: name,
    value,
    previous,
    gain,
  });

  const lastWeek = {
    from: '2026-11-16T00:00:00.000Z',
    to: '2026-11-23T00:00:00.000Z',
    contributions: 3,
    // Contribution 2, though rejected later, and 5.
    accepted: 2,
    contributors: 2,
    newContributors: 1,
    models: 0,
    inferences: 4,
    payingUsers: 2,
    newPayingUsers: 1,
    fees: [
      { ...native, amount: '40' },
      { ...coin, amount: '4' },
    ],
    backing: [
      // 3 : 1 of 60, 20 and 20.
      {
        ...native,
        accrued: '100',
        bySource: [
          { source: 'FEE', amount: '75' },
          { source: 'EMISSION', amount: '25' },
        ],
        feeShare: 0.75,
        leakShare: 0.25,
      },
      { ...coin, accrued: '5', bySource: [{ source: 'UNKNOWN', amount: '5' }], feeShare: 0, leakShare: 1 },
    ],
    // dan got nothing for more than 90 days: 30 - 10 of 40, and the 4 coins.
    externalDemand: [
      { ...native, share: 0.5 },
      { ...coin, share: 1 },
    ],
    // One and two of one, two and three.
    attributionCoverage: 2 / 3,
    // 1, 3 and 5 are accepted now; 1 was of use.
    dataUtilisation: 1 / 3,
    // ann and bob since the 9th, both paid after: ann after 7 days, bob first in coins, at the same time. cat since the
    // 16th, when only the reward before the decision came: waits 7 days, censored.
    timeToFirstPayout: {
      median: WEEK,
      p90: null,
      paid: 2,
      waiting: 1,
      curve: [{ seconds: WEEK, unpaid: 1 / 3 }],
    },
    // 60 and 20 of 80: 9/16 + 1/16.
    concentration: { hhi: 0.625, effectiveContributors: 1.6, topPercentShare: 0.75 },
    stages: [
      stage('CONTRIBUTE', 3, 3, 1),
      stage('ORGANIZE', 2, 2, 1),
      stage('BUILD', 1, 2, 0.5),
      stage('USE', 3, 1, 3),
      stage('REWARD', 3, 0, null),
      // ann contributed again, dan paid again.
      stage('REPEAT', 2, 0, null),
    ],
    weakestStage: 'BUILD',
  };

  it('tells of the last 7 days whether the loop turns', async () => {
    const { data, errors } = await api.ask(`{ flywheel { ${FIGURES} } }`);
    expect(errors).toBeUndefined();
    const flywheel = data?.['flywheel'] as typeof lastWeek;
    expect(flywheel.timeToFirstPayout.curve[0]?.unpaid).toBeCloseTo(1 / 3, 12);
    expect({ ...flywheel, timeToFirstPayout: lastWeek.timeToFirstPayout }).toEqual(lastWeek);
    expect({ ...flywheel.timeToFirstPayout, curve: [] }).toEqual({ ...lastWeek.timeToFirstPayout, curve: [] });
  });

  it('tells the same window by window, where the last one ends with the newest block', async () => {
    const { data, errors } = await api.ask(`{
      whole: flywheelHistory(from: "2026-11-02T00:00:00Z") { ${FIGURES} }
      newest: flywheelHistory { from to }
      hours: flywheelHistory(bucket: HOUR, from: "2026-11-16T23:00:00Z", to: "2026-11-17T00:30:00Z") { from to inferences }
    }`);
    expect(errors).toBeUndefined();
    const whole = data?.['whole'] as (typeof lastWeek)[];
    expect(whole).toHaveLength(3);
    expect({ ...whole[2], timeToFirstPayout: lastWeek.timeToFirstPayout }).toEqual(lastWeek);
    expect(whole[1]).toMatchObject({
      from: '2026-11-09T00:00:00.000Z',
      to: lastWeek.from,
      newContributors: 2,
      models: 1,
      fees: [{ ...native, amount: '9' }],
      externalDemand: [{ ...native, share: 1 }],
      backing: [],
      timeToFirstPayout: { median: null, p90: null, paid: 0, waiting: 2, curve: [] },
      concentration: null,
      weakestStage: null,
    });
    expect(whole[0]).toMatchObject({
      inferences: 0,
      fees: [],
      externalDemand: [],
      attributionCoverage: null,
      dataUtilisation: null,
      timeToFirstPayout: null,
    });
    const newest = data?.['newest'] as { from: string; to: string }[];
    expect(newest).toHaveLength(90);
    expect(newest[89]).toEqual({ from: lastWeek.from, to: lastWeek.to });
    expect(data?.['hours']).toEqual([
      { from: '2026-11-16T23:00:00.000Z', to: lastWeek.to.replace('23T00', '17T00'), inferences: 0 },
      { from: '2026-11-17T00:00:00.000Z', to: '2026-11-17T00:30:00.000Z', inferences: 4 },
    ]);
  });

  it('knows who was rewarded within 90 days before the window', async () => {
    // Since the 1st of August 90 days have passed on the 30th of October.
    const window = (from: string) =>
      `flywheel(from: "${from}", to: "2026-11-10T00:00:00Z") { externalDemand { share } }`;
    const { data } = await api.ask(`{ in: ${window('2026-10-30T00:00:00Z')} out: ${window('2026-10-30T00:00:01Z')} }`);
    expect(data).toEqual({ in: { externalDemand: [{ share: 0 }] }, out: { externalDemand: [{ share: 1 }] } });
  });

  it.each<[string, string]>([
    ['flywheel', 'from: "2026-11-20T06:00:00Z", to: "2026-11-20T06:00:00Z"'],
    ['flywheelHistory', 'from: "2027-11-20T06:00:00Z"'],
    ['flywheelHistory', 'bucket: DAY, from: "2025-01-01T00:00:00Z"'],
  ])('%s refuses (%s), naming from', async (field, args) => {
    const { data, errors } = await api.ask(`{ ${field}(${args}) { from } }`);
    expect(data).toEqual({ [field]: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', argument: 'from' }]);
  });

  it('is null for a chain that is not indexed', async () => {
    const { data } = await api.ask('{ flywheel(chainId: 2) { from } flywheelHistory(chainId: 2) { from } }');
    expect(data).toEqual({ flywheel: null, flywheelHistory: null });
  });
});
