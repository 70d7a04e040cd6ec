import { accountRoles, codeOf } from '../../schema/codes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { sql } from '../sql';
import { type Account, type AccountFilter, type AccountOrder, accountOf, type Reputation } from '../types/account';
import { Filter } from './lists/filter';
import { listConnection } from './lists/listConnection';
import { orderingOf } from './lists/order';
import { isToken } from './money';

/** The chains of an account's own lists. */
export async function chainsOf(context: Context, { scope }: Account): Promise<readonly number[]> {
  return scope ?? (await context.chainIds());
}

/** With where.chainId accounts count those chains alone. */
export async function accounts(
  context: Context,
  args: PageArgs,
  where: AccountFilter | null | undefined,
  orderBy: AccountOrder | null | undefined,
): Promise<Connection<Account>> {
  const filter = await Filter.of(context, where);
  const { chainIds } = filter;
  const scope = chainIds.length === (await context.chains()).length ? null : chainIds;
  if (chainIds.length > 1) {
    // An account stands where it was seen first, of several chains by time, then by chain.
    filter.add(sql`not exists (
      select from account o
      join block ob on ob.chain_id = o.chain_id and ob.number = block_of(o.pos)
      join block ab on ab.chain_id = a.chain_id and ab.number = block_of(a.pos)
      where o.address = a.address and o.chain_id <> a.chain_id and o.chain_id = any(${chainIds}::integer[])
        and (ob.timestamp, o.chain_id) < (ab.timestamp, a.chain_id)
    )`);
  }
  const role = where?.role ? codeOf(accountRoles, where.role) : undefined;
  if (role !== undefined) {
    filter.add(sql`exists (
      select from account_role r
      where r.address = a.address and r.role = ${role}::smallint and r.n > 0
        and r.chain_id = any(${chainIds}::integer[])
    )`);
  }
  const count = (column: 'contributions' | 'inferences') => sql`coalesce((
    select sum(${column === 'contributions' ? sql`n.contributions` : sql`n.inferences`})
    from account_count n
    where n.address = a.address and n.chain_id = any(${chainIds}::integer[])
  ), 0)`;
  const ordering = orderingOf('accounts', orderBy, {
    FIRST_SEEN: null,
    CONTRIBUTIONS: count('contributions'),
    INFERENCES: count('inferences'),
    REWARDS: {
      // A sum of 0 is either no reward in that token, or some of amounts of 0.
      ofToken: (token) => sql`
        select case when t.accrued > 0 or (
          select true
          from reward r
          left join pool l on l.chain_id = r.chain_id and l.pool_id = r.pool_id
          where r.beneficiary = a.address and r.chain_id = any(${chainIds}::integer[])
            and ${isToken(sql`r.chain_id`, sql`l.token`, token)}
          limit 1
        ) then t.accrued end
        from (
          select sum(x.accrued) as accrued
          from account_pool x
          left join pool l on l.chain_id = x.chain_id and l.pool_id = x.pool_id
          where x.address = a.address and x.chain_id = any(${chainIds}::integer[])
            and ${isToken(sql`x.chain_id`, sql`l.token`, token)}
        ) t`,
    },
    FEES_PAID: {
      ofToken: ({ chainId, address }) => sql`
        select f.fees
        from account_fee f
        where f.address = a.address and f.n <> 0 and f.chain_id = ${chainId}::integer and f.token = ${address}::bytea
          and f.chain_id = any(${chainIds}::integer[])`,
    },
  });
  return listConnection<{ chain_id: number; address: Buffer; pos: bigint }, Account>(
    context,
    args,
    {
      ...ordering,
      columns: sql`a.chain_id, a.address, a.pos`,
      from: sql`account a`,
      where: [sql`a.chain_id = p.chain_id`, ...filter.where],
      given: filter.given,
      pos: sql`a.pos`,
      item: sql`a.item`,
    },
    { chainIds, key: null },
    (row) => accountOf(row.address, { chainId: row.chain_id, pos: row.pos }, scope),
  );
}

interface ReputationRow {
  chain_id: number;
  datanet_id: string;
  score: string;
  pos: bigint;
}

/** The latest ReputationChanged of each datanet, created or not. */
export async function reputationOf(
  context: Context,
  args: PageArgs,
  account: Account,
): Promise<Connection<Reputation>> {
  return listConnection<ReputationRow, Reputation>(
    context,
    args,
    {
      name: 'account.reputation',
      keyType: 'bytea',
      columns: sql`r.chain_id, r.datanet_id, r.score, r.pos`,
      from: sql`(
        select distinct on (x.datanet_id) x.chain_id, x.datanet_id, x.score, x.pos
        from reputation_change x
        where x.account = p.key and x.chain_id = p.chain_id
        order by x.datanet_id, x.pos desc
      ) r`,
      where: [],
      pos: sql`r.pos`,
      direction: 'DESC',
    },
    { chainIds: await chainsOf(context, account), key: account.address },
    (row) => ({ chainId: row.chain_id, datanetId: row.datanet_id, score: row.score, pos: row.pos }),
  );
}
