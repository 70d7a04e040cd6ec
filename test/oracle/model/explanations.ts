import type { Chain } from './chain';
import { nameOfCode, POOL_KINDS, ROLES, SOURCES } from './codes';
import type { Fact } from './fact';
import type { JsonObject } from './json';
import { receiptOf } from './models';
import { tokenId } from './money';
import { tokenOfPool } from './rewards';

/** What explainReward must say of a reward, but for its words: each step's kind, amount and logs. */
export interface ExplanationShape {
  expected: string | null;
  difference: string | null;
  steps: { kind: string; amount: JsonObject | null; evidence: string[] }[];
}

const LEG_OF_ROLE: Record<string, string> = {
  CONTRIBUTOR: 'contributors',
  MODEL_BUILDER: 'model',
  PLATFORM: 'platform',
};
const LEG_OF_KIND: Record<string, string> = {
  DATANET: 'contributors',
  MODEL: 'model',
  PLATFORM: 'platform',
  STAKING: 'stakers',
};
const LEGS = ['platform', 'model', 'stakers', 'contributors'];

/** @param then the same chain up to the end of the reward's block */
export function explanationOf(chain: Chain, then: Chain, reward: Fact): ExplanationShape {
  const role = nameOfCode(ROLES, reward.big('role'));
  const leg = LEG_OF_ROLE[role];
  const ref = reward.text('ref');
  const poolId = reward.text('poolId');
  const contributionId = reward.big('contributionId');
  const poolToken = tokenOfPool(chain, poolId);
  const isLater = (fact: Fact) => fact.block.number > reward.block.number;
  const steps: ExplanationShape['steps'] = [];
  const step = (kind: string, amount: [token: string, amount: bigint] | null, evidence: Fact[]) => {
    const ids = [...new Set(evidence.map((fact) => fact.id('event')))];
    steps.push({ kind, amount: amount && { token: { id: amount[0] }, amount: String(amount[1]) }, evidence: ids });
  };

  const settled = then.inferenceOfRef(ref);
  const everSettled = chain.inferenceOfRef(ref);
  const split = settled ? then.where('FeeSplit', 'inferenceId', ref).at(-1) : undefined;
  const submitted = then.contributionOfReward(contributionId);
  const edge =
    settled && submitted
      ? then
          .currentInfluences('inferenceId', ref)
          .filter((fact) => fact.big('contributionId') === contributionId)
          .at(-1)
      : undefined;
  const committed = then.where('AttributionCommitted', 'inferenceId', ref).at(-1);
  const revised = then.where('AttributionRevised', 'inferenceId', ref).at(-1);
  let expected: bigint | null = null;
  let weighted: [bigint, bigint] | null = null;
  if (split && leg && role !== 'CONTRIBUTOR') expected = split.big(leg);
  if (split && edge && role === 'CONTRIBUTOR') {
    weighted = [split.big('contributors'), edge.big('weightPpm')];
    expected = (weighted[0] * weighted[1]) / 1_000_000n;
  }

  if (settled) {
    const { fee, feeToken } = receiptOf(settled);
    const token = tokenId(chain.chainId, feeToken);
    step('FEE_PAID', [token, fee], [settled]);
    const refunds = then.where('InferenceRefunded', 'inferenceId', ref);
    if (refunds.length > 0) step('FEE_PAID', [token, fee - sum(refunds)], ends(refunds));
    if (split) {
      const parameters = then
        .of('FeeParamsSet')
        .filter((fact) => fact.seq < settled.seq && fact.big('effectiveAt') <= BigInt(settled.block.timestamp))
        .at(-1);
      const amount = leg ? split.big(leg) : LEGS.reduce((all, name) => all + split.big(name), 0n);
      step('FEE_SPLIT', [token, amount], [split, ...(leg && parameters ? [parameters] : [])]);
    }
    if (edge && role === 'CONTRIBUTOR') {
      step('ATTRIBUTED', null, [edge, ...(committed ? [committed] : []), ...(revised ? [revised] : [])]);
      if (split) step('WEIGHTED', [token, expected as bigint], [split, edge]);
    }
  }
  if (expected === null) {
    // What of the missing exists, if only too late, or what took it away.
    const late = everSettled && !settled ? [everSettled] : [];
    const lateContribution = chain.contributionOfReward(contributionId);
    const asks = settled && leg && split;
    if (!asks) step('UNKNOWN', null, late);
    else if (!submitted) step('UNKNOWN', null, lateContribution ? [lateContribution.fact] : []);
    else step('UNKNOWN', null, revised ? [revised] : []);
  }

  const pool = chain.pools.get(poolId);
  if (!pool) step('UNKNOWN', null, []);
  else if (pool.seq > reward.seq) step('UNKNOWN', null, [pool]);
  const fundings = chain.where('PoolFunded', 'poolId', poolId).filter((fact) => fact.seq < reward.seq);
  const ofRef = fundings.filter((fact) => fact.text('ref') === ref && !/^0x0+$/.test(ref));
  if (sum(fundings) === 0n) step('UNKNOWN', null, ends(fundings));
  else step('POOL_FUNDED', [poolToken, sum(fundings)], [...ends(ofRef), ...ends(fundings)]);
  const byFee = fundings.filter(isFee);
  const missing = sum(byFee) > 0n ? shortfall(chain, legOfPool(chain, poolId), poolToken) : 0n;
  if (missing > 0n) step('UNKNOWN', [poolToken, missing], ends(byFee));

  if (weighted && edge && split && (weighted[0] * weighted[1]) % 1_000_000n > 0n) step('ROUNDED', null, [split, edge]);
  step('ACCRUED', [poolToken, reward.big('amount')], [reward]);

  if (settled) {
    const token = tokenId(chain.chainId, receiptOf(settled).feeToken);
    const refunds = chain.where('InferenceRefunded', 'inferenceId', ref).filter(isLater);
    if (refunds.length > 0) step('FEE_PAID', [token, sum(refunds)], ends(refunds));
    const splits = chain.where('FeeSplit', 'inferenceId', ref).filter(isLater);
    const latest = splits.at(-1);
    if (latest) {
      const amount = leg ? latest.big(leg) : LEGS.reduce((all, name) => all + latest.big(name), 0n);
      step('FEE_SPLIT', [token, amount], ends(splits));
    }
    if (role === 'CONTRIBUTOR') {
      const revisions = chain.where('AttributionRevised', 'inferenceId', ref).filter(isLater);
      const edges = chain
        .where('InfluenceRecorded', 'inferenceId', ref)
        .filter((fact) => fact.big('contributionId') === contributionId && contributionId !== 0n && isLater(fact));
      if (revisions.length + edges.length > 0) step('ATTRIBUTED', null, [...ends(revisions), ...ends(edges)]);
    }
  }
  const own = (event: string) =>
    chain
      .where(event, 'poolId', poolId)
      .filter((fact) => fact.text('beneficiary') === reward.text('beneficiary') && fact.seq > reward.seq);
  const reversals = own('RewardReversed').filter((fact) => fact.text('ref') === ref);
  if (reversals.length > 0) step('REVERSED', [poolToken, sum(reversals)], ends(reversals));
  const claims = own('RewardClaimed');
  if (claims.length > 0) step('CLAIMED', [poolToken, sum(claims)], ends(claims));
  return {
    expected: expected === null ? null : String(expected),
    difference: expected === null ? null : String(reward.big('amount') - expected),
    steps,
  };
}

