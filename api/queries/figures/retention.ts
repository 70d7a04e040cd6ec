import type { Context } from '../../context';
import type { ActiveCount } from '../../series/cohorts';
import type { Window } from '../../series/window';
import { type Sql, sql } from '../../sql';
import type { Cohort } from '../../types/retention';
import { inSpan, positionsOf } from './spans';

interface Actions {
  /** The members active at positions of the span b. */
  of: Sql;
  /** Whether the account a.member had acted before the span b. */
  before: Sql;
}

const earlier = sql`f.chain_id = b.chain_id and f.pos < b.from_pos`;

const actions: Record<Cohort, Actions> = {
  CONTRIBUTORS: {
    of: sql`select f.contributor as member from contribution f where ${inSpan}`,
    before: sql`select from contribution f where f.contributor = a.member and ${earlier}`,
  },
  USERS: {
    of: sql`select f.user_address as member from inference f where ${inSpan} and f.fee > 0`,
    before: sql`select from inference f where f.user_address = a.member and ${earlier} and f.fee > 0`,
  },
  // Versions of models that are registered.
  BUILDERS: {
    of: sql`
      select m.builder as member
      from model_version f
      join model m on m.chain_id = f.chain_id and m.model_id = f.model_id
      where ${inSpan}`,
    before: sql`
      select from model m
      join model_version f on f.chain_id = m.chain_id and f.model_id = m.model_id
      where m.builder = a.member and ${earlier}`,
  },
};

/**
 * protocol/README.md, "Retention": accounts by the bucket of their first action ever, counted in each bucket in which they
 * acted. `buckets` follow each other.
 */
export function activeCounts(
  context: Context,
  chainIds: readonly number[],
  cohort: Cohort,
  buckets: readonly Window[],
): Promise<ActiveCount[]> {
  const { of, before } = actions[cohort];
  return context.snapshot.query<ActiveCount & Record<string, unknown>>(sql`
    with b as materialized (${positionsOf(buckets.map((window) => ({ ...window, chainIds })))}),
    beginning as materialized (select chain_id, from_pos from b where ordinal = 0),
    act as materialized (
      select distinct b.ordinal, x.member from b cross join lateral (${of} group by 1) x
    ),
    newcomer as (
      select a.member, a.first
      from (select member, min(ordinal) as first from act group by member) a
      where not exists (select from beginning b cross join lateral (${before} limit 1) x)
    )
    select n.first, a.ordinal as at, count(*)::integer as accounts
    from newcomer n
    join act a on a.member = n.member
    group by n.first, a.ordinal`);
}
