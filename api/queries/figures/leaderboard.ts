import { codeOf, roles } from '../../../schema/codes';
import type { Context } from '../../context';
import { type Window, windowBefore } from '../../series/window';
import { Sql, sql } from '../../sql';
import type { LeaderboardMetric } from '../../types/leaderboard';
import { isToken, type WantedToken } from '../money';
import { inSpan, positionsOf } from './spans';

export interface PlaceRow {
  rank: number;
  /** In the window of the same length before; null if it wasn't in that one. */
  previous_rank: number | null;
  /** 0 for accounts, which are one on all chains. */
  chain_id: number;
  /** An address, or an id as a decimal. */
  key: Buffer | string;
  value: string;
}

export interface Metric {
  subject: 'account' | 'datanet' | 'model' | 'adapter';
  /** Then `values` is given the token, else null. */
  inMoney: boolean;
  /**
   * (ordinal, chain_id, key, value) of the spans b (ordinal, chain_id, from_pos, to_pos), of several rows the sum; what
   * doesn't exist is left out.
   */
  values(token: WantedToken | null): Sql;
}

const ZERO_ADDRESS = Buffer.alloc(20);

/**
 * The first places. protocol/README.md, "Leaderboards": values of zero or less are not listed, equal values share a rank
 * (1, 2, 2, 4); the zero address is in no leaderboard.
 */
export function leaderboard(
  context: Context,
  chainIds: readonly number[],
  window: Window,
  { subject, values }: Metric,
  token: WantedToken | null,
  first: number,
): Promise<PlaceRow[]> {
  const spans = [window, windowBefore(window)].map((each) => ({ ...each, chainIds }));
  const listed = subject === 'account' ? sql`v.key <> ${ZERO_ADDRESS}::bytea` : sql`true`;
  return context.snapshot.query<PlaceRow>(sql`
    with b as materialized (${positionsOf(spans)}),
    ranked as (
      select v.ordinal, v.chain_id, v.key, v.value,
        (rank() over (partition by v.ordinal order by v.value desc))::integer as rank
      from (
        select s.ordinal, s.chain_id, s.key, sum(s.value) as value
        from (${values(token)}) s
        group by s.ordinal, s.chain_id, s.key
      ) v
      where v.value > 0 and ${listed}
    )
    select n.rank, n.previous_rank, n.chain_id, n.key, n.value::text as value
    from (
      select r.*, max(r.rank) filter (where r.ordinal = 1) over (partition by r.chain_id, r.key) as previous_rank
      from ranked r
    ) n
    where n.ordinal = 0
    order by n.rank, n.chain_id, n.key
    limit ${first}::integer`);
}

/** The facts of a table in the spans, grouped there, where a range of positions finds them. */
function inSpans(chain: Sql, table: string, rest: Sql, keyAndValue: Sql): Sql {
  return sql`
    select b.ordinal, ${chain} as chain_id, x.key, x.value
    from b
    cross join lateral (
      select ${keyAndValue}
      from ${new Sql([table], [])} f
      ${rest}
      group by 1
    ) x`;
}

const everyChain = sql`0`;
const ownChain = sql`b.chain_id`;

/** Current influences with a weight above zero of settled inferences. */
const currentInfluences = sql`
  join inference_state s on s.chain_id = f.chain_id and s.inference_id = f.inference_id
    and f.pos > coalesce(s.revision_pos, -1)`;

/** Of inferences settled in the window, all refunds of theirs taken off. */
const fees = sql`
  join inference_state s on s.chain_id = f.chain_id and s.inference_id = f.inference_id`;

/** Rewards name pools, and those their tokens. */
const ofPool = (token: WantedToken | null) => sql`
  left join pool l on l.chain_id = f.chain_id and l.pool_id = f.pool_id
  where ${inSpan} and ${ofToken(sql`l.token`, token)}`;