function isFee(funding: Fact): boolean {
  return nameOfCode(SOURCES, funding.big('source')) === 'FEE';
}

function legOfPool(chain: Chain, poolId: string): string {
  const pool = chain.pools.get(poolId);
  return (pool && LEG_OF_KIND[nameOfCode(POOL_KINDS, pool.big('kind'))]) ?? 'unknown';
}

/** How far the chain's split:LEG of a token is below zero. */
function shortfall(chain: Chain, leg: string, token: string): bigint {
  const left = chain.memo(`split:${leg} ${token}`, () => {
    const declared = chain
      .of('PoolFunded')
      .filter(isFee)
      .filter((fact) => legOfPool(chain, fact.text('poolId')) === leg)
      .filter((fact) => tokenOfPool(chain, fact.text('poolId')) === token);
    const splits = [...chain.inferences.values()]
      .filter((settled) => tokenId(chain.chainId, receiptOf(settled).feeToken) === token)
      .flatMap((settled) => chain.where('FeeSplit', 'inferenceId', settled.text('inferenceId')).at(-1) ?? []);
    const paid = leg === 'unknown' ? 0n : splits.reduce((all, split) => all + split.big(leg), 0n);
    return paid - sum(declared);
  });
  return left < 0n ? -left : 0n;
}

function sum(facts: Fact[]): bigint {
  return facts.reduce((total, fact) => total + fact.big('amount'), 0n);
}

/** The first and the last, once if they are one. */
function ends(facts: Fact[]): Fact[] {
  const [first] = facts;
  const last = facts.at(-1);
  return first && last ? [first, last] : [];
}
