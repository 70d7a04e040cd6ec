import type { QueryResultRow } from 'pg';
import type { Context } from '../context';
import { join, type Sql, sql } from '../sql';
import type { Account } from '../types/account';
import { groupByOrdinal } from './keyed';

/** Whether a chain is one that the account counts. */
export type InScope = (chainId: Sql) => Sql;

type Statement = (inScope: InScope) => Sql;

/**
 * One statement for all accounts that an answer asks for: `statement` reads the relation p (ordinal, address) and
 * selects p.ordinal next to its columns.
 */
export function accountRows<Row extends QueryResultRow>(name: string, statement: Statement) {
  return (context: Context, { address, scope }: Account): Promise<Row[]> => {
    const inScope: InScope = (chainId) => (scope ? sql`${chainId} = any(${scope}::integer[])` : sql`true`);
    return context
      .loader<Buffer, Row[]>(
        `${name} ${scope?.join() ?? ''}`,
        async (addresses) => {
          const ordinals = addresses.map((_, ordinal) => ordinal);
          // Of a lone one Postgres makes constants.
          const p =
            addresses.length === 1
              ? sql`select 0, ${addresses[0]}::bytea`
              : sql`select * from unnest(${ordinals}::integer[], ${addresses}::bytea[])`;
          const rows = await context.snapshot.query<Row & { ordinal: number }>(sql`
            with p (ordinal, address) as (${p})
            ${statement(inScope)}`);
          return groupByOrdinal(rows, addresses.length);
        },
        (each) => each.toString('hex'),
      )
      .load(address);
  };
}

/** What is told of an account by a relation of its own, which may be read beside others. */
export interface AccountPart {
  name: string;
  /** With names that no other part has. */
  columns: Sql;
  /** The one of them that is null where the relation has no row. */
  present: string;
  /** What p is left joined with. */
  relation: (inScope: InScope) => Sql;
  /** Of its rows, where there may be several. */
  order?: Sql;
}

/** As accountRows, of one part; what was read of the account already is not asked for again. */
export function partRows<Row extends QueryResultRow>(part: AccountPart) {
  const rows = accountRows<Row>(part.name, statementOf([part]));
  return async (context: Context, account: Account): Promise<Row[]> =>
    (account.readParts?.get(part.name) as Row[] | undefined) ?? present(part, await rows(context, account));
}

/**
 * Reads parts of the account in one statement, for whoever asks for them later.
 * @param parts of which one may have several rows
 */
export async function readTogether(context: Context, account: Account, parts: readonly AccountPart[]): Promise<void> {
  const name = parts.map((part) => part.name).join();
  const rows = await accountRows(name, statementOf(parts))(context, account);
  account.readParts = new Map(parts.map((part) => [part.name, present(part, rows)]));
}

function present<Row extends QueryResultRow>(part: AccountPart, rows: readonly Row[]): Row[] {
  return rows.filter((row) => row[part.present] !== null);
}

function statementOf(parts: readonly AccountPart[]): Statement {
  const columns = parts.map((part) => part.columns);
  const order = parts.flatMap((part) => part.order ?? []);
  return (inScope) => sql`
    select p.ordinal, ${join(columns, ', ')}
    from p
    ${join(
      parts.map(({ relation }) => sql`left join lateral ${relation(inScope)} on true`),
      ' ',
    )}
    order by ${join([sql`p.ordinal`, ...order], ', ')}`;
}
