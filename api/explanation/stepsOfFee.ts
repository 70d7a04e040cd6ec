import { toAddress, toHex } from '../bytes';
import { amountText, countText, percentText, shortText } from './amountText';
import { type Leg, legNames, ruleOf, weigh } from './expectedReward';
import type { RewardRecord } from './rewardRecord';
import { endsOf, type Step, stepOf, type TokenNames } from './step';

/** What counts for the amount, as of the end of the reward's block: nothing of what wasn't settled or submitted by then. */
export function basisOf({ end, inference, contribution, split, influence }: RewardRecord) {
  const settled = inference !== null && inference.pos < end ? inference : null;
  const submitted = contribution !== null && contribution.pos < end;
  return {
    inference: settled,
    split: settled ? split : null,
    influence: settled && submitted ? influence : null,
  };
}

export const legNouns: Readonly<Record<Leg, string>> = {
  platform: "the platform's part",
  model: "the model's part",
  stakers: "the stakers' part",
  contributors: "the contributors' part",
};

export function inferenceText(ref: Buffer): string {
  return `inference ${shortText(toHex(ref))}`;
}

/** From the fee to the weight's share of it, as far as it was recorded by the end of the reward's block. */
export function feeSteps(record: RewardRecord, tokens: TokenNames): Step[] {
  const { inference, split, influence } = basisOf(record);
  if (!inference) return [];
  const { fee, pos, user, modelId } = inference;
  const { ref, refunds, role } = record;
  const text = (amount: bigint) => amountText(amount, tokens.fee);
  const steps = [
    stepOf(
      'FEE_PAID',
      `${shortText(toAddress(user))} paid ${text(fee)} for ${inferenceText(ref)} of model ${modelId}.`,
      { amount: { of: 'fee', amount: fee }, evidence: [pos] },
    ),
  ];
  if (refunds) {
    const left = fee - refunds.amount;
    steps.push(
      stepOf(
        'FEE_PAID',
        `${countText(refunds.count, 'refund')} gave ${text(refunds.amount)} of it back, which leaves ${text(left)}.`,
        {
          amount: { of: 'fee', amount: left },
          formula: `${fee} - ${refunds.amount}`,
          evidence: endsOf(refunds),
        },
      ),
    );
  }
  if (split) steps.push(splitStep(record, tokens));
  if (ruleOf(role)?.weighted && influence) {
    steps.push(attributedStep(record));
    if (split) steps.push(weightedStep(record, tokens));
  }
  return steps;
}

function splitStep(record: RewardRecord, tokens: TokenNames): Step {
  const { split, parameters, role, refunds } = record;
  const { inference } = basisOf(record);
  if (!split || !inference) throw new Error('no split to explain');
  const text = (amount: bigint) => amountText(amount, tokens.fee);
  const all = legNames.reduce((sum, leg) => sum + split[leg], 0n);
  const rest = inference.fee - (refunds?.amount ?? 0n) - all;
  const parts = legNames.map((leg) => `${text(split[leg])} for ${legNouns[leg]}`);
  const sentences = [`The fee was split: ${parts.join(', ')}.`];
  if (rest > 0n) sentences.push(`${text(rest)} of the fee is in no part.`);
  if (rest < 0n) sentences.push(`The parts are ${text(-rest)} more than the fee.`);
  const leg = ruleOf(role)?.leg;
  if (!leg) {
    return stepOf('FEE_SPLIT', sentences.join(' '), {
      amount: { of: 'fee', amount: all },
      formula: legNames.map((name) => split[name]).join(' + '),
      evidence: [split.pos],
    });
  }
  const bps = parameters?.bps[leg];
  const byParameters = bps === undefined ? null : (inference.fee * bps) / 10_000n;
  if (bps === undefined) sentences.push('No fee parameters were in force.');
  else if (byParameters !== split[leg]) {
    sentences.push(
      `By the parameters in force, ${percentText(bps * 100n)} of the fee, ${legNouns[leg]} would be ${text(byParameters ?? 0n)}.`,
    );
  }
  return stepOf('FEE_SPLIT', sentences.join(' '), {
    amount: { of: 'fee', amount: split[leg] },
    formula: byParameters === split[leg] ? `${inference.fee} * ${bps} / 10000` : null,
    evidence: [split.pos, ...(parameters ? [parameters.pos] : [])],
  });
}

