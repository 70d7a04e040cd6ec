import type { QueryResultRow } from 'pg';
import type { Context } from '../context';
import { type Sql, sql } from '../sql';
import type { Account } from '../types/account';
import { groupByOrdinal } from './keyed';

/** Whether a chain is one that the account counts. */
export type InScope = (chainId: Sql) => Sql;

/**
 * One statement for all accounts that an answer asks for: `statement` reads the relation p (ordinal, address) and
 * selects p.ordinal next to its columns.
 */
export function accountRows<Row extends QueryResultRow>(name: string, statement: (inScope: InScope) => Sql) {
  return (context: Context, { address, scope }: Account): Promise<Row[]> => {
    const inScope: InScope = (chainId) => (scope ? sql`${chainId} = any(${scope}::integer[])` : sql`true`);
    return context
      .loader<Buffer, Row[]>(
        `${name} ${scope?.join() ?? ''}`,
        async (addresses) => {
          const ordinals = addresses.map((_, ordinal) => ordinal);
          const rows = await context.snapshot.query<Row & { ordinal: number }>(sql`
            with p (ordinal, address) as (
              select * from unnest(${ordinals}::integer[], ${addresses}::bytea[])
            )
            ${statement(inScope)}`);
          return groupByOrdinal(rows, addresses.length);
        },
        (each) => each.toString('hex'),
      )
      .load(address);
  };
}
