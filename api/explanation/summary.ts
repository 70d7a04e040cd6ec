import { toAddress } from '../bytes';
import { amountText, percentText, shortText } from './amountText';
import { ruleOf } from './expectedReward';
import type { RewardRecord } from './rewardRecord';
import type { Step, TokenNames } from './step';
import { basisOf, legNouns } from './stepsOfFee';
import { comparison, roleNouns, sameToken } from './stepsOfPool';

/** A sentence for what was paid and from what, and one for whether that adds up. */
export function summaryOf(
  record: RewardRecord,
  tokens: TokenNames,
  expected: bigint | null,
  unknown: Step | null,
): string {
  const { amount, beneficiary, role } = record;
  const credited = `${shortText(toAddress(beneficiary))} was credited ${amountText(amount, tokens.pool)} ${roleNouns[role]}`;
  const rule = ruleOf(role);
  const { inference, split, influence } = basisOf(record);
  if (expected === null || !rule || !inference || !split) {
    return `${credited}. ${unknown?.text ?? 'The chain does not record what it was worked out from.'}`;
  }
  const leg = `${legNouns[rule.leg]} (${amountText(split[rule.leg], tokens.fee)}) of a fee of ${amountText(inference.fee, tokens.fee)}`;
  const from = rule.weighted ? `${percentText(influence?.weightPpm ?? 0n)} of ${leg}` : leg;
  const adds = sameToken(tokens)
    ? comparison(amount, expected, tokens)
    : `By the fee it should be ${amountText(expected, tokens.fee)}; the pool pays another token.`;
  return `${credited}, from ${from}. ${adds}`;
}
