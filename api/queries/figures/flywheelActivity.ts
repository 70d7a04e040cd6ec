import type { Context } from '../../context';
import { sql } from '../../sql';
import { inSpan, rowsOfSpans, type Span, settledInSpan } from './spans';

/** One row a window. Chains are counted together. */
export interface LoopCounts {
  contributions: number;
  accepted: number;
  models: number;
  model_versions: number;
  inferences: number;
  paid_inferences: number;
}

/**
 * protocol/README.md, "Flywheel stages": ORGANIZE counts distinct contributions by a ContributionFinalized with ACCEPTED,
 * whatever came later; BUILD versions of models that are registered.
 */
const loopCountRows = rowsOfSpans<LoopCounts>(
  'flywheel counts',
  70,
  () => sql`
    select b.ordinal, sum(c.n)::integer as contributions, sum(d.n)::integer as accepted, sum(m.n)::integer as models,
      sum(v.n)::integer as model_versions, sum(i.n)::integer as inferences, sum(i.paid)::integer as paid_inferences
    from b
    cross join lateral (select count(*) as n from contribution f where ${inSpan}) c
    cross join lateral (
      select count(distinct f.contribution_id) as n
      from contribution_decision f
      join contribution k on k.chain_id = f.chain_id and k.contribution_id = f.contribution_id
      where ${inSpan} and f.status = 1
    ) d
    cross join lateral (select count(*) as n from model f where ${inSpan}) m
    cross join lateral (
      select count(*) as n
      from model_version f
      join model k on k.chain_id = f.chain_id and k.model_id = f.model_id
      where ${inSpan}
    ) v
    cross join lateral (
      select count(*) as n, count(*) filter (where f.fee > 0) as paid from inference f where ${inSpan}
    ) i
    group by b.ordinal`,
);

export async function loopCounts(context: Context, span: Span): Promise<LoopCounts> {
  return onlyRow(await loopCountRows(context, span));
}

export interface LoopPeople {
  contributors: number;
  new_contributors: number;
  payers: number;
  new_payers: number;
  /** Contributed, or paid, and had done the same before: each account once. */
  returned: number;
}

/**
 * An account is one on all chains: it is new where it had done so on none of them before the window. When it first did so on
 * each chain says that of all windows, and is looked up once, account after account as the indexes have them.
 */
const loopPeopleRows = rowsOfSpans<LoopPeople>(
  'flywheel people',
  310,
  () => sql`,
    act as materialized (
      select b.ordinal, x.member, bool_or(not x.is_payer) as contributed, bool_or(x.is_payer) as paid
      from b
      cross join lateral (
        select f.contributor as member, false as is_payer from contribution f where ${inSpan} group by 1
        union all
        select f.user_address, true from inference f where ${inSpan} and f.fee > 0 group by 1
      ) x
      group by b.ordinal, x.member
    ),
    beginning as materialized (
      select m.member, k.chain_id,
        case when m.contributed then (
          select f.pos from contribution f
          where f.contributor = m.member and f.chain_id = k.chain_id
          order by f.pos
          limit 1
        ) end as contributed_pos,
        case when m.paid then (
          select f.pos from inference f
          where f.user_address = m.member and f.chain_id = k.chain_id and f.fee > 0
          order by f.pos
          limit 1
        ) end as paid_pos
      from (
        select member, bool_or(contributed) as contributed, bool_or(paid) as paid from act group by member order by member
      ) m
      cross join (select distinct chain_id from b) k
    ),
    known as (
      select a.ordinal, bool_or(a.contributed) as contributed, bool_or(a.paid) as paid,
        coalesce(bool_or(f.contributed_pos < b.from_pos), false) as had_contributed,
        coalesce(bool_or(f.paid_pos < b.from_pos), false) as had_paid
      from act a
      join beginning f on f.member = a.member
      join b on b.ordinal = a.ordinal and b.chain_id = f.chain_id
      group by a.member, a.ordinal
    )
    select ordinal, (count(*) filter (where contributed))::integer as contributors,
      (count(*) filter (where contributed and not had_contributed))::integer as new_contributors,
      (count(*) filter (where paid))::integer as payers,
      (count(*) filter (where paid and not had_paid))::integer as new_payers,
      (count(*) filter (where contributed and had_contributed or paid and had_paid))::integer as returned
    from known
    group by ordinal`,
);

const nobody: LoopPeople = { contributors: 0, new_contributors: 0, payers: 0, new_payers: 0, returned: 0 };

export async function loopPeople(context: Context, span: Span): Promise<LoopPeople> {
  return (await loopPeopleRows(context, span))[0] ?? nobody;
}

interface UtilisationRow {
  accepted: number;
  used: number;
}

/**
 * Contributions that are accepted now and were decided before the window's end, counted in one run over all of them by how
 * many windows had ended when they were decided; `used`: those with a current influence above zero recorded in the window.
 * Most influences are of inferences settled in the same window, which are read by position; the state of others is looked up.
 */
const utilisationRows = rowsOfSpans<UtilisationRow>(
  'flywheel utilisation',
  450,
  () => sql`,
    ends as materialized (
      select chain_id, array_agg(distinct to_pos order by to_pos) as positions from b group by chain_id
    ),
    decided as materialized (
      select e.chain_id, width_bucket(c.finalized_pos, e.positions) as ended, count(*) as n
      from ends e
      join contribution_state c on c.chain_id = e.chain_id and c.status = 1 and c.finalized_pos is not null
      group by 1, 2
    ),
    accepted as (
      select b.ordinal, b.chain_id, coalesce(sum(d.n), 0) as n
      from b
      join ends e on e.chain_id = b.chain_id
      left join decided d on d.chain_id = b.chain_id and d.ended < width_bucket(b.to_pos, e.positions)
      group by b.ordinal, b.chain_id
    ),
    used as (
      select b.ordinal, b.chain_id, u.n
      from b
      cross join lateral (
        select count(*) as n
        from (
          select f.contribution_id
          from influence f
          left join (
            select s.inference_id, s.revision_pos, true as is_known from inference_state s where ${settledInSpan}
          ) s on s.inference_id = f.inference_id
          where ${inSpan} and f.weight_ppm > 0 and case
            when s.is_known then f.pos > coalesce(s.revision_pos, -1)
            else coalesce((
              select f.pos > coalesce(o.revision_pos, -1) from inference_state o
              where o.chain_id = f.chain_id and o.inference_id = f.inference_id
            ), false)
          end
          group by 1
        ) e
        join contribution_state c on c.chain_id = b.chain_id and c.contribution_id = e.contribution_id and c.status = 1
          and c.finalized_pos < b.to_pos
      ) u
    )
    select a.ordinal, sum(a.n)::integer as accepted, sum(u.n)::integer as used
    from accepted a
    join used u on u.ordinal = a.ordinal and u.chain_id = a.chain_id
    group by a.ordinal`,
);

export async function utilisation(context: Context, span: Span): Promise<UtilisationRow> {
  return onlyRow(await utilisationRows(context, span));
}

function onlyRow<Row>([row]: Row[]): Row {
  if (!row) throw new Error('a window without a row of its own');
  return row;
}
