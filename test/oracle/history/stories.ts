import { id } from 'ethers';
import type { EventLog } from '../log';
import { type Cast, ZERO_HASH } from './cast';

/** A story is what belongs together: the logs of one or a few transactions. */
export type Story = (cast: Cast) => EventLog[];

const foundDatanet: Story = (cast) => {
  const datanetId = cast.random.pick(cast.datanets);
  const kind = cast.random.pick([0n, 0n, 0n, 1n]);
  const poolId = cast.random.pick(cast.pools);
  return [
    cast.event('DatanetCreated', { datanetId }),
    cast.event('CuratorSet', { datanetId, active: true }),
    cast.event('PoolCreated', { poolId, kind, subjectId: datanetId }),
    cast.event('PoolFunded', { poolId, source: 1n, amount: cast.random.bits(60) }),
    cast.event('DatanetVersionPublished', { datanetId, version: 1n }),
  ];
};

const switchCurator: Story = (cast) => {
  const given = { datanetId: cast.datanet(), curator: cast.account() };
  return [true, false].map((active) =>
    cast.event('CuratorSet', { ...given, active: active !== cast.random.chance(0.4) }),
  );
};

const contribute: Story = (cast) => {
  const given = { contributionId: cast.random.pick(cast.contributions), datanetId: cast.datanet() };
  const { contributionId } = given;
  const datanetVersion = BigInt(cast.random.below(4));
  const submitted = cast.random.chance(0.7)
    ? cast.event('ContributionSubmitted', given)
    : cast.event('ContributionBatchSubmitted', {
        datanetId: given.datanetId,
        firstContributionId: contributionId,
        contentHashes: [cast.hash(), cast.hash(), cast.hash()],
      });
  const rest = [
    cast.event('ContributionScored', { contributionId }),
    cast.event('ContributionScored', { contributionId }),
    cast.event('ContributionFinalized', {
      contributionId,
      status: cast.random.pick([1n, 1n, 1n, 1n, 2n, 3n, 7n]),
      datanetVersion,
    }),
    cast.event('DatanetVersionPublished', { datanetId: given.datanetId, version: datanetVersion + 1n }),
  ];
  return [submitted, ...rest.slice(0, cast.random.below(5))];
};

/** The largest ids: a batch that ends exactly at 2^256 - 1, or one that passes it and doesn't decode. */
const lastBatch: Story = (cast) => [
  cast.event('ContributionBatchSubmitted', {
    firstContributionId: 2n ** 256n - 2n,
    contentHashes: Array.from({ length: cast.random.pick([2, 3]) }, () => cast.hash()),
  }),
];

const dispute: Story = (cast) => {
  const disputeId = cast.random.pick(cast.disputes);
  const logs = [
    cast.event('DisputeOpened', { disputeId }),
    cast.event('DisputeResolved', { disputeId }),
    cast.event('DisputeResolved', { disputeId }),
  ].slice(0, cast.random.between(1, 3));
  return cast.random.chance(0.2) ? logs.reverse() : logs;
};

const build: Story = (cast) => {
  const modelId = cast.random.pick(cast.models);
  const runId = cast.random.pick(cast.runs);
  const inputs = Array.from({ length: cast.random.between(1, 3) }, () => ({
    datanetId: cast.datanet(),
    datanetVersion: BigInt(cast.random.below(5)),
    weightPpm: cast.ppm(),
  }));
  const logs = [
    cast.event('ModelRegistered', { modelId }),
    cast.event('TrainingRunRecorded', { runId, modelId, inputs }),
    cast.event('ModelVersionPublished', { modelId, runId, version: BigInt(cast.random.between(1, 4)) }),
    cast.event('PriceSet', { modelId }),
    cast.event('AdapterRegistered', { modelId, runId }),
    cast.event('PoolCreated', { kind: 1n, subjectId: modelId }),
  ];
  return cast.random.chance(0.2) ? cast.random.shuffle(logs) : logs.slice(cast.random.below(2));
};

const useAndReward: Story = (cast) => {
  const { random } = cast;
  const inferenceId = random.pick(cast.inferences);
  const modelId = cast.model();
  const user = cast.account();
  const fee = random.chance(0.15) ? 0n : random.bits(62);
  const leg = fee / 4n;
  const contributors = fee - 3n * leg - (random.chance(0.2) ? 1n : 0n);
  const receipt = {
    modelVersion: BigInt(random.below(5)),
    tokensIn: random.bits(12),
    tokensOut: random.bits(12),
    feeToken: cast.token(),
    fee,
    adapterIds: Array.from({ length: random.below(4) }, () => random.pick([...cast.adapters, 999n])),
    outputHash: cast.hash(),
  };
  const logs = [
    cast.event('CreditConsumed', { user, inferenceId }),
    cast.event('InferenceSettled', { inferenceId, modelId, user, receipt }),
    cast.event('FeeSplit', { inferenceId, platform: leg, model: leg, stakers: leg, contributors: max0(contributors) }),
    ...leaves(cast, inferenceId, modelId),
    ...payout(cast, inferenceId, leg),
  ];
  if (random.chance(0.3)) logs.push(cast.event('FeedbackRecorded', { inferenceId, modelId }));
  return random.chance(0.15) ? random.shuffle(logs) : logs.slice(0, random.between(2, logs.length));
};

