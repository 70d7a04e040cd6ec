import type { Context } from '../../context';
import type { BucketWindow } from '../../series/window';
import { sql } from '../../sql';
import { remembering } from './remembered';
import { firstSecond, positionAt } from './spans';

/** Where the buckets of a window begin on a chain, as positions: what lies in them is in from_pos <= pos < to_pos. */
export interface BucketStarts {
  chain_id: number;
  from_pos: string;
  to_pos: string;
  /** Of each its first position, and the end of the last: a bigint[] as text. Where one is without a block, it is the next one's. */
  starts: string;
}

/**
 * Of each chain. All buckets are one range, so that facts of many are found at once; `width_bucket(pos, starts) - 1` is the
 * bucket of a position, counted from 0. Where they begin is the same for whoever's facts: 91 looks at `block` for 90 days,
 * which are remembered.
 * @param buckets that follow each other, at least one (bucketsOf)
 */
export async function bucketStarts(
  context: Context,
  buckets: readonly BucketWindow[],
  chainIds: readonly number[],
): Promise<BucketStarts[]> {
  const times = [...buckets.map(({ from }) => from), buckets.at(-1)?.to ?? 0].map(firstSecond);
  const key = `starts ${JSON.stringify([chainIds, buckets.length, buckets[0], buckets.at(-1)])}`;
  const rows = await remembering(context, key, () =>
    context.snapshot.query<{ pos: string }>(sql`
      select ${positionAt(sql`w.time`)}::text as pos
      from unnest(${chainIds}::integer[]) with ordinality as k (chain_id, place)
      cross join unnest(${times}::bigint[]) with ordinality as w (time, ordinal)
      order by k.place, w.ordinal`),
  );
  return chainIds.map((chain_id, place) => {
    const starts = rows.slice(place * times.length, (place + 1) * times.length).map(({ pos }) => pos);
    return { chain_id, from_pos: starts[0]!, to_pos: starts.at(-1)!, starts: `{${starts.join()}}` };
  });
}
