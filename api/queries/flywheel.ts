import { codeOf, roles } from '../../schema/codes';
import type { Context } from '../context';
import { DAY_MS } from '../series/window';
import { sql } from '../sql';
import type { SourceParts } from './backing';
import { inSpan, positionsOf, rowsOfSpans, type Span } from './spans';

/** One row a window. Chains are counted together. */
export interface LoopCounts {
  contributions: number;
  accepted: number;
  models: number;
  model_versions: number;
  inferences: number;
  paid_inferences: number;
  fee_rewards: number;
}

/**
 * protocol/README.md, "Flywheel stages": ORGANIZE counts distinct contributions by a ContributionFinalized with ACCEPTED,
 * whatever came later; BUILD versions of models that are registered; REWARD rewards with a FEE part.
 */
const loopCountRows = rowsOfSpans<LoopCounts>(
  'flywheel counts',
  () => sql`
    select b.ordinal, sum(c.n)::integer as contributions, sum(d.n)::integer as accepted, sum(m.n)::integer as models,
      sum(v.n)::integer as model_versions, sum(i.n)::integer as inferences, sum(i.paid)::integer as paid_inferences,
      sum(r.n)::integer as fee_rewards
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
    cross join lateral (select count(*) as n from reward f where ${inSpan} and f.fee_part > 0) r
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

/** An account is one on all chains: it is new where it had done so on none of them before the window. */
const loopPeopleRows = rowsOfSpans<LoopPeople>(
  'flywheel people',
  () => sql`,
    act as materialized (
      select distinct b.ordinal, x.member, x.paid
      from b
      cross join lateral (
        select f.contributor as member, false as paid from contribution f where ${inSpan} group by 1
        union all
        select f.user_address, true from inference f where ${inSpan} and f.fee > 0 group by 1
      ) x
    ),
    beginning as materialized (
      select ordinal, array_agg(chain_id) as chain_ids, array_agg(from_pos) as positions from b group by ordinal
    ),
    known as (
      select a.ordinal, a.member, a.paid, exists (
        select from unnest(s.chain_ids, s.positions) as k (chain_id, pos)
        cross join lateral (
          (select from contribution f
            where not a.paid and f.contributor = a.member and f.chain_id = k.chain_id and f.pos < k.pos
            limit 1)
          union all
          (select from inference f
            where a.paid and f.user_address = a.member and f.chain_id = k.chain_id and f.pos < k.pos and f.fee > 0
            limit 1)
        ) x
      ) as had_before
      from act a
      join beginning s on s.ordinal = a.ordinal
    )
    select ordinal, (count(*) filter (where not paid))::integer as contributors,
      (count(*) filter (where not paid and not had_before))::integer as new_contributors,
      (count(*) filter (where paid))::integer as payers,
      (count(*) filter (where paid and not had_before))::integer as new_payers,
      (count(distinct member) filter (where had_before))::integer as returned
    from known
    group by ordinal`,
);

const nobody: LoopPeople = { contributors: 0, new_contributors: 0, payers: 0, new_payers: 0, returned: 0 };

export async function loopPeople(context: Context, span: Span): Promise<LoopPeople> {
  return (await loopPeopleRows(context, span))[0] ?? nobody;
}

export interface FeeRow {
  chain_id: number;
  token: Buffer;
  /** Less all refunds of those inferences, whenever they came. */
  fees: string;
  paid: number;
  /** Of the paid ones, those that have an AttributionCommitted. */
  attributed: number;
}

/** Of the inferences settled in the window, by chain and token. */
export const feesOf = rowsOfSpans<FeeRow>(
  'flywheel fees',
  () => sql`
    select b.ordinal, b.chain_id, x.token, x.fees, x.paid, x.attributed
    from b
    cross join lateral (
      select s.fee_token as token, sum(s.fee - s.refunded) as fees,
        (count(*) filter (where s.fee > 0))::integer as paid,
        (count(*) filter (where s.fee > 0 and s.attribution_pos is not null))::integer as attributed
      from inference f
      join inference_state s on s.chain_id = f.chain_id and s.inference_id = f.inference_id
      where ${inSpan}
      group by 1
    ) x
    order by b.ordinal, b.chain_id, x.token`,
);

export interface ExternalRow {
  chain_id: number;
  token: Buffer;
  fees: string;
  external: string;
}

const REWARDED_LATELY_MS = 90 * DAY_MS;

/** A payer is external without any RewardAccrued in [from - 90 d, to), on any of the window's chains. */
export const externalFees = rowsOfSpans<ExternalRow>(
  'flywheel external demand',
  (spans) => sql`,
    lately as materialized (
      select ordinal, array_agg(chain_id) as chain_ids, array_agg(from_pos) as from_positions,
        array_agg(to_pos) as to_positions
      from (${positionsOf(spans.map((span) => ({ ...span, from: span.from - REWARDED_LATELY_MS })))}) w
      group by ordinal
    ),
    paid as materialized (
      select b.ordinal, b.chain_id, x.token, x.member, x.fees
      from b
      cross join lateral (
        select s.fee_token as token, s.user_address as member, sum(s.fee - s.refunded) as fees
        from inference f
        join inference_state s on s.chain_id = f.chain_id and s.inference_id = f.inference_id
        where ${inSpan}
        group by 1, 2
      ) x
    ),
    payer as materialized (
      select p.ordinal, p.member, exists (
        select from unnest(w.chain_ids, w.from_positions, w.to_positions) as k (chain_id, from_pos, to_pos)
        cross join lateral (
          select from reward r
          where r.beneficiary = p.member and r.chain_id = k.chain_id and r.pos >= k.from_pos and r.pos < k.to_pos
          limit 1
        ) x
      ) as is_rewarded
      from (select distinct ordinal, member from paid) p
      join lately w on w.ordinal = p.ordinal
    )
    select p.ordinal, p.chain_id, p.token, sum(p.fees) as fees,
      coalesce(sum(p.fees) filter (where not a.is_rewarded), 0) as external
    from paid p
    join payer a on a.ordinal = p.ordinal and a.member = p.member
    group by p.ordinal, p.chain_id, p.token
    order by p.ordinal, p.chain_id, p.token`,
);

export interface BackingRow extends SourceParts {
  chain_id: number;
  /** null: of pools never created. */
  token: Buffer | null;
  accrued: string;
}

/** Of the rewards that accrued in the window, reversals not taken off. What is nothing has no shares. */
export const backingOf = rowsOfSpans<BackingRow>(
  'flywheel backing',
  () => sql`
    select b.ordinal, b.chain_id, l.token, sum(x.accrued) as accrued, sum(x.fee) as fee, sum(x.emission) as emission,
      sum(x."grant") as "grant", sum(x.slash) as slash, sum(x.unknown) as unknown
    from b
    cross join lateral (
      select f.pool_id, sum(f.amount) as accrued, sum(f.fee_part) as fee, sum(f.emission_part) as emission,
        sum(f.grant_part) as "grant", sum(f.slash_part) as slash, sum(f.unknown_part) as unknown
      from reward f
      where ${inSpan}
      group by 1
    ) x
    left join pool l on l.chain_id = b.chain_id and l.pool_id = x.pool_id
    group by b.ordinal, b.chain_id, l.token
    having sum(x.accrued) > 0
    order by b.ordinal, b.chain_id, l.token nulls last`,
);

interface UtilisationRow {
  accepted: number;
  used: number;
}

/**
 * Contributions that are accepted now and were decided before the window's end, counted in one run over all of them;
 * `used`: those with a current influence above zero recorded in the window.
 */
const utilisationRows = rowsOfSpans<UtilisationRow>(
  'flywheel utilisation',
  () => sql`,
    accepted as (
      select w.ordinal, w.chain_id, w.n
      from (
        select x.ordinal, x.chain_id,
          count(*) filter (where x.ordinal is null) over (partition by x.chain_id order by x.pos, x.ordinal is null) as n
        from (
          select null::integer as ordinal, c.chain_id, c.finalized_pos as pos
          from contribution_state c
          where c.chain_id in (select b.chain_id from b) and c.status = 1 and c.finalized_pos is not null
          union all
          select ordinal, chain_id, to_pos from b
        ) x
      ) w
      where w.ordinal is not null
    ),
    used as (
      select b.ordinal, b.chain_id, u.n
      from b
      cross join lateral (
        select count(*) as n
        from (
          select f.contribution_id
          from influence f
          join inference_state s on s.chain_id = f.chain_id and s.inference_id = f.inference_id
            and f.pos > coalesce(s.revision_pos, -1)
          where ${inSpan} and f.weight_ppm > 0
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

/** A window in which the rewards of one token, of one of its chains, are of interest. */
export interface TokenSpan extends Span {
  token: string;
}

export interface ConcentrationRow {
  hhi: number;
  top_percent: number;
}

/**
 * Of rewards in the role of a contributor: the sum of the squares of the accounts' shares, and what the ceil(n / 100) of n
 * accounts with the most got. No row where nothing accrued. `token` is the hex of its address.
 */
export const concentrationRows = rowsOfSpans<ConcentrationRow, TokenSpan>(
  'flywheel concentration',
  (spans) => sql`,
    got as (
      select b.ordinal, x.member, sum(x.amount) as amount
      from b
      join unnest(
        ${spans.map((_, ordinal) => ordinal)}::integer[],
        ${spans.map(({ token }) => Buffer.from(token, 'hex'))}::bytea[]
      ) as t (ordinal, token) on t.ordinal = b.ordinal
      cross join lateral (
        select f.pool_id, f.beneficiary as member, sum(f.amount) as amount
        from reward f
        where ${inSpan} and f.role = ${codeOf(roles, 'CONTRIBUTOR')}::smallint
        group by 1, 2
      ) x
      join pool l on l.chain_id = b.chain_id and l.pool_id = x.pool_id and l.token = t.token
      where x.amount > 0
      group by b.ordinal, x.member
    ),
    placed as (
      select ordinal, amount, row_number() over (partition by ordinal order by amount desc) as place,
        count(*) over (partition by ordinal) as members
      from got
    )
    select ordinal, (sum(amount * amount) / (sum(amount) * sum(amount)))::double precision as hhi,
      (sum(amount) filter (where place <= (members + 99) / 100) / sum(amount))::double precision as top_percent
    from placed
    group by ordinal`,
);

function onlyRow<Row>([row]: Row[]): Row {
  if (!row) throw new Error('a window without a row of its own');
  return row;
}
