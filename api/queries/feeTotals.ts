import type { Context } from '../context';
import { type Sql, sql } from '../sql';

/** What the inferences of a chain come to in one token: fees, refunds, and the legs of their latest splits. */
export interface FeeTotal {
  token: Buffer;
  fees: string;
  refunded: string;
  splits: number;
  platform: string;
  model: string;
  stakers: string;
  contributors: string;
  /** Inferences of which something is left. */
  odd: number;
}

/** By token. */
export function feeTotals(context: Context, chainId: number): Promise<FeeTotal[]> {
  return context.snapshot.query<FeeTotal>(sql`
    select t.token, t.fees, t.refunded, t.splits::integer as splits, t.platform, t.model, t.stakers, t.contributors,
      t.odd::integer as odd
    from fee_total t
    where t.chain_id = ${chainId}::integer`);
}

/** The inferences of p.chain_id of which something is left: an index of the newest state holds them alone. */
export const oddInferences: Sql = sql`
  select s.chain_id, s.inference_id, s.pos, s.split_pos
  from inference_state s
  where s.chain_id = p.chain_id
    and s.fee - s.refunded <> coalesce(s.platform + s.model + s.stakers + s.contributors, 0)`;
