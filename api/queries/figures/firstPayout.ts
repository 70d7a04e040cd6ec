import type { Context } from '../../context';
import type { Wait } from '../../series/survival';
import { sql } from '../../sql';
import { remembering } from './remembered';
import { sideBySide } from './sideBySide';
import { positionAt } from './spans';

/** In a year of 5,000,000 rewards, to which all of them belong. */
const TAKES_MS = 430;

/**
 * Of each contributor the first ContributionFinalized with ACCEPTED of a contribution of theirs, and the first
 * RewardAccrued to them after it, in whatever role; across chains by time, then by chain. The same for every window.
 */
export function firstPayouts(context: Context, chainIds: readonly number[]): Promise<Wait[]> {
  return context
    .loader<readonly number[], Wait[]>('first payouts', (keys) =>
      Promise.all(
        keys.map((key) =>
          remembering(context, `first payouts ${key}`, () => sideBySide(context, (on) => read(on, key), TAKES_MS)),
        ),
      ),
    )
    .load(chainIds);
}

async function read(context: Context, chainIds: readonly number[]): Promise<Wait[]> {
  const rows = await context.snapshot.query<{ since: bigint; until: bigint | null }>(sql`
    with first_on_chain as materialized (
      select c.contributor as member, d.chain_id, min(d.pos) as pos
      from contribution_decision d
      join contribution c on c.chain_id = d.chain_id and c.contribution_id = d.contribution_id
      where d.chain_id = any(${chainIds}::integer[]) and d.status = 1
      group by c.contributor, d.chain_id
    ),
    accepted as materialized (
      select distinct on (f.member) f.member, f.chain_id, f.pos, t.timestamp
      from first_on_chain f
      join block t on t.chain_id = f.chain_id and t.number = block_of(f.pos)
      order by f.member, t.timestamp, f.chain_id
    )
    select a.timestamp as since, (
      select min(t.timestamp)
      from unnest(${chainIds}::integer[]) as k (chain_id)
      cross join lateral (
        select r.pos
        from reward r
        where r.beneficiary = a.member and r.chain_id = k.chain_id and r.pos > case
          when k.chain_id = a.chain_id then a.pos
          else ${positionAt(sql`a.timestamp + (k.chain_id < a.chain_id)::integer`)} - 1
        end
        order by r.pos
        limit 1
      ) r
      join block t on t.chain_id = k.chain_id and t.number = block_of(r.pos)
    ) as until
    from accepted a`);
  return rows.map(({ since, until }) => ({
    since: Number(since) * 1000,
    until: until === null ? null : Number(until) * 1000,
  }));
}
