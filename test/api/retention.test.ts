import { id } from 'ethers';
import { cohortRows } from '../../api/series/cohorts';
import { ANN, BOB, CAT, receipt, type Told } from '../oracle/told';
import { type ApiHarness, openApi } from './harness';
import { commitTold } from './placedTold';

it('counts cohorts up to the last bucket, those that nobody came back in too', () => {
  expect(
    cohortRows(
      [
        { first: 2, at: 2, accounts: 1 },
        { first: 0, at: 0, accounts: 3 },
        { first: 0, at: 2, accounts: 2 },
      ],
      4,
    ),
  ).toEqual([
    { first: 0, size: 3, active: [3, 0, 2, 0] },
    { first: 2, size: 1, active: [1, 0] },
  ]);
  expect(cohortRows([], 4)).toEqual([]);
});

let settledSoFar = 0;
const contributes = (contributor: string, contributionId: bigint): Told => [
  'ContributionSubmitted',
  { contributor, contributionId },
];
const pays = (user: string, fee: bigint): Told => [
  'InferenceSettled',
  { inferenceId: id(`settled ${settledSoFar++}`), user, receipt: receipt({ fee }) },
];

describe('retention', () => {
  let api: ApiHarness;

  beforeAll(async () => {
    api = await openApi();
    // Mondays: the 2nd, 9th, 16th and 23rd of November 2026.
    await commitTold(api.database.pool, 1, [
      [
        '2026-11-02T00:00:00Z',
        [
          ['ModelRegistered', { modelId: 1n, builder: ANN }],
          contributes(ANN, 1n),
          contributes(ANN, 2n),
          contributes(BOB, 3n),
          pays(ANN, 0n),
        ],
      ],
      ['2026-11-08T23:59:59Z', [contributes(CAT, 4n), pays(BOB, 1n)]],
      [
        '2026-11-09T00:00:00Z',
        [contributes(BOB, 5n), pays(ANN, 1n), ['ModelVersionPublished', { modelId: 1n, version: 1n }]],
      ],
      [
        '2026-11-23T12:00:00Z',
        [contributes(ANN, 6n), pays(BOB, 5n), ['ModelVersionPublished', { modelId: 1n, version: 2n }]],
      ],
      // Published already, and of a model that nobody registered.
      [
        '2026-11-30T00:00:00Z',
        [
          ['ModelVersionPublished', { modelId: 1n, version: 2n }],
          ['ModelVersionPublished', { modelId: 7n, version: 1n }],
        ],
      ],
    ]);
    await commitTold(api.database.pool, 2, [
      ['2026-11-17T00:00:00Z', [contributes(CAT, 1n), contributes(`0x${'dd'.repeat(20)}`, 2n)]],
    ]);
  });
  afterAll(() => api?.close());

  const rows = async (args: string) => {
    const { data, errors } = await api.ask(`{ retention(${args}) { cohort bucket rows { start size active } } }`);
    expect(errors).toBeUndefined();
    const retention = data?.['retention'] as { rows: { start: string; size: number; active: number[] }[] };
    return retention.rows.map(({ start, size, active }) => `${start.slice(5, 10)}: ${size} of ${active}`);
  };

  it('follows contributors, users and builders from their first action on', async () => {
    expect(await rows('cohort: CONTRIBUTORS, chainId: 1')).toEqual(['11-02: 3 of 3,1,0,1,0']);
    expect(await rows('cohort: USERS, chainId: 1')).toEqual(['11-02: 1 of 1,0,0,1,0', '11-09: 1 of 1,0,0,0']);
    expect(await rows('cohort: BUILDERS')).toEqual(['11-09: 1 of 1,0,1,0']);
    expect(await rows('cohort: CONTRIBUTORS, bucket: MONTH, chainId: 1')).toEqual(['11-01: 3 of 3']);
  });

  it('knows an account on all chains together, and on one', async () => {
    expect(await rows('cohort: CONTRIBUTORS')).toEqual(['11-02: 3 of 3,1,1,1,0', '11-16: 1 of 1,0,0']);
    expect(await rows('cohort: CONTRIBUTORS, chainId: 2')).toEqual(['11-16: 2 of 2']);
  });

  it('has no newcomers among those who acted before the window', async () => {
    const from = 'from: "2026-11-02T00:00:01Z"';
    expect(await rows(`cohort: CONTRIBUTORS, chainId: 1, ${from}`)).toEqual(['11-02: 1 of 1,0,0,0,0']);
    expect(await rows(`cohort: USERS, chainId: 1, ${from}, to: "2026-11-23T12:00:00Z"`)).toEqual([
      '11-02: 1 of 1,0,0,0',
      '11-09: 1 of 1,0,0',
    ]);
  });

  it.each<[string, string]>([
    ['bucket: HOUR', 'bucket'],
    ['bucket: DAY, from: "2020-11-02T00:00:00Z"', 'from'],
    ['from: "2026-11-23T12:00:00Z", to: "2026-11-22T12:00:00Z"', 'from'],
  ])('refuses (%s), naming %s', async (args, argument) => {
    const { data, errors } = await api.ask(`{ retention(cohort: USERS, ${args}) { bucket } }`);
    expect(data).toEqual({ retention: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', argument }]);
  });

  it('is null for a chain that is not indexed', async () => {
    expect((await api.ask('{ retention(cohort: USERS, chainId: 3) { bucket } }')).data).toEqual({ retention: null });
  });
});
