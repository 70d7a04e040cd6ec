import type { EventLog } from '../log';
import type { Cast } from './cast';
import type { Story } from './stories';

/** What a later story needs to know of a reward that was told. */
interface Paid {
  inferenceId: string;
  contributionId: bigint;
  poolId: string;
  beneficiary: string;
  amount: bigint;
}
const paid = new WeakMap<Cast, Paid[]>();

/** A fee, its split, a weight and the reward that follows from them: to the unit, a little off, or in another role. */
const pay: Story = (cast) => {
  const { random } = cast;
  const inferenceId = random.pick(cast.inferences);
  const contributionId = random.pick(cast.contributions.filter((id) => id !== 0n));
  const poolId = random.pick(cast.pools);
  const beneficiary = cast.account();
  const feeToken = cast.token();
  const contributors = random.bits(random.pick([3, 20, 60]));
  const [platform, model, stakers] = [random.bits(40), random.bits(40), random.bits(10)] as [bigint, bigint, bigint];
  const fee = contributors + platform + model + stakers + (random.chance(0.2) ? 1n : 0n);
  const weightPpm = cast.ppm();
  const amount = (contributors * weightPpm) / 1_000_000n + (random.chance(0.2) ? 1n : 0n);
  const influence = (weight: bigint) =>
    cast.event('InfluenceRecorded', { inferenceId, contributionId, weightPpm: weight });
  const told: EventLog[] = [
    cast.event('ContributionSubmitted', { contributionId }),
    cast.event('PoolCreated', { poolId, token: feeToken, kind: random.pick([0n, 0n, 1n, 2n, 3n]) }),
    cast.event('InferenceSettled', {
      inferenceId,
      receipt: {
        modelVersion: 1n,
        tokensIn: 1n,
        tokensOut: 1n,
        feeToken,
        fee,
        adapterIds: [],
        outputHash: cast.hash(),
      },
    }),
    ...(random.chance(0.3) ? [cast.event('InferenceRefunded', { inferenceId, amount: random.bits(20) })] : []),
    ...(random.chance(0.2) ? [cast.event('FeeSplit', { inferenceId })] : []),
    cast.event('FeeSplit', { inferenceId, platform, model, stakers, contributors }),
    ...(random.chance(0.7) ? [cast.event('AttributionCommitted', { inferenceId })] : []),
    ...(random.chance(0.2) ? [influence(cast.ppm())] : []),
    ...(random.chance(0.2) ? [cast.event('AttributionRevised', { inferenceId })] : []),
    ...(random.chance(0.9) ? [influence(weightPpm)] : []),
    cast.event('PoolFunded', { poolId, source: random.pick([0n, 0n, 1n]), ref: inferenceId, amount: contributors }),
    cast.event('RewardAccrued', {
      poolId,
      beneficiary,
      ref: inferenceId,
      role: random.pick([0n, 0n, 0n, 0n, 1n, 3n, 2n, 9n]),
      contributionId: random.chance(0.95) ? contributionId : 0n,
      amount,
    }),
  ];
  paid.set(cast, [...(paid.get(cast) ?? []), { inferenceId, contributionId, poolId, beneficiary, amount }]);
  return random.chance(0.1) ? random.shuffle(told) : told;
};

/** What may come after a reward: in a block of its own, mostly. */
const afterwards: Story = (cast) => {
  const known = paid.get(cast);
  if (!known) return pay(cast);
  const { random } = cast;
  const { inferenceId, contributionId, poolId, beneficiary, amount } = random.pick(known);
  const part = amount / BigInt(random.between(1, 3));
  return random.pick([
    () => [cast.event('InferenceRefunded', { inferenceId, amount: random.bits(20) })],
    () => [cast.event('FeeSplit', { inferenceId })],
    () => [cast.event('AttributionRevised', { inferenceId })],
    () => [cast.event('InfluenceRecorded', { inferenceId, contributionId })],
    () => [cast.event('RewardReversed', { poolId, beneficiary, ref: inferenceId, amount: part })],
    () => [cast.event('RewardClaimed', { poolId, beneficiary, amount: part })],
  ])();
};

/** Rewards by weight and what becomes of them, for histories that are about money. */
export const PAYING_STORIES: readonly Story[] = [pay, pay, afterwards, afterwards];
