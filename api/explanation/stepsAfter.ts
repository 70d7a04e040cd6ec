import { toAddress, toHex } from '../bytes';
import { amountText, countText, percentText, shortText } from './amountText';
import { legNames, ruleOf } from './expectedReward';
import type { RewardRecord } from './rewardRecord';
import { endsOf, type Step, stepOf, type TokenNames } from './step';
import { basisOf, inferenceText, legNouns } from './stepsOfFee';

/** What came after: none of it changes what the amount should have been. */
export function stepsAfter(record: RewardRecord, tokens: TokenNames): Step[] {
  return [...feeAfter(record, tokens), ...attributionAfter(record), ...payoutsAfter(record, tokens)];
}

function feeAfter(record: RewardRecord, tokens: TokenNames): Step[] {
  const { inference } = basisOf(record);
  if (!inference) return [];
  const { refunds, splits, split } = record.later;
  const text = (amount: bigint) => amountText(amount, tokens.fee);
  const steps: Step[] = [];
  if (refunds) {
    steps.push(
      stepOf('FEE_PAID', `Later, ${countText(refunds.count, 'refund')} gave ${text(refunds.amount)} of the fee back.`, {
        amount: { of: 'fee', amount: refunds.amount },
        evidence: endsOf(refunds),
      }),
    );
  }
  if (splits && split) {
    const leg = ruleOf(record.role)?.leg;
    const all = legNames.reduce((sum, name) => sum + split[name], 0n);
    const parts = leg ? `${legNouns[leg]} is ${text(split[leg])}` : `the parts sum to ${text(all)}`;
    steps.push(
      stepOf(
        'FEE_SPLIT',
        `Later the fee was split anew, ${splits.count === 1 ? 'once' : `${splits.count} times`}: by the latest split ${parts}.`,
        { amount: { of: 'fee', amount: leg ? split[leg] : all }, evidence: endsOf(splits) },
      ),
    );
  }
  return steps;
}

function attributionAfter(record: RewardRecord): Step[] {
  const { inference } = basisOf(record);
  const { revisions, influences, weightPpm } = record.later;
  if (!inference || !ruleOf(record.role)?.weighted || (!revisions && !influences)) return [];
  const now =
    record.contributionId === '0'
      ? ''
      : weightPpm === null
        ? ` It gives contribution ${record.contributionId} no weight any more.`
        : ` By now the weight of contribution ${record.contributionId} is ${percentText(weightPpm)}.`;
  const what = revisions
    ? `Later the attribution of ${inferenceText(record.ref)} was revised, ${revisions.count === 1 ? 'once' : `${revisions.count} times`}.`
    : `Later the contribution's weight in ${inferenceText(record.ref)} was recorded anew.`;
  return [stepOf('ATTRIBUTED', `${what}${now}`, { evidence: [...endsOf(revisions), ...endsOf(influences)] })];
}

function payoutsAfter({ later, beneficiary, poolId, ref }: RewardRecord, tokens: TokenNames): Step[] {
  const text = (amount: bigint) => amountText(amount, tokens.pool);
  const whose = `${shortText(toAddress(beneficiary))}'s rewards of pool ${shortText(toHex(poolId))}`;
  const { reversals, claims } = later;
  const steps: Step[] = [];
  if (reversals) {
    const reference = ref.every((byte) => byte === 0)
      ? 'without a reference'
      : `with the reference ${shortText(toHex(ref))}`;
    steps.push(
      stepOf(
        'REVERSED',
        `Later, ${countText(reversals.count, 'reversal')} took ${text(reversals.amount)} of ${whose} ${reference} back. A reversal names no reward, so this need not be all of this one.`,
        { amount: { of: 'pool', amount: reversals.amount }, evidence: endsOf(reversals) },
      ),
    );
  }
  if (claims) {
    steps.push(
      stepOf(
        'CLAIMED',
        `Later, ${countText(claims.count, 'claim')} paid ${text(claims.amount)} of ${whose} out. A claim names no reward, so this need not be all of this one.`,
        { amount: { of: 'pool', amount: claims.amount }, evidence: endsOf(claims) },
      ),
    );
  }
  return steps;
}
