import type { Context } from '../context';
import type { Window } from '../series/window';
import { type Sql, sql } from '../sql';

/** The indexed chains that a series is about. */
export interface Scope {
  chainIds: number[];
  /** Timestamp of the newest indexed block of theirs, seconds. */
  newest: bigint;
}

/** null: all indexed chains together. null where that chain isn't indexed, or none is. */
export async function scopeOf(context: Context, chainId: number | null | undefined): Promise<Scope | null> {
  const chains = (await context.chains()).filter(
    ({ chain_id, indexed_timestamp }) => indexed_timestamp !== null && (chainId ?? chain_id) === chain_id,
  );
  if (chains.length === 0) return null;
  return {
    chainIds: chains.map(({ chain_id }) => chain_id),
    newest: chains.reduce((newest, { indexed_timestamp: t }) => (t !== null && t > newest ? t : newest), 0n),
  };
}

/** A window on some chains. */
export interface Span extends Window {
  chainIds: readonly number[];
}

/**
 * The relation (ordinal, chain_id, from_pos, to_pos): of each span and chain the positions from_pos <= pos < to_pos, so
 * that facts of a time are a range of a primary key. To be materialized.
 */
export function positionsOf(spans: readonly Span[]): Sql {
  const rows = spans.flatMap(({ chainIds, from, to }, ordinal) =>
    chainIds.map((chainId) => ({ ordinal, chainId, from: firstSecond(from), to: firstSecond(to) })),
  );
  return sql`
    select k.ordinal, k.chain_id, ${positionAt(sql`k.from_time`)} as from_pos, ${positionAt(sql`k.to_time`)} as to_pos
    from unnest(
      ${rows.map(({ ordinal }) => ordinal)}::integer[],
      ${rows.map(({ chainId }) => chainId)}::integer[],
      ${rows.map(({ from }) => from)}::bigint[],
      ${rows.map(({ to }) => to)}::bigint[]
    ) as k (ordinal, chain_id, from_time, to_time)`;
}

/** A block's timestamp is a whole second. */
function firstSecond(timeMs: number): bigint {
  return BigInt(Math.ceil(timeMs / 1000));
}

function positionAt(time: Sql): Sql {
  return sql`coalesce((
    select position_of(b.number, 0) from block b
    where b.chain_id = k.chain_id and b.timestamp >= ${time}
    order by b.timestamp, b.number
    limit 1
  ), 9223372036854775807)`;
}
