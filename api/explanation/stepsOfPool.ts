import { toAddress, toHex } from '../bytes';
import { amountText, countText, shortText } from './amountText';
import { ruleOf, weigh } from './expectedReward';
import type { Funded, RewardRecord } from './rewardRecord';
import { endsOf, type Step, stepOf, type TokenNames } from './step';
import { basisOf } from './stepsOfFee';

const sources: readonly [keyof Funded, string][] = [
  ['fee', 'fees'],
  ['emission', 'emission'],
  ['grant', 'grants'],
  ['slash', 'slashed bonds'],
  ['unknown', 'an unknown source'],
];

const nounOf: Readonly<Record<string, string>> = Object.fromEntries(
  sources.map(([source, noun]) => [source.toUpperCase(), noun]),
);

export const roleNouns: Readonly<Record<string, string>> = {
  CONTRIBUTOR: 'as a contributor',
  MODEL_BUILDER: 'as the builder of the model',
  STAKER: 'as a staker',
  PLATFORM: 'as the platform',
  CURATOR: 'as a curator',
  ADAPTER_BUILDER: 'as the builder of an adapter',
  UNKNOWN: 'in a role that the protocol does not know',
};

/** Where the pool's money comes from, and what of that the chain does not record. */
export function poolSteps(record: RewardRecord, tokens: TokenNames): Step[] {
  const { pool, poolId, funded, fundings, fundingsOfRef, backing, shortfall, feeFundings } = record;
  const text = (amount: bigint) => amountText(amount, tokens.pool);
  const name = `Pool ${shortText(toHex(poolId))}`;
  const steps: Step[] = [];
  if (!pool) {
    steps.push(
      stepOf('UNKNOWN', `${name} was never created, so its token, its kind and whom it is for are not recorded.`),
    );
  } else if (pool.pos > record.pos) {
    steps.push(stepOf('UNKNOWN', `${name} was created only after this reward.`, { evidence: [pool.pos] }));
  }
  const given = sources.filter(([source]) => funded[source] > 0n);
  const all = given.reduce((sum, [source]) => sum + funded[source], 0n);
  if (all === 0n || !fundings) {
    steps.push(
      stepOf('UNKNOWN', `Nothing was paid into the pool before this reward: what backs it is not recorded.`, {
        evidence: endsOf(fundings),
      }),
    );
  } else {
    const mix = given.map(([source, noun]) => `${text(funded[source])} from ${noun}`).join(', ');
    const parts = backing.map(({ source, amount }) => `${text(amount)} from ${nounOf[source] ?? source}`).join(', ');
    steps.push(
      stepOf(
        'POOL_FUNDED',
        `${name} had received ${mix} by ${countText(fundings.count, 'payment')} before this reward${
          fundingsOfRef ? `, of which ${text(fundingsOfRef.amount)} for this inference` : ''
        }.${parts === '' ? '' : ` In that mix the reward is ${parts}.`}`,
        {
          amount: { of: 'pool', amount: all },
          formula: given.length > 1 ? given.map(([source]) => funded[source]).join(' + ') : null,
          evidence: [...endsOf(fundingsOfRef), ...endsOf(fundings)],
        },
      ),
    );
  }
  if (shortfall > 0n && feeFundings) {
    steps.push(
      stepOf(
        'UNKNOWN',
        `The pool declares that it was paid from fees, but on this chain the splits of such fees paid ${text(shortfall)} less than pools like it declare: no split is behind that much.`,
        { amount: { of: 'pool', amount: shortfall }, evidence: endsOf(feeFundings) },
      ),
    );
  }
  return steps;
}

/** What rounding leaves, and the reward as it was recorded. */
export function accrualSteps(record: RewardRecord, tokens: TokenNames, expected: bigint | null): Step[] {
  const { amount, beneficiary, role, epoch, pos } = record;
  const { split, influence } = basisOf(record);
  const steps: Step[] = [];
  if (ruleOf(role)?.weighted && split && influence) {
    const { remainder } = weigh(split.contributors, influence.weightPpm);
    if (remainder > 0n) {
      steps.push(
        stepOf(
          'ROUNDED',
          `Rounding down to whole smallest units leaves ${remainder} millionths of one, which no reward holds.`,
          {
            formula: `${split.contributors} * ${influence.weightPpm} % 1000000 = ${remainder}`,
            evidence: [split.pos, influence.pos],
          },
        ),
      );
    }
  }
  const sentences = [
    `${shortText(toAddress(beneficiary))} was credited ${amountText(amount, tokens.pool)} ${roleNouns[role]}, in epoch ${epoch}.`,
  ];
  if (expected !== null && sameToken(tokens)) sentences.push(comparison(amount, expected, tokens));
  if (expected !== null && !sameToken(tokens)) sentences.push('The pool pays another token than the fee was paid in.');
  steps.push(stepOf('ACCRUED', sentences.join(' '), { amount: { of: 'pool', amount }, evidence: [pos] }));
  return steps;
}

export function sameToken({ fee, pool }: TokenNames): boolean {
  return fee.id === pool.id;
}

/** "That is 1 OPEN more than expected." */
export function comparison(amount: bigint, expected: bigint, { pool }: TokenNames): string {
  if (amount === expected) return 'That is exactly what was to be expected.';
  const [by, than] = amount > expected ? [amount - expected, 'more'] : [expected - amount, 'less'];
  return `That is ${amountText(by, pool)} ${than} than the ${amountText(expected, pool)} that were to be expected.`;
}
