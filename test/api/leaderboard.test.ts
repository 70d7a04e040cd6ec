import { id } from 'ethers';
import { ANN, BOB, CAT, COIN, POOL, receipt, type Told, ZERO } from '../oracle/told';
import { type ApiHarness, openApi } from './harness';
import { commitTold } from './placedTold';

const DAN = `0x${'dd'.repeat(20)}`;
const NATIVE = 'token:1:native';
const accrued = (beneficiary: string, amount: bigint, more = {}): Told => [
  'RewardAccrued',
  { poolId: POOL, beneficiary, amount, ...more },
];
const settled = (name: string, user: string, fee: bigint, modelId = 1n, more = {}): Told => [
  'InferenceSettled',
  { inferenceId: id(name), modelId, user, receipt: receipt({ fee, ...more }) },
];

interface Board {
  entries: { rank: number; rankChange: number | null; value: string; subject: { id: string } }[];
}

describe('leaderboard', () => {
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    await commitTold(api.database.pool, 1, [
      [
        '2026-11-01T00:00:00Z',
        [
          ['PoolCreated', { poolId: POOL, kind: 0n, subjectId: 1n }],
          ['DatanetCreated', { datanetId: 1n }],
          ['ModelRegistered', { modelId: 1n }],
          ['ModelRegistered', { modelId: 2n }],
          ['AdapterRegistered', { adapterId: 3n }],
          ['ContributionSubmitted', { contributionId: 1n, contributor: ANN }],
          ['ContributionSubmitted', { contributionId: 2n, contributor: BOB }],
        ],
      ],
      // The week before: bob 9, cat 8, ann 1.
      ['2026-11-09T23:59:59Z', [accrued(BOB, 9n), accrued(CAT, 8n), accrued(ANN, 1n)]],
      [
        '2026-11-15T00:00:00Z',
        [
          accrued(ANN, 10n),
          accrued(ANN, 20n),
          accrued(BOB, 20n),
          accrued(CAT, 20n),
          accrued(DAN, 5n),
          // Nobody, another role, nothing.
          accrued(ZERO, 100n),
          accrued(BOB, 100n, { role: 1n }),
          accrued(`0x${'ee'.repeat(20)}`, 0n),
        ],
      ],
      [
        '2026-11-16T00:00:00Z',
        [
          settled('one', ANN, 10n, 1n, { adapterIds: [3n, 3n, 4n] }),
          settled('two', ANN, 5n, 2n, { adapterIds: [3n] }),
          settled('three', BOB, 4n, 1n),
          settled('four', BOB, 50n, 1n, { feeToken: COIN }),
          settled('five', CAT, 3n, 2n),
          settled('six', CAT, 3n, 999n),
          ['InferenceRefunded', { inferenceId: id('five'), amount: 3n }],
          ['InferenceRefunded', { inferenceId: id('one'), amount: 4n }],
          ['InfluenceRecorded', { inferenceId: id('one'), datanetId: 1n, contributor: ANN, weightPpm: 400n }],
          ['AttributionRevised', { inferenceId: id('one') }],
          ['InfluenceRecorded', { inferenceId: id('one'), datanetId: 1n, contributor: BOB, weightPpm: 300n }],
          ['InfluenceRecorded', { inferenceId: id('two'), datanetId: 1n, contributor: BOB, weightPpm: 200n }],
          ['InfluenceRecorded', { inferenceId: id('two'), datanetId: 9n, contributor: CAT, weightPpm: 600n }],
          ['InfluenceRecorded', { inferenceId: id('never'), datanetId: 1n, contributor: CAT, weightPpm: 700n }],
          ['ContributionFinalized', { contributionId: 1n, status: 1n }],
          ['ContributionFinalized', { contributionId: 1n, status: 2n }],
          ['ContributionFinalized', { contributionId: 1n, status: 1n }],
          ['ContributionFinalized', { contributionId: 2n, status: 2n }],
          ['ContributionFinalized', { contributionId: 99n, status: 1n }],
        ],
      ],
      ['2026-11-16T23:59:59Z', [['ModelRegistered', { modelId: 5n }]]],
    ]);
  });
  afterAll(() => api?.close());

  const places = async (args: string) => {
    const { data, errors } = await api.ask(`{ leaderboard(${args}) { from to
      entries { rank rankChange value token { id } subject { id } } } }`);
    expect(errors).toBeUndefined();
    const { entries } = (data as { leaderboard: Board }).leaderboard;
    return entries.map(({ rank, rankChange, value, subject }) => `${rank} ${rankChange} ${subject.id} ${value}`);
  };

  it('ranks by what accrued to contributors: ties share a rank, and the places of the week before count', async () => {
    expect(await places(`metric: CONTRIBUTORS_BY_REWARDS, token: "${NATIVE}"`)).toEqual([
      `1 2 account:${ANN} 30`,
      `2 -1 account:${BOB} 20`,
      `2 0 account:${CAT} 20`,
      `4 null account:${DAN} 5`,
    ]);
    expect(await places(`metric: CONTRIBUTORS_BY_REWARDS, token: "${NATIVE}", first: 2`)).toHaveLength(2);
    expect(await places('metric: CONTRIBUTORS_BY_REWARDS, token: "token:2:native"')).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['metric: CONTRIBUTORS_BY_INFLUENCE', [`1 null account:${CAT} 600`, `2 null account:${BOB} 500`]],
    ['metric: CONTRIBUTORS_BY_ACCEPTED', [`1 null account:${ANN} 1`]],
    // 18 the week before; of the 275 since then each counts, in whatever role.
    [`metric: DATANETS_BY_REWARDS, token: "${NATIVE}"`, ['1 0 datanet:1:1 275']],
    ['metric: DATANETS_BY_INFLUENCE', ['1 null datanet:1:1 500']],
    // 10 + 4 less 4; 5 + 3 less 3.
    [`metric: MODELS_BY_FEES, token: "${NATIVE}"`, ['1 null model:1:1 10', '2 null model:1:2 5']],
    ['metric: MODELS_BY_USERS', ['1 null model:1:1 2', '1 null model:1:2 2']],
    ['metric: ADAPTERS_BY_INFERENCES', ['1 null adapter:1:3 2']],
    // 10 + 5 less 4; 4; 3 + 3 less 3.
    [
      `metric: USERS_BY_FEES, token: "${NATIVE}"`,
      [`1 null account:${ANN} 11`, `2 null account:${BOB} 4`, `3 null account:${CAT} 3`],
    ],
    [`metric: USERS_BY_FEES, token: "token:1:${COIN}"`, [`1 null account:${BOB} 50`]],
  ])('knows %s', async (args, expected) => {
    expect(await places(args)).toEqual(expected);
  });

  it('is by default of the 7 days up to and including the newest block', async () => {
    const { data } = await api.ask(
      '{ leaderboard(metric: MODELS_BY_USERS) { metric from to entries { token { id } } } }',
    );
    expect(data?.['leaderboard']).toEqual({
      metric: 'MODELS_BY_USERS',
      from: '2026-11-10T00:00:00.000Z',
      to: '2026-11-17T00:00:00.000Z',
      entries: [{ token: null }, { token: null }],
    });
  });

  it.each<[string, string]>([
    ['metric: USERS_BY_FEES', 'token'],
    ['metric: USERS_BY_FEES, token: "model:1:1"', 'token'],
    ['metric: MODELS_BY_USERS, first: 101', 'first'],
    ['metric: MODELS_BY_USERS, first: -1', 'first'],
    ['metric: MODELS_BY_USERS, from: "2026-11-20T06:00:00Z", to: "2026-11-20T06:00:00Z"', 'from'],
  ])('refuses (%s), naming %s', async (args, argument) => {
    const { data, errors } = await api.ask(`{ leaderboard(${args}) { metric } }`);
    expect(data).toEqual({ leaderboard: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', argument }]);
  });
});
