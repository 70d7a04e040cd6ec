import type { Chain } from './chain';
import { nameOfCode, POOL_KINDS } from './codes';
import type { Fact } from './fact';
import { idOf, type Row } from './json';
import { fundedBySource, sourceAmounts, tokenOfPool } from './rewards';

export function poolRows(chain: Chain): Row[] {
  return [...chain.pools.values()].map((created) => {
    const poolId = created.text('poolId');
    const subjectId = created.big('subjectId');
    const kind = nameOfCode(POOL_KINDS, created.big('kind'));
    const fundings = chain.where('PoolFunded', 'poolId', poolId);
    const funded = sum(fundings);
    const accrued = sum(chain.where('RewardAccrued', 'poolId', poolId));
    const claimed = sum(chain.where('RewardClaimed', 'poolId', poolId));
    const reversed = sum(chain.where('RewardReversed', 'poolId', poolId));
    const subjects =
      kind === 'DATANET'
        ? { type: 'datanet', existing: chain.datanets }
        : kind === 'MODEL'
          ? { type: 'model', existing: chain.models }
          : null;
    const subject = subjects && idOf(subjects.type, chain.chainId, subjectId);
    return {
      node: {
        id: idOf('pool', chain.chainId, poolId),
        chainId: chain.chainId,
        poolId,
        kind,
        subjectId: String(subjectId),
        subject: subjects?.existing.has(String(subjectId)) ? { id: subject } : null,
        token: { id: tokenOfPool(chain, poolId) },
        funded: String(funded),
        fundedBySource: sourceAmounts(fundedBySource(fundings)),
        accrued: String(accrued),
        claimed: String(claimed),
        reversed: String(reversed),
        balance: String(funded - (accrued - reversed)),
        createdAt: created.provenance(),
      },
      place: created.place(),
      keys: { chainId: [String(chain.chainId)], kind: [kind], subject: [subject] },
      ranges: {},
      orders: {},
      money: {},
    };
  });
}

function sum(facts: Fact[]): bigint {
  return facts.reduce((total, fact) => total + fact.big('amount'), 0n);
}
