import { codeOf, roles } from '../../../schema/codes';
import { DAY_MS } from '../../series/window';
import { sql } from '../../sql';
import type { SourceParts } from '../backing';
import { inSpan, positionsOf, rowsOfSpans, type Span, settledInSpan } from './spans';

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
  // Concentration waits for it.
  65 + 300,
  () => sql`
    select b.ordinal, b.chain_id, x.token, x.fees, x.paid, x.attributed
    from b
    cross join lateral (
      select s.fee_token as token, sum(s.fee - s.refunded) as fees,
        (count(*) filter (where s.fee > 0))::integer as paid,
        (count(*) filter (where s.fee > 0 and s.attribution_pos is not null))::integer as attributed
      from inference_state s
      where ${settledInSpan}
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

/**
 * A payer is external without any RewardAccrued in [from - 90 d, to), on any of the window's chains. Most who have one have
 * one in the window itself, and of fewer entries: an index reads all of a page that are in its range for the one asked for.
 */
export const externalFees = rowsOfSpans<ExternalRow>(
  'flywheel external demand',
  210,
  (spans) => sql`,
    lately as materialized (
      select ordinal, array_agg(chain_id) as chain_ids, array_agg(from_pos) as from_positions,
        array_agg(to_pos) as to_positions
      from (${positionsOf(spans.map((span) => ({ ...span, from: span.from - REWARDED_LATELY_MS })))}) w
      group by ordinal
    ),
    paid as materialized (
      select b.*, x.token, x.member, x.fees
      from b
      cross join lateral (
        select s.fee_token as token, s.user_address as member, sum(s.fee - s.refunded) as fees
        from inference_state s
        where ${settledInSpan}
        group by 1, 2
      ) x
      order by x.member
    )
    select p.ordinal, p.chain_id, p.token, sum(p.fees) as fees,
      coalesce(sum(p.fees) filter (where not p.is_rewarded), 0) as external
    from (
      select b.ordinal, b.chain_id, b.token, b.fees, exists (
        select from reward f where f.beneficiary = b.member and ${inSpan}
      ) or coalesce((
        select true from unnest(w.chain_ids, w.from_positions, w.to_positions) as k (chain_id, from_pos, to_pos)
        cross join lateral (
          select from reward r
          where r.beneficiary = b.member and r.chain_id = k.chain_id and r.pos >= k.from_pos and r.pos < k.to_pos
          limit 1
        ) x
        limit 1
      ), false) as is_rewarded
      from paid b
      join lately w on w.ordinal = b.ordinal
      offset 0
    ) p
    group by p.ordinal, p.chain_id, p.token
    order by p.ordinal, p.chain_id, p.token`,
);

export interface BackingRow extends SourceParts {
  chain_id: number;
  /** null: of pools never created. */
  token: Buffer | null;
  accrued: string;
  /** How many have a FEE part. */
  fee_rewards: number;
}

/** Of the rewards that accrued in the window, reversals not taken off. What is nothing has no shares. */
export const backingOf = rowsOfSpans<BackingRow>(
  'flywheel backing',
  230,
  () => sql`
    select b.ordinal, b.chain_id, l.token, sum(x.accrued) as accrued, sum(x.fee) as fee, sum(x.emission) as emission,
      sum(x."grant") as "grant", sum(x.slash) as slash, sum(x.unknown) as unknown,
      sum(x.fee_rewards)::integer as fee_rewards
    from b
    cross join lateral (
      select f.pool_id, sum(f.amount) as accrued, sum(f.fee_part) as fee, sum(f.emission_part) as emission,
        sum(f.grant_part) as "grant", sum(f.slash_part) as slash, sum(f.unknown_part) as unknown,
        count(*) filter (where f.fee_part > 0) as fee_rewards
      from reward f
      where ${inSpan}
      group by 1
    ) x
    left join pool l on l.chain_id = b.chain_id and l.pool_id = x.pool_id
    group by b.ordinal, b.chain_id, l.token
    having sum(x.accrued) > 0
    order by b.ordinal, b.chain_id, l.token nulls last`,
);

/** The same of windows of which nothing else is asked of their rewards: at less than half of its cost. One row a window. */
export const feeRewardsOf = rowsOfSpans<Pick<BackingRow, 'fee_rewards'>>(
  'flywheel fee rewards',
  100,
  () => sql`
    select b.ordinal, sum(x.n)::integer as fee_rewards
    from b
    cross join lateral (select count(*) as n from reward f where ${inSpan} and f.fee_part > 0) x
    group by b.ordinal`,
);

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
  300,
  (spans) => sql`,
    got as (
      select b.ordinal, x.member, x.amount
      from b
      join unnest(
        ${spans.map((_, ordinal) => ordinal)}::integer[],
        ${spans.map(({ token }) => Buffer.from(token, 'hex'))}::bytea[]
      ) as t (ordinal, token) on t.ordinal = b.ordinal
      cross join lateral (
        select f.beneficiary as member, sum(f.amount) as amount
        from reward f
        join pool l on l.chain_id = f.chain_id and l.pool_id = f.pool_id and l.token = t.token
        where ${inSpan} and f.role = ${codeOf(roles, 'CONTRIBUTOR')}::smallint
        group by 1
      ) x
      where x.amount > 0
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
