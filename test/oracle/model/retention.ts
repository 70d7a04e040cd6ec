import type { Chain } from './chain';
import type { Fact } from './fact';
import { iso, type JsonObject } from './json';
import { receiptOf } from './models';
import { type BucketName, beginningOf, beginningsIn, type TimeWindow } from './windows';

export const COHORTS = ['CONTRIBUTORS', 'USERS', 'BUILDERS'] as const;

export interface RetentionQuery extends TimeWindow {
  cohort: (typeof COHORTS)[number];
  bucket: BucketName;
}

/** [who, when in milliseconds]. */
export function actionsOf(chain: Chain, cohort: RetentionQuery['cohort']): [string, number][] {
  const action = (who: string, fact: Fact): [string, number] => [who, fact.block.timestamp * 1000];
  switch (cohort) {
    case 'CONTRIBUTORS':
      return [...chain.contributions.values()].map(({ contributor, fact }) => action(contributor, fact));
    case 'USERS':
      return [...chain.inferences.values()]
        .filter((fact) => receiptOf(fact).fee > 0n)
        .map((fact) => action(fact.text('user'), fact));
    case 'BUILDERS':
      return [...chain.models.values()].flatMap((model) =>
        chain
          .versions('ModelVersionPublished', model.big('modelId'))
          .map((version) => action(model.text('builder'), version)),
      );
  }
}

export function retentionOf(chains: Chain[], { cohort, bucket, from, to }: RetentionQuery): JsonObject[] {
  const actions = chains.flatMap((chain) => actionsOf(chain, cohort));
  const firsts = new Map<string, number>();
  for (const [who, when] of actions) firsts.set(who, Math.min(when, firsts.get(who) ?? when));
  const beginnings = beginningsIn(bucket, { from, to });
  return beginnings.flatMap((start, first) => {
    const members = [...firsts].filter(([, when]) => when >= from && when < to && beginningOf(bucket, when) === start);
    if (members.length === 0) return [];
    const active = beginnings
      .slice(first)
      .map(
        (later) =>
          members.filter(([who]) =>
            actions.some(
              ([actor, when]) => actor === who && when < to && when >= from && beginningOf(bucket, when) === later,
            ),
          ).length,
      );
    return [{ start: iso(start / 1000), size: members.length, active }];
  });
}
