import type { Context } from '../context';
import { sql } from '../sql';
import type { Contribution } from '../types/contribution';
import type { ContributionStage, ValueOf } from '../types/enums';
import { rowByKey, rowsByKey } from './keyed';
import type { TokenTotal } from './money';

/** How far round the loop a contribution has come: positions of the first events that did each step. */
export interface Progress {
  scored: boolean;
  influences: number;
  in_version_pos: bigint | null;
  trained_pos: bigint | null;
  influence_pos: bigint | null;
  reward_pos: bigint | null;
}

// Versions of a datanet never created, and runs of models never registered, are in the feed alone. A reward's
// contributionId 0 means none, though a contribution may have the id 0.
const progressRow = rowByKey<Progress>(
  'contribution progress',
  'numeric',
  sql`
    select p.ordinal,
      exists (
        select from contribution_score o where o.chain_id = p.chain_id and o.contribution_id = p.key
      ) as scored,
      coalesce(n.influences, 0) as influences,
      v.pos as in_version_pos,
      t.pos as trained_pos,
      (
        select e.pos from influence e
        join inference_state i on i.chain_id = e.chain_id and i.inference_id = e.inference_id
          and e.pos > coalesce(i.revision_pos, -1)
        where e.chain_id = p.chain_id and e.contribution_id = p.key and e.weight_ppm > 0
        order by e.pos
        limit 1
      ) as influence_pos,
      (
        select min(r.pos) from reward r
        where r.chain_id = p.chain_id and r.contribution_id = p.key and p.key <> 0
      ) as reward_pos
    from p
    join contribution_state s on s.chain_id = p.chain_id and s.contribution_id = p.key
    left join contribution_count n on n.chain_id = p.chain_id and n.contribution_id = p.key
    left join datanet d on d.chain_id = s.chain_id and d.datanet_id = s.datanet_id
    left join lateral (
      select x.pos from datanet_version x
      where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id and x.version >= s.datanet_version
      order by x.pos
      limit 1
    ) v on true
    left join lateral (
      select i.pos
      from training_input i
      join training_run r on r.chain_id = i.chain_id and r.pos = i.pos
      join model m on m.chain_id = r.chain_id and m.model_id = r.model_id
      where i.chain_id = d.chain_id and i.datanet_id = d.datanet_id and i.datanet_version >= s.datanet_version
      order by i.pos
      limit 1
    ) t on true`,
);

export async function progressOf(context: Context, { chainId, contributionId }: Contribution): Promise<Progress> {
  const row = await progressRow(context, chainId, contributionId);
  if (!row) throw new Error(`no state of contribution ${contributionId} of chain ${chainId}`);
  return row;
}

/** protocol/README, Repeat. */
export function stageOf({ status }: Contribution, progress: Progress): ValueOf<typeof ContributionStage> {
  if (progress.reward_pos !== null) return 'PAID';
  if (status === 'PENDING') return progress.scored ? 'UNDECIDED' : 'UNSCORED';
  if (status === 'REJECTED' || status === 'SLASHED') return 'REJECTED';
  if (progress.in_version_pos === null) return 'NOT_IN_A_VERSION';
  if (progress.trained_pos === null) return 'NOT_TRAINED_ON';
  return progress.influence_pos === null ? 'NEVER_INFLUENTIAL' : 'UNREWARDED';
}

const earnedRows = rowsByKey<TokenTotal>(
  'contribution earned',
  'numeric',
  sql`
    select p.ordinal, p.chain_id, l.token, sum(e.accrued) as amount
    from p
    join contribution_pool e on e.chain_id = p.chain_id and e.contribution_id = p.key
    left join pool l on l.chain_id = e.chain_id and l.pool_id = e.pool_id
    group by p.ordinal, p.chain_id, l.token
    order by p.ordinal, p.chain_id, l.token nulls last`,
);

export function contributionEarned(context: Context, { chainId, contributionId }: Contribution): Promise<TokenTotal[]> {
  return earnedRows(context, chainId, contributionId);
}