function ofToken(column: Sql, token: WantedToken | null): Sql {
  return token ? isToken(sql`b.chain_id`, column, token) : sql`false`;
}

export const metrics: Record<LeaderboardMetric, Metric> = {
  CONTRIBUTORS_BY_REWARDS: {
    subject: 'account',
    inMoney: true,
    values: (token) =>
      inSpans(
        everyChain,
        'reward',
        sql`${ofPool(token)} and f.role = ${codeOf(roles, 'CONTRIBUTOR')}::smallint`,
        sql`f.beneficiary as key, sum(f.amount) as value`,
      ),
  },
  CONTRIBUTORS_BY_INFLUENCE: {
    subject: 'account',
    inMoney: false,
    values: () =>
      inSpans(
        everyChain,
        'influence',
        sql`${currentInfluences} where ${inSpan} and f.weight_ppm > 0`,
        sql`f.contributor as key, sum(f.weight_ppm) as value`,
      ),
  },
  CONTRIBUTORS_BY_ACCEPTED: {
    subject: 'account',
    inMoney: false,
    values: () =>
      inSpans(
        everyChain,
        'contribution_decision',
        sql`join contribution c on c.chain_id = f.chain_id and c.contribution_id = f.contribution_id
          where ${inSpan} and f.status = 1`,
        sql`c.contributor as key, count(distinct f.contribution_id)::numeric as value`,
      ),
  },
  DATANETS_BY_REWARDS: {
    subject: 'datanet',
    inMoney: true,
    values: (token) =>
      inSpans(
        ownChain,
        'reward_subject',
        sql`join datanet d on d.chain_id = f.chain_id and d.datanet_id = f.subject_id
          ${ofPool(token)} and f.kind = 2`,
        sql`f.subject_id as key, sum(f.amount) as value`,
      ),
  },
  DATANETS_BY_INFLUENCE: {
    subject: 'datanet',
    inMoney: false,
    values: () =>
      inSpans(
        ownChain,
        'influence',
        sql`join datanet d on d.chain_id = f.chain_id and d.datanet_id = f.datanet_id
          ${currentInfluences} where ${inSpan} and f.weight_ppm > 0`,
        sql`f.datanet_id as key, sum(f.weight_ppm) as value`,
      ),
  },
  MODELS_BY_FEES: {
    subject: 'model',
    inMoney: true,
    values: (token) =>
      inSpans(
        ownChain,
        'inference',
        sql`join model m on m.chain_id = f.chain_id and m.model_id = f.model_id
          ${fees} where ${inSpan} and ${ofToken(sql`f.fee_token`, token)}`,
        sql`f.model_id as key, sum(s.fee - s.refunded) as value`,
      ),
  },
  MODELS_BY_USERS: {
    subject: 'model',
    inMoney: false,
    values: () =>
      inSpans(
        ownChain,
        'inference',
        sql`join model m on m.chain_id = f.chain_id and m.model_id = f.model_id where ${inSpan}`,
        sql`f.model_id as key, count(distinct f.user_address)::numeric as value`,
      ),
  },
  ADAPTERS_BY_INFERENCES: {
    subject: 'adapter',
    inMoney: false,
    values: () =>
      inSpans(
        ownChain,
        'inference_adapter',
        // What is settled again joins no inference by position.
        sql`join inference i on i.chain_id = f.chain_id and i.pos = f.pos
          join adapter a on a.chain_id = f.chain_id and a.adapter_id = f.adapter_id
          where ${inSpan}`,
        sql`f.adapter_id as key, count(distinct f.pos)::numeric as value`,
      ),
  },
  USERS_BY_FEES: {
    subject: 'account',
    inMoney: true,
    values: (token) =>
      inSpans(
        everyChain,
        'inference',
        sql`${fees} where ${inSpan} and ${ofToken(sql`f.fee_token`, token)}`,
        sql`f.user_address as key, sum(s.fee - s.refunded) as value`,
      ),
  },
};