/** A commitment and its leaves, whose weights mostly sum to exactly 1,000,000. */
function leaves(cast: Cast, inferenceId: string, modelId: bigint): EventLog[] {
  const { random } = cast;
  const count = random.between(1, 4);
  let left = 1_000_000;
  const influences = Array.from({ length: count }, (_, i) => {
    const weight = i === count - 1 ? left : random.between(0, left);
    left -= weight;
    return cast.event('InfluenceRecorded', { inferenceId, weightPpm: BigInt(weight) });
  });
  const leafCount = BigInt(random.chance(0.85) ? count : count + 1);
  return [cast.event('AttributionCommitted', { inferenceId, modelId, leafCount }), ...influences];
}

function payout(cast: Cast, ref: string, leg: bigint): EventLog[] {
  const { random } = cast;
  const poolId = random.pick(cast.pools);
  const beneficiary = cast.account();
  const amount = leg / BigInt(random.between(1, 3));
  return [
    cast.event('PoolFunded', { poolId, source: 0n, ref, amount: leg }),
    cast.event('RewardAccrued', { poolId, beneficiary, ref, amount }),
    cast.event('RewardAccrued', { poolId, ref, amount: random.bits(20) }),
    cast.event('RewardClaimed', { poolId, beneficiary, amount: amount / 2n }),
  ];
}

const revise: Story = (cast) => {
  const inferenceId = cast.random.pick(cast.inferences);
  const logs = [cast.event('AttributionRevised', { inferenceId })];
  if (cast.random.chance(0.7)) logs.push(...leaves(cast, inferenceId, cast.model()));
  return cast.random.chance(0.3) ? logs.reverse() : logs;
};

const refund: Story = (cast) => {
  const inferenceId = cast.random.pick(cast.inferences);
  const amount = cast.random.bits(58);
  return [cast.event('InferenceRefunded', { inferenceId, amount }), cast.event('FeeSplit', { inferenceId })];
};

const mixFunding: Story = (cast) => {
  const poolId = cast.pool();
  const sources = cast.random.shuffle([0n, 1n, 2n, 3n, 4n, 200n]).slice(0, cast.random.between(1, 4));
  // Equal amounts make ties, small ones make rounding.
  const equal = cast.random.chance(0.4) ? BigInt(cast.random.between(1, 5)) : null;
  return [
    ...sources.map((source) =>
      cast.event('PoolFunded', { poolId, source, amount: equal ?? BigInt(cast.random.between(0, 9)) }),
    ),
    cast.event('RewardAccrued', { poolId, amount: BigInt(cast.random.between(0, 11)) }),
    cast.event('RewardReversed', { poolId }),
  ];
};

const poolAfterwards: Story = (cast) => {
  const poolId = cast.random.pick(cast.pools);
  return [
    cast.event('RewardAccrued', { poolId, amount: cast.random.bits(60) }),
    cast.event('PoolFunded', { poolId, amount: cast.random.bits(60) }),
    cast.event('PoolCreated', { poolId, kind: cast.random.pick([0n, 1n, 2n, 3n, 7n]) }),
  ];
};

const changeParams: Story = (cast) => [
  cast.event('FeeParamsSet', { effectiveAt: BigInt(cast.now() - cast.random.below(50)) }),
  cast.event('FeeParamsSet', { effectiveAt: BigInt(cast.now() + cast.random.below(50)) }),
];

const zeroRun: Story = (cast) => [
  cast.event('TrainingRunRecorded', { runId: ZERO_HASH }),
  cast.event('ModelVersionPublished', { runId: ZERO_HASH }),
];

const opaqueRefs: Story = (cast) => [
  cast.event('RewardAccrued', { ref: ZERO_HASH, contributionId: 0n }),
  cast.event('RewardReversed', { ref: id('no inference') }),
  cast.event('BondChanged'),
  cast.event('Slashed'),
];

/** Every story as often as it is told. */
export const STORIES: Story[] = [
  foundDatanet,
  switchCurator,
  contribute,
  contribute,
  contribute,
  contribute,
  lastBatch,
  dispute,
  dispute,
  build,
  build,
  useAndReward,
  useAndReward,
  useAndReward,
  useAndReward,
  useAndReward,
  revise,
  refund,
  mixFunding,
  mixFunding,
  poolAfterwards,
  changeParams,
  zeroRun,
  opaqueRefs,
];

function max0(value: bigint): bigint {
  return value < 0n ? 0n : value;
}
