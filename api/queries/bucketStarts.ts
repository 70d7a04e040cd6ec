import type { Context } from '../context';
import type { BucketWindow } from '../series/window';
import { sql } from '../sql';
import { remembering } from './remembered';
import { firstSecond, positionAt } from './spans';

/** Where the buckets of a window begin on a chain: what lies in them is in from_pos <= pos < to_pos. */
export interface BucketStarts {
  chain_id: number;
  from_pos: bigint;
  to_pos: bigint;
  /** Of each its first position, and the end of the last: a bigint[] as text. Where one is without a block, it is the next one's. */
  starts: string;
}

/**
 * Of each chain. All buckets are one range, so that facts of many are found at once; `width_bucket(pos, starts) - 1` is the
 * bucket of a position, counted from 0. Where they begin is the same for whoever's facts: 91 looks at `block` for 90 days,
 * which are remembered.
 * @param buckets that follow each other, at least one (bucketsOf)
 */
export function bucketStarts(
  context: Context,
  buckets: readonly BucketWindow[],
  chainIds: readonly number[],
): Promise<BucketStarts[]> {
  const key = `starts ${JSON.stringify([chainIds, buckets.length, buckets[0], buckets.at(-1)])}`;
  return remembering(context, key, () => {
    const times = [...buckets.map(({ from }) => from), buckets.at(-1)?.to ?? 0].map(firstSecond);
    return context.snapshot.query<BucketStarts>(sql`
      select chain_id, starts[1] as from_pos, starts[cardinality(starts)] as to_pos, starts::text as starts
      from (
        select k.chain_id, k.place, array_agg(${positionAt(sql`w.time`)} order by w.ordinal) as starts
        from unnest(${chainIds}::integer[]) with ordinality as k (chain_id, place)
        cross join unnest(${times}::bigint[]) with ordinality as w (time, ordinal)
        group by k.chain_id, k.place
      ) s
      order by place`);
  });
}
