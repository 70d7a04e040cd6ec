import { type Chain, ZERO_HASH } from './chain';
import { nameOfCode, POOL_KINDS, ROLES, SOURCES } from './codes';
import type { Fact } from './fact';
import { accountId, idOf, type JsonObject, type Row, ratio } from './json';
import { Purse, tokenId } from './money';

/** Funding sources by code; all unknown codes are the last one. */
const UNKNOWN_SOURCE = SOURCES.length;

export interface Reward {
  fact: Fact;
  token: string;
  amount: bigint;
  /** The parts of the amount by source, SOURCES' index or UNKNOWN_SOURCE; they sum to the amount. */
  parts: bigint[];
  datanetIds: bigint[];
  modelIds: bigint[];
}

/** A pool's token is its PoolCreated's, whenever that came. */
export function tokenOfPool(chain: Chain, poolId: string): string {
  return tokenId(chain.chainId, chain.pools.get(poolId)?.text('token') ?? null);
}

function sourceOf(funding: Fact): number {
  return Math.min(Number(funding.big('source')), UNKNOWN_SOURCE);
}

/** Funding by source, of some PoolFunded. */
export function fundedBySource(fundings: Fact[]): bigint[] {
  const funded = [...SOURCES, 'UNKNOWN'].map(() => 0n);
  for (const funding of fundings) funded[sourceOf(funding)]! += funding.big('amount');
  return funded;
}

/**
 * Part s is floor(amount * f_s / sum f); what rounding leaves goes to the source with the largest f_s, of equals the
 * lower code. With nothing funded the whole amount is UNKNOWN.
 */
export function backingOf(amount: bigint, funded: bigint[]): bigint[] {
  const all = funded.reduce((sum, part) => sum + part, 0n);
  if (all === 0n) return funded.map((_, source) => (source === UNKNOWN_SOURCE ? amount : 0n));
  const parts = funded.map((part) => (amount * part) / all);
  const largest = funded.reduce((best, part, source) => (part > funded[best]! ? source : best), 0);
  parts[largest]! += amount - parts.reduce((sum, part) => sum + part, 0n);
  return parts;
}

/** [SourceAmount!]!, in code order, UNKNOWN last; parts of zero are left out. */
export function sourceAmounts(parts: bigint[]): JsonObject[] {
  return parts.flatMap((amount, source) =>
    amount === 0n ? [] : [{ source: SOURCES[source] ?? 'UNKNOWN', amount: String(amount) }],
  );
}

/** [Backing!]!: a token of which nothing but zeros accrued has no shares, so it isn't listed. */
export function backings(rewards: Reward[]): JsonObject[] {
  const accrued = new Purse();
  for (const { token, amount } of rewards) accrued.add(token, amount);
  return accrued.json().flatMap((entry) => {
    const token = (entry['token'] as { id: string }).id;
    const all = accrued.amounts.get(token) ?? 0n;
    if (all === 0n) return [];
    const parts = [...SOURCES, 'UNKNOWN'].map((_, source) =>
      rewards.reduce((sum, reward) => (reward.token === token ? sum + reward.parts[source]! : sum), 0n),
    );
    return [
      {
        token: { id: token },
        accrued: String(all),
        bySource: sourceAmounts(parts),
        feeShare: ratio(parts[0]!, all),
        leakShare: ratio(parts[1]! + parts[UNKNOWN_SOURCE]!, all),
      },
    ];
  });
}

/** Every RewardAccrued, oldest first. */
export function rewardsOf(chain: Chain): Reward[] {
  return chain.memo('rewards', () =>
    chain.of('RewardAccrued').map((fact) => {
      const poolId = fact.text('poolId');
      const before = chain.where('PoolFunded', 'poolId', poolId).filter((funding) => funding.seq < fact.seq);
      const amount = fact.big('amount');
      const pool = chain.pools.get(poolId);
      const contribution = chain.contributionOfReward(fact.big('contributionId'));
      const inference = chain.inferenceOfRef(fact.text('ref'));
      return {
        fact,
        token: tokenOfPool(chain, poolId),
        amount,
        parts: backingOf(amount, fundedBySource(before)),
        datanetIds: [...(contribution ? [contribution.datanetId] : []), ...subjectOf(pool, 'DATANET')],
        modelIds: [...(inference ? [inference.big('modelId')] : []), ...subjectOf(pool, 'MODEL')],
      };
    }),
  );
}

function subjectOf(pool: Fact | undefined, kind: 'DATANET' | 'MODEL'): bigint[] {
  return pool && nameOfCode(POOL_KINDS, pool.big('kind')) === kind ? [pool.big('subjectId')] : [];
}

