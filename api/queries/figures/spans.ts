import type { QueryResultRow } from 'pg';
import type { Context } from '../../context';
import type { Window } from '../../series/window';
import { type Sql, sql } from '../../sql';
import { groupByOrdinal } from '../keyed';
import { rememberingAll } from './remembered';
import { sideBySide } from './sideBySide';

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
export function firstSecond(timeMs: number): bigint {
  return BigInt(Math.ceil(timeMs / 1000));
}

/** The first position of k.chain_id at or after that second; the highest one if there is none yet. */
export function positionAt(time: Sql): Sql {
  return sql`coalesce((
    select position_of(t.number, 0) from block t
    where t.chain_id = k.chain_id and t.timestamp >= ${time}
    order by t.timestamp, t.number
    limit 1
  ), 9223372036854775807)`;
}

/**
 * The rows of a statement over the relation b (ordinal, chain_id, from_pos, to_pos), for all windows at once that an
 * answer asks for and that aren't remembered. The statement goes on from `with b as …`, and selects b.ordinal next to its
 * columns.
 * @param takesMs as sideBySide has it, of 30 days of 5,000,000 rewards in a year
 */
export function rowsOfSpans<Row extends QueryResultRow, S extends Span = Span>(
  name: string,
  takesMs: number,
  statement: (spans: readonly S[]) => Sql,
) {
  return (context: Context, span: S): Promise<Row[]> =>
    context
      .loader<S, Row[]>(
        name,
        (spans) => {
          const keys = spans.map((span) => `${name} ${JSON.stringify(span)}`);
          return rememberingAll<Row>(context, keys, async (missing) => {
            const unknown = missing.map((i) => spans[i]!);
            const text = sql`
              with b as materialized (${positionsOf(unknown)})
              ${statement(unknown)}`;
            const rows = await sideBySide(context, (on) => on.snapshot.query<Row & { ordinal: number }>(text), takesMs);
            return groupByOrdinal<Row>(rows, unknown.length);
          });
        },
        (each) => JSON.stringify(each),
      )
      .load(span);
}

/** The facts f of the span b. */
export const inSpan = sql`f.chain_id = b.chain_id and f.pos >= b.from_pos and f.pos < b.to_pos`;

/** The states s of inferences settled in the span b. Both sides of what their index has before the position are named. */
export const settledInSpan = sql`s.chain_id = b.chain_id and (s.attribution_pos is not null) in (true, false)
  and s.pos >= b.from_pos and s.pos < b.to_pos`;
