import { type Chain, push } from './chain';
import { nameOfCode, POOL_KINDS, ROLES, SOURCES } from './codes';
import type { Fact } from './fact';
import { idOf, iso, type JsonObject } from './json';
import { Purse } from './money';
import { type Reward, rewardsOf, tokenOfPool } from './rewards';
import { type BucketName, beginningOf, isWithin, type TimeWindow } from './windows';

export interface HistoryQuery extends TimeWindow {
  bucket: BucketName;
  by: 'ROLE' | 'SOURCE' | null;
  scope: { account?: string; datanet?: string; model?: string; contribution?: string; chainId?: number };
}

/** Points are sorted by everything that tells them apart. */
export function rewardHistoryOf(chains: Chain[], query: HistoryQuery): JsonObject {
  const { bucket, by, scope } = query;
  const inScope = chains.filter(({ chainId }) => (scope.chainId ?? chainId) === chainId);
  const total = new Purse();
  const groups = new Map<string, Movement[]>();
  for (const chain of inScope) {
    for (const movement of movementsOf(chain, scope)) {
      if (!isWithin(query)(movement.fact)) continue;
      const { token, reward, fact } = movement;
      if (reward) total.add(token, reward.amount);
      for (const [kind, moved] of splitBy(by, movement)) {
        const start = iso(beginningOf(bucket, fact.block.timestamp * 1000) / 1000);
        push(groups, JSON.stringify([start, token, kind]), moved);
      }
    }
  }
  const points = [...groups].map(([key, moved]) => {
    const [start, token, kind] = JSON.parse(key) as [string, string, string | null];
    const sum = (event: string) =>
      String(moved.filter(({ fact }) => fact.event === event).reduce((all, { amount }) => all + amount, 0n));
    const accruals = moved.filter(({ reward }) => reward);
    return {
      start,
      token: { id: token },
      role: by === 'ROLE' ? kind : null,
      source: by === 'SOURCE' ? kind : null,
      accrued: sum('RewardAccrued'),
      reversed: sum('RewardReversed'),
      claimed: sum('RewardClaimed'),
      rewardCount: accruals.length,
      beneficiaryCount: new Set(accruals.map(({ fact }) => fact.text('beneficiary'))).size,
    };
  });
  return { bucket, points: sortedPoints(points), total: total.json() };
}

export function sortedPoints(points: JsonObject[]): JsonObject[] {
  const key = ({ start, token, role, source }: JsonObject) => JSON.stringify([start, token, role, source]);
  return [...points].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Something accrued (with its reward), reversed or claimed. */
interface Movement {
  fact: Fact;
  token: string;
  amount: bigint;
  reward: Reward | null;
}

function movementsOf(chain: Chain, scope: HistoryQuery['scope']): Movement[] {
  const is = (type: 'datanet' | 'model' | 'contribution', key: bigint) =>
    scope[type] === idOf(type, chain.chainId, key);
  const isTheirs = (fact: Fact) => scope.account === undefined || scope.account === fact.text('beneficiary');
  const accrued = rewardsOf(chain).filter(
    ({ fact, datanetIds, modelIds }) =>
      isTheirs(fact) &&
      (scope.datanet === undefined || datanetIds.some((key) => is('datanet', key))) &&
      (scope.model === undefined || modelIds.some((key) => is('model', key))) &&
      (scope.contribution === undefined ||
        (fact.big('contributionId') !== 0n && is('contribution', fact.big('contributionId')))),
  );
  const paid = [...chain.of('RewardReversed'), ...chain.of('RewardClaimed')].filter((fact) => {
    const pool = chain.pools.get(fact.text('poolId'));
    const ofSubject = (type: 'datanet' | 'model', kind: string) =>
      scope[type] === undefined ||
      (pool !== undefined && nameOfCode(POOL_KINDS, pool.big('kind')) === kind && is(type, pool.big('subjectId')));
    return (
      isTheirs(fact) &&
      scope.contribution === undefined &&
      ofSubject('datanet', 'DATANET') &&
      ofSubject('model', 'MODEL')
    );
  });
  return [
    ...accrued.map((reward) => ({ fact: reward.fact, token: reward.token, amount: reward.amount, reward })),
    ...paid.map((fact) => ({
      fact,
      token: tokenOfPool(chain, fact.text('poolId')),
      amount: fact.big('amount'),
      reward: null,
    })),
  ];
}

/** In which points a movement counts, and with how much. */
function splitBy(by: HistoryQuery['by'], movement: Movement): [string | null, Movement][] {
  const { reward, fact } = movement;
  if (by === null) return [[null, movement]];
  if (!reward) return [];
  if (by === 'ROLE') return [[nameOfCode(ROLES, fact.big('role')), movement]];
  return reward.parts.flatMap((amount, source): [string, Movement][] =>
    amount === 0n ? [] : [[SOURCES[source] ?? 'UNKNOWN', { ...movement, amount }]],
  );
}