/** A datanet's rewards: of contributions in it and of pools whose subject it is, each once. */
export function rewardsOfDatanet(chain: Chain, datanetId: bigint): Reward[] {
  return rewardsOf(chain).filter((reward) => reward.datanetIds.includes(datanetId));
}

/** Rewards that name a contribution; 0 is none. */
export function rewardsOfContribution(chain: Chain, contributionId: bigint): Reward[] {
  return rewardsOf(chain).filter(({ fact }) => contributionId !== 0n && fact.big('contributionId') === contributionId);
}

export function rewardRows(chain: Chain): Row[] {
  const id = (type: string, key: bigint | string) => idOf(type, chain.chainId, key);
  return rewardsOf(chain).map(({ fact, token, amount, parts, datanetIds, modelIds }) => {
    const contributionId = fact.big('contributionId');
    const inference = chain.inferenceOfRef(fact.text('ref'));
    const role = nameOfCode(ROLES, fact.big('role'));
    const sources = sourceAmounts(parts);
    return {
      node: {
        id: fact.id('reward'),
        chainId: chain.chainId,
        poolId: fact.text('poolId'),
        ref: fact.text('ref'),
        contributionId: String(contributionId),
        pool: poolOf(chain, fact),
        beneficiary: { id: accountId(fact.text('beneficiary')) },
        role,
        amount: { token: { id: token }, amount: String(amount) },
        backing: sources,
        epoch: String(fact.big('epoch')),
        inference: inference && { id: id('inference', fact.text('ref')) },
        contribution: chain.contributionOfReward(contributionId) && { id: id('contribution', contributionId) },
        accruedAt: fact.provenance(),
      },
      place: fact.place(),
      keys: {
        ...factKeys(chain, fact),
        contribution: contributionId === 0n ? [] : [id('contribution', contributionId)],
        inference: inferenceKey(chain, fact),
        datanet: datanetIds.map((key) => id('datanet', key)),
        model: modelIds.map((key) => id('model', key)),
        token: [token],
        role: [role],
        source: sources.map((part) => part['source'] as string),
      },
      ranges: { block: BigInt(fact.block.number), amount, accruedAt: BigInt(fact.block.timestamp) * 1000n },
      orders: {},
      money: { AMOUNT: new Map([[token, amount]]) },
    };
  });
}

export function claimRows(chain: Chain): Row[] {
  return chain.of('RewardClaimed').map((fact) => ({
    node: {
      id: fact.id('claim'),
      chainId: chain.chainId,
      poolId: fact.text('poolId'),
      pool: poolOf(chain, fact),
      beneficiary: { id: accountId(fact.text('beneficiary')) },
      to: { id: accountId(fact.text('to')) },
      amount: { token: { id: tokenOfPool(chain, fact.text('poolId')) }, amount: String(fact.big('amount')) },
      claimedAt: fact.provenance(),
    },
    place: fact.place(),
    keys: factKeys(chain, fact),
    ranges: { claimedAt: BigInt(fact.block.timestamp) * 1000n },
    orders: {},
    money: {},
  }));
}

export function reversalRows(chain: Chain): Row[] {
  return chain.of('RewardReversed').map((fact) => {
    const ref = fact.text('ref');
    return {
      node: {
        id: fact.id('reversal'),
        chainId: chain.chainId,
        poolId: fact.text('poolId'),
        pool: poolOf(chain, fact),
        beneficiary: { id: accountId(fact.text('beneficiary')) },
        ref,
        inference: chain.inferenceOfRef(ref) && { id: idOf('inference', chain.chainId, ref) },
        reason: Number(fact.big('reason')),
        amount: { token: { id: tokenOfPool(chain, fact.text('poolId')) }, amount: String(fact.big('amount')) },
        reversedAt: fact.provenance(),
      },
      place: fact.place(),
      keys: { ...factKeys(chain, fact), inference: inferenceKey(chain, fact) },
      ranges: { reversedAt: BigInt(fact.block.timestamp) * 1000n },
      orders: {},
      money: {},
    };
  });
}

function poolOf(chain: Chain, fact: Fact): JsonObject | null {
  const poolId = fact.text('poolId');
  return chain.pools.has(poolId) ? { id: idOf('pool', chain.chainId, poolId) } : null;
}

function factKeys(chain: Chain, fact: Fact): Row['keys'] {
  return {
    chainId: [String(chain.chainId)],
    beneficiary: [fact.text('beneficiary')],
    pool: [idOf('pool', chain.chainId, fact.text('poolId'))],
  };
}

/** Filters go by the key that the event names, settled or not; zero names none. */
function inferenceKey(chain: Chain, fact: Fact): string[] {
  const ref = fact.text('ref');
  return ref === ZERO_HASH ? [] : [idOf('inference', chain.chainId, ref)];
}
