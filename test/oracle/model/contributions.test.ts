import { type Args } from '../log';
import { Oracle } from '../model';
import {
  ANN,
  ASKED,
  account,
  BOB,
  blocksOf,
  CAT,
  MAX,
  nth,
  only,
  POOL,
  ROOT,
  RUN,
  type Told,
  told,
  ZERO,
} from '../told';
import type { Json } from './json';

describe('a contribution', () => {
  const submitted: Told = ['ContributionSubmitted', { contributionId: 1n, datanetId: 2n }];
  const finalized = (status: bigint, datanetVersion = 0n): Told => [
    'ContributionFinalized',
    { contributionId: 1n, status, datanetVersion, scorePpm: 1_500_000n, reason: 4n },
  ];
  const resolved = (upheld: boolean, disputeId = 1n): Told => ['DisputeResolved', { disputeId, upheld }];
  const opened: Told = ['DisputeOpened', { disputeId: 1n, contributionId: 1n }];
  const status = (...logs: Told[]) => only(told(...logs).contributions())['status'];

  test('has the status of the latest decision, wherever in the order it and the dispute came', () => {
    expect(status(submitted)).toBe('PENDING');
    expect(status(finalized(1n), submitted)).toBe('ACCEPTED');
    expect(status(submitted, finalized(0n))).toBe('UNKNOWN');
    expect(status(submitted, finalized(1n), opened, resolved(false))).toBe('ACCEPTED');
    expect(status(submitted, finalized(1n), opened, resolved(true))).toBe('SLASHED');
    expect(status(submitted, finalized(1n), opened, resolved(true), resolved(false))).toBe('SLASHED');
    expect(status(submitted, opened, resolved(true), finalized(2n))).toBe('REJECTED');
    expect(status(submitted, finalized(1n), resolved(true), opened)).toBe('SLASHED');
    expect(status(submitted, finalized(1n), resolved(true))).toBe('ACCEPTED');
    expect(status(submitted, opened, resolved(true))).toBe('SLASHED');
  });

  test('has the score of the latest finalization, above 1 as it is', () => {
    const row = only(told(submitted, finalized(1n, 1n), finalized(2n, 6n)).contributions());
    expect(row).toMatchObject({ score: 1.5, scorePpm: '1500000', datanetVersion: '6', decisionReason: 4 });
    expect(nth(row['finalizedAt'])).toBe(3);
  });

  test('of a batch has an id of its own and neither size, licence nor uri', () => {
    const contentHashes = [ROOT, RUN, ROOT];
    const oracle = told(
      ['ContributionSubmitted', { contributionId: 6n, datanetId: 2n, uri: 'first' }],
      ['ContributionBatchSubmitted', { datanetId: 3n, firstContributionId: 5n, contentHashes, bondEach: 9n }],
      ['ContributionSubmitted', { contributionId: 7n, datanetId: 4n }],
    );
    expect(oracle.contributions()).toMatchObject([
      { contributionId: '6', datanetId: '2', uri: 'first', sizeBytes: '0', bond: '0' },
      {
        contributionId: '5',
        datanetId: '3',
        uri: null,
        sizeBytes: null,
        licenseId: null,
        bond: '9',
        contentHash: ROOT,
      },
      { contributionId: '7', datanetId: '3', uri: null },
    ]);
    expect(oracle.events()[1]?.['subjects']).toEqual([
      'contribution:1:5',
      'contribution:1:6',
      'contribution:1:7',
      'datanet:1:3',
    ]);
  });

  test('of a batch may have the last id; a batch that passes it is undecoded', () => {
    const batch = (firstContributionId: bigint, length: number): Told => [
      'ContributionBatchSubmitted',
      { firstContributionId, contentHashes: Array(length).fill(ROOT) },
    ];
    const oracle = told(batch(MAX - 1n, 2), batch(MAX - 1n, 3), batch(MAX, 0));
    expect(oracle.contributions().map(({ contributionId }) => contributionId)).toEqual([`${MAX - 1n}`, `${MAX}`]);
    expect(oracle.events()).toHaveLength(2);
    expect(oracle.undecodedLogs(1)).toBe(1);
  });

  test('counts in its datanet by its current status', () => {
    const ids = [1n, 2n, 3n, 4n, 5n];
    const decided = (contributionId: bigint, status: bigint): Told => [
      'ContributionFinalized',
      { contributionId, status },
    ];
    const datanet = only(
      told(
        ...ids.map(
          (contributionId): Told => [
            'ContributionSubmitted',
            { contributionId, contributor: contributionId < 4n ? ANN : ZERO },
          ],
        ),
        ...[decided(1n, 1n), decided(2n, 1n), decided(2n, 2n), decided(3n, 3n), decided(4n, 77n)],
        ['DatanetCreated'],
      ).datanets(),
    );
    expect(datanet).toMatchObject({
      contributionCount: 5,
      contributorCount: 2,
      pendingCount: 1,
      acceptedCount: 1,
      rejectedCount: 1,
      slashedCount: 1,
      acceptanceRate: 0.5,
    });
  });

  test('goes through the stages in their order', () => {
    const stages: [string, Told][] = [
      ['UNSCORED', submitted],
      ['UNDECIDED', ['ContributionScored', { contributionId: 1n }]],
      ['REJECTED', finalized(2n, 4n)],
      ['NOT_IN_A_VERSION', finalized(1n, 4n)],
      ['NOT_IN_A_VERSION', ['DatanetVersionPublished', { datanetId: 2n, version: 3n }]],
      ['NOT_IN_A_VERSION', ['DatanetVersionPublished', { datanetId: 2n, version: 5n }]],
      ['NOT_TRAINED_ON', ['DatanetCreated', { datanetId: 2n }]],
      ['NOT_TRAINED_ON', ['TrainingRunRecorded', run(RUN, 3n)]],
      ['NOT_TRAINED_ON', ['TrainingRunRecorded', run(RUN, 4n)]],
      ['NOT_TRAINED_ON', ['TrainingRunRecorded', run(`0x${'00'.repeat(32)}`, 4n)]],
      ['NOT_TRAINED_ON', ['TrainingRunRecorded', run(ROOT, 4n)]],
      ['NEVER_INFLUENTIAL', ['ModelRegistered', { modelId: 8n }]],
      ['NEVER_INFLUENTIAL', ['InfluenceRecorded', { inferenceId: ASKED, contributionId: 1n, weightPpm: 1n }]],
      ['UNREWARDED', ['InferenceSettled', { inferenceId: ASKED }]],
      ['NEVER_INFLUENTIAL', ['AttributionRevised', { inferenceId: ASKED }]],
      [
        'NEVER_INFLUENTIAL',
        ['InfluenceRecorded', { inferenceId: ASKED, contributionId: 1n, weightPpm: 0n, influence: 5n }],
      ],
      ['UNREWARDED', ['InfluenceRecorded', { inferenceId: ASKED, contributionId: 1n, weightPpm: 2n, influence: -5n }]],
      ['PAID', ['RewardAccrued', { poolId: POOL, contributionId: 1n }]],
      ['PAID', finalized(2n)],
    ];
    const oracle = new Oracle();
    const seen: Json[] = [];
    for (const block of blocksOf(stages.map(([, log]) => log))) {
      oracle.apply(block);
      seen.push(only(oracle.contributions())['stage'] as Json);
    }
    expect(seen).toEqual(stages.map(([stage]) => stage));
    oracle.rewindTo(1, 18);
    const row = only(oracle.contributions());
    expect([row['inVersionAt'], row['trainedAt'], row['firstInfluenceAt'], row['firstRewardAt']].map(nth)).toEqual([
      6, 11, 17, 18,
    ]);
    expect(row).toMatchObject({ influenceCount: 1, totals: { influences: 2 } });
  });

  function run(runId: string, datanetVersion: bigint): Args {
    return { runId, modelId: 8n, inputs: [{ datanetId: 2n, datanetVersion, weightPpm: 1n }] };
  }
});

test('of several resolutions a dispute shows the latest, a zero beneficiary as none', () => {
  const dispute = only(
    told(
      ['DisputeResolved', { disputeId: 1n, upheld: true, slashed: 9n, beneficiary: BOB }],
      ['DisputeOpened', { disputeId: 1n, contributionId: 5n, challenger: ANN, bond: 3n }],
      ['DisputeOpened', { disputeId: 1n, contributionId: 6n, challenger: CAT }],
      ['DisputeResolved', { disputeId: 1n, upheld: false, slashed: 2n }],
    ).disputes(),
  );
  expect(dispute).toMatchObject({ contributionId: '5', challenger: account(ANN), bond: '3', contribution: null });
  expect(dispute).toMatchObject({ resolved: true, upheld: false, slashed: '2', beneficiary: null });
});
