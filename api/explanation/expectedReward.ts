/** The parts of a fee, in the token's smallest unit. */
export interface Legs {
  platform: bigint;
  model: bigint;
  stakers: bigint;
  contributors: bigint;
}
export type Leg = keyof Legs;
export const legNames = ['platform', 'model', 'stakers', 'contributors'] as const satisfies readonly Leg[];

/** How the protocol says what a role is due: a leg of the split, or the weight's share of it. */
export interface RewardRule {
  leg: Leg;
  weighted: boolean;
}

const PPM = 1_000_000n;
const rules: Readonly<Record<string, RewardRule>> = {
  CONTRIBUTOR: { leg: 'contributors', weighted: true },
  MODEL_BUILDER: { leg: 'model', weighted: false },
  PLATFORM: { leg: 'platform', weighted: false },
};

/** null for the roles of which the protocol says no more than that they are paid. */
export function ruleOf(role: string): RewardRule | null {
  return rules[role] ?? null;
}

/** floor(leg * weightPpm / 1,000,000), and what rounding leaves, in parts per million of a smallest unit. */
export function weigh(leg: bigint, weightPpm: bigint): { share: bigint; remainder: bigint } {
  const product = leg * weightPpm;
  return { share: product / PPM, remainder: product % PPM };
}

/**
 * What a reward should be by its protocol (README, Reward, "Expected amount"); null where a part of it isn't recorded.
 * @param split of a settled inference, and `weightPpm` of a contribution in it, in force at the end of the reward's block
 */
export function expectedReward(role: string, split: Legs | null, weightPpm: bigint | null): bigint | null {
  const rule = ruleOf(role);
  if (!rule || !split) return null;
  if (!rule.weighted) return split[rule.leg];
  return weightPpm === null ? null : weigh(split[rule.leg], weightPpm).share;
}