function attributedStep({ influence, committed, revision, contributionId, ref }: RewardRecord): Step {
  if (!influence) throw new Error('no influence to explain');
  const sentences = [
    `Contribution ${contributionId} was given a weight of ${percentText(influence.weightPpm)} (${influence.weightPpm} of 1000000) in ${inferenceText(ref)}.`,
    committed
      ? `The attribution was committed by ${committed.method.toLowerCase().replaceAll('_', ' ')}, with ${countText(Number(committed.leafCount), 'leaf').replace('leafs', 'leaves')}.`
      : 'No commitment of the attribution was recorded.',
  ];
  if (revision) sentences.push('It had been revised; the weight is of the latest revision.');
  return stepOf('ATTRIBUTED', sentences.join(' '), {
    evidence: [influence.pos, ...(committed ? [committed.pos] : []), ...(revision ? [revision.pos] : [])],
  });
}

function weightedStep({ split, influence }: RewardRecord, tokens: TokenNames): Step {
  if (!split || !influence) throw new Error('no weight to explain');
  const { share } = weigh(split.contributors, influence.weightPpm);
  return stepOf(
    'WEIGHTED',
    `${percentText(influence.weightPpm)} of ${legNouns.contributors}, rounded down, are ${amountText(share, tokens.fee)}.`,
    {
      amount: { of: 'fee', amount: share },
      formula: `${split.contributors} * ${influence.weightPpm} / 1000000`,
      evidence: [split.pos, influence.pos],
    },
  );
}

/** The first thing that is missing for the expected amount, in words. */
export function whyUnknown(record: RewardRecord): Step {
  const { inference: settled, split } = basisOf(record);
  const { ref, role, end, inference, contribution, contributionId, funded } = record;
  const said = (text: string, evidence: bigint[] = []) => stepOf('UNKNOWN', text, { evidence });
  const rule = ruleOf(role);
  const emitted = funded.emission > 0n && funded.fee === 0n;
  const emission = emitted
    ? ' The pool was funded by emission: how an emission is divided among its beneficiaries is not on chain.'
    : '';
  if (ref.every((byte) => byte === 0)) {
    return said(`The reward names no inference, so the chain does not record what it was worked out from.${emission}`);
  }
  if (!inference) {
    return said(
      `The reward's reference ${shortText(toHex(ref))} is no settled inference, so the chain does not record what it was worked out from.${emission}`,
    );
  }
  if (!settled) {
    return said(
      `${capital(inferenceText(ref))} was settled only after the reward's block, which had nothing to work it out from.`,
      [inference.pos],
    );
  }
  if (!rule) {
    const whom = role === 'UNKNOWN' ? 'a role that it does not know' : `the role ${role}`;
    return said(`The protocol has no rule for what ${whom} is due, so no amount can be expected.`);
  }
  if (!split) {
    return said(
      `No split of this fee was recorded by the end of the reward's block, so ${legNouns[rule.leg]} is not known.`,
    );
  }
  if (contributionId === '0') return said('The reward names no contribution, so its weight is not known.');
  if (!contribution || contribution.pos >= end) {
    return said(
      `Contribution ${contributionId}, which the reward names, was not submitted by the end of the reward's block.`,
      contribution ? [contribution.pos] : [],
    );
  }
  return said(
    record.revision
      ? `The latest revision of the attribution gives contribution ${contributionId} no weight in ${inferenceText(ref)}.`
      : `No weight of contribution ${contributionId} in ${inferenceText(ref)} was recorded by the end of the reward's block.`,
    record.revision ? [record.revision.pos] : [],
  );
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
