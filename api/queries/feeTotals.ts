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

const withSplit = sql`inference_state s left join fee_split f on f.chain_id = s.chain_id and f.pos = s.split_pos`;

/** By token. Kept for the newest state; as of a past block they are worked out of its inferences. */
export function feeTotals(context: Context, chainId: number): Promise<FeeTotal[]> {
  if (context.at === null) {
    return context.snapshot.query<FeeTotal>(sql`
      select t.token, t.fees, t.refunded, t.splits::integer as splits, t.platform, t.model, t.stakers, t.contributors,
        t.odd::integer as odd
      from fee_total t
      where t.chain_id = ${chainId}::integer`);
  }
  return context.snapshot.query<FeeTotal>(sql`
    select s.fee_token as token, sum(s.fee) as fees, sum(s.refunded) as refunded, count(f.pos)::integer as splits,
      coalesce(sum(f.platform), 0) as platform, coalesce(sum(f.model), 0) as model,
      coalesce(sum(f.stakers), 0) as stakers, coalesce(sum(f.contributors), 0) as contributors,
      count(*) filter (where ${isOdd(sql`f`)})::integer as odd
    from ${withSplit}
    where s.chain_id = ${chainId}::integer
    group by s.fee_token`);
}

/** The inferences of p.chain_id of which something is left: an index of the newest state holds them alone. */
export function oddInferences({ at }: Context): Sql {
  return sql`
    select s.chain_id, s.inference_id, s.pos, s.split_pos
    from ${at === null ? sql`inference_state s` : withSplit}
    where s.chain_id = p.chain_id and ${isOdd(at === null ? sql`s` : sql`f`)}`;
}

/** `legs`: the relation that has those of the latest split. */
function isOdd(legs: Sql): Sql {
  return sql`s.fee - s.refunded <> coalesce(${legs}.platform + ${legs}.model + ${legs}.stakers + ${legs}.contributors, 0)`;
}
