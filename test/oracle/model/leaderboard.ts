import { type Chain, push } from './chain';
import type { Fact } from './fact';
import { accountId, idOf, type JsonObject } from './json';
import { receiptOf, refundedOn } from './models';
import { tokenId } from './money';
import { rewardsOf } from './rewards';
import { isWithin, type TimeWindow } from './windows';

export const METRICS = [
  'CONTRIBUTORS_BY_REWARDS',
  'CONTRIBUTORS_BY_INFLUENCE',
  'CONTRIBUTORS_BY_ACCEPTED',
  'DATANETS_BY_REWARDS',
  'DATANETS_BY_INFLUENCE',
  'MODELS_BY_FEES',
  'MODELS_BY_USERS',
  'ADAPTERS_BY_INFERENCES',
  'USERS_BY_FEES',
] as const;

export interface LeaderboardQuery extends TimeWindow {
  metric: (typeof METRICS)[number];
  token: string | null;
  first: number;
}

const ZERO_ACCOUNT = accountId(`0x${'00'.repeat(20)}`);

export function leaderboardOf(chains: Chain[], query: LeaderboardQuery): JsonObject[] {
  const { from, to, first, token } = query;
  const now = placesOf(chains, query);
  const before = placesOf(chains, { ...query, from: from - (to - from), to: from });
  return now.slice(0, first).map(({ id, rank, value }) => {
    const earlier = before.find((place) => place.id === id);
    return {
      rank,
      rankChange: earlier ? earlier.rank - rank : null,
      subject: { id },
      value: String(value),
      token: token === null ? null : { id: token },
    };
  });
}

/** Everybody with a value above zero. A rank is one more than there are greater values. */
function placesOf(chains: Chain[], query: LeaderboardQuery): { id: string; rank: number; value: bigint }[] {
  const values = new Map<string, bigint>();
  for (const chain of chains) {
    for (const [id, value] of valuesOn(chain, query)) values.set(id, (values.get(id) ?? 0n) + value);
  }
  const listed = [...values].filter(([id, value]) => value > 0n && id !== ZERO_ACCOUNT);
  return listed
    .map(([id, value]) => ({ id, value, rank: 1 + listed.filter(([, other]) => other > value).length }))
    .sort((a, b) => a.rank - b.rank || compareIds(a.id, b.id));
}

/** By chain and number, or by address. */
function compareIds(a: string, b: string): number {
  const [[, chain = '', key = ''], [, otherChain = '', otherKey = '']] = [a.split(':'), b.split(':')];
  if (chain.startsWith('0x')) return chain < otherChain ? -1 : 1;
  return Number(chain) - Number(otherChain) || (BigInt(key) < BigInt(otherKey) ? -1 : 1);
}

/** What counts for whom: a subject's parts, to be summed. */
function valuesOn(chain: Chain, { metric, token, ...window }: LeaderboardQuery): [string, bigint][] {
  const within = isWithin(window);
  const id = (type: string, key: bigint) => idOf(type, chain.chainId, key);
  const rewards = rewardsOf(chain).filter((reward) => within(reward.fact) && reward.token === token);
  const weights = chain.influences.filter(
    (fact) => within(fact) && chain.isCurrent(fact) && fact.big('weightPpm') > 0n,
  );
  const settled = [...chain.inferences.values()].filter(within);
  const paid = settled.filter((fact) => tokenId(chain.chainId, receiptOf(fact).feeToken) === token);
  switch (metric) {
    case 'CONTRIBUTORS_BY_REWARDS':
      return rewards
        .filter(({ fact }) => fact.big('role') === 0n)
        .map(({ fact, amount }) => [accountId(fact.text('beneficiary')), amount]);
    case 'CONTRIBUTORS_BY_INFLUENCE':
      return weights.map((fact) => [accountId(fact.text('contributor')), fact.big('weightPpm')]);
    case 'CONTRIBUTORS_BY_ACCEPTED':
      return acceptedIn(chain, window).map(({ contributor }) => [accountId(contributor), 1n]);
    case 'DATANETS_BY_REWARDS':
      return rewards.flatMap(({ datanetIds, amount }) =>
        [...new Set(datanetIds)]
          .filter((key) => chain.datanets.has(String(key)))
          .map((key): [string, bigint] => [id('datanet', key), amount]),
      );
    case 'DATANETS_BY_INFLUENCE':
      return weights
        .filter((fact) => chain.datanets.has(String(fact.big('datanetId'))))
        .map((fact) => [id('datanet', fact.big('datanetId')), fact.big('weightPpm')]);
    case 'MODELS_BY_FEES':
      return paid
        .filter((fact) => chain.models.has(String(fact.big('modelId'))))
        .map((fact) => [id('model', fact.big('modelId')), feeOf(chain, fact)]);
    case 'MODELS_BY_USERS': {
      const users = new Map<string, Fact[]>();
      for (const fact of settled) push(users, String(fact.big('modelId')), fact);
      return [...users]
        .filter(([key]) => chain.models.has(key))
        .map(([key, facts]) => [
          id('model', BigInt(key)),
          BigInt(new Set(facts.map((fact) => fact.text('user'))).size),
        ]);
    }
    case 'ADAPTERS_BY_INFERENCES':
      return settled.flatMap((fact) =>
        [...new Set(receiptOf(fact).adapterIds)]
          .filter((key) => chain.adapters.has(String(key)))
          .map((key): [string, bigint] => [id('adapter', key), 1n]),
      );
    case 'USERS_BY_FEES':
      return paid.map((fact) => [accountId(fact.text('user')), feeOf(chain, fact)]);
  }
}

/** Less all refunds, whenever they came. */
export function feeOf(chain: Chain, settled: Fact): bigint {
  return receiptOf(settled).fee - refundedOn(chain, settled.text('inferenceId'));
}

/** Distinct contributions by a ContributionFinalized with ACCEPTED in the window, whatever came later. */
export function acceptedIn(chain: Chain, window: TimeWindow) {
  const accepted = chain
    .of('ContributionFinalized')
    .filter((fact) => fact.big('status') === 1n && isWithin(window)(fact))
    .map((fact) => String(fact.big('contributionId')));
  return [...new Set(accepted)].flatMap((id) => chain.contributions.get(id) ?? []);
}
