import type { QueryResultRow } from 'pg';
import type { Context } from '../context';
import { type Sql, sql } from '../sql';

/** Ids are numeric, hashes and addresses bytea, positions bigint. */
export type KeyType = 'numeric' | 'bytea' | 'bigint';
export type Key = bigint | string | Buffer;
interface ChainKey {
  chainId: number;
  key: Key;
}

/** unnest()'s cast of a key's type. */
export function arrayOf(type: KeyType, keys: readonly (Key | null)[]): Sql {
  if (type === 'numeric') return sql`${keys}::numeric[]`;
  return type === 'bytea' ? sql`${keys}::bytea[]` : sql`${keys}::bigint[]`;
}

export function textOf(key: Key): string {
  return Buffer.isBuffer(key) ? key.toString('hex') : String(key);
}

/**
 * One statement for all keys that an answer asks for: `statement` reads the relation p (ordinal, chain_id, key) and
 * selects p.ordinal next to its columns. Answers the rows of a key, in the statement's order.
 */
export function rowsByKey<Row extends QueryResultRow>(name: string, type: KeyType, statement: Sql) {
  return (context: Context, chainId: number, key: Key): Promise<Row[]> =>
    context
      .loader<ChainKey, Row[]>(
        name,
        async (keys) => {
          const ordinals = keys.map((_, ordinal) => ordinal);
          const chains = keys.map((each) => each.chainId);
          const values = arrayOf(
            type,
            keys.map((each) => each.key),
          );
          const rows = await context.snapshot.query<Row & { ordinal: number }>(sql`
            with p (ordinal, chain_id, key) as (
              select * from unnest(${ordinals}::integer[], ${chains}::integer[], ${values})
            )
            ${statement}`);
          return groupByOrdinal(rows, keys.length);
        },
        (each) => `${each.chainId}:${textOf(each.key)}`,
      )
      .load({ chainId, key });
}

/** As rowsByKey, for at most one row. */
export function rowByKey<Row extends QueryResultRow>(name: string, type: KeyType, statement: Sql) {
  const rows = rowsByKey<Row>(name, type, statement);
  return async (context: Context, chainId: number, key: Key): Promise<Row | null> =>
    (await rows(context, chainId, key))[0] ?? null;
}

export function groupByOrdinal<Row>(rows: readonly (Row & { ordinal: number })[], count: number): Row[][] {
  const groups: Row[][] = Array.from({ length: count }, () => []);
  for (const row of rows) groups[row.ordinal]!.push(row);
  return groups;
}
