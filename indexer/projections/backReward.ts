/** Funding of a pool by source: FEE, EMISSION, GRANT, SLASH, and all unknown codes as one. */
export type Funding = [fee: bigint, emission: bigint, grant: bigint, slash: bigint, unknown: bigint];

const UNKNOWN = 4;

export function sourceIndex(code: number): number {
  return Math.min(code, UNKNOWN);
}

/**
 * What a reward is backed by (protocol/README, Reward): part s is floor(amount * f_s / sum f), f_s being the pool's
 * funding by source s before the reward. What rounding leaves goes to the source with the largest f_s, ties to the
 * lower code, unknown codes last. With nothing funded before it, everything is unknown. Parts sum to the amount.
 */
export function backReward(amount: bigint, funding: Readonly<Funding>): Funding {
  const total = funding.reduce((sum, part) => sum + part, 0n);
  if (total === 0n) return [0n, 0n, 0n, 0n, amount];
  // Most pools have one source, which is all of it.
  const only = funding.indexOf(total);
  if (only >= 0) return funding.map((_, source) => (source === only ? amount : 0n)) as Funding;
  const parts = funding.map((part) => (amount * part) / total) as Funding;
  let largest = 0;
  for (let i = 1; i < funding.length; i++) if ((funding[i] as bigint) > (funding[largest] as bigint)) largest = i;
  const rest = amount - parts.reduce((sum, part) => sum + part, 0n);
  parts[largest] = (parts[largest] as bigint) + rest;
  return parts;
}
