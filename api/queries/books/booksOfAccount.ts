import { toHex } from '../../bytes';
import type { Context } from '../../context';
import type { Books } from '../../reconciliation/books';
import { Ledger, residualsOf } from '../../reconciliation/ledger';
import { join, type Sql, sql } from '../../sql';
import type { Account } from '../../types/account';
import { feesPaidBy, rewardTotalsOf } from '../account';

interface FeeRow {
  chain_id: number;
  token: Buffer;
  fees: string;
}

/** What one address paid for inferences and got back, was credited and was paid, on every chain that the context has. */
export async function booksOfAccount(context: Context, account: Account): Promise<Books> {
  const chainIds = (await context.chains()).map(({ chain_id }) => chain_id);
  const address = toHex(account.address);
  const ledger = new Ledger();
  const less = await feesPaidBy(context, account);
  for (const { chain_id, token, fees } of await feesOf(context, account.address)) {
    const net = less.find((row) => row.chain_id === chain_id && row.token?.equals(token));
    const debit = BigInt(fees);
    ledger.post({ chainId: chain_id, token }, `user:${address}`, {
      debit,
      credit: debit - BigInt(net?.amount ?? debit),
    });
  }
  for (const row of await rewardTotalsOf(context, account)) {
    const token = { chainId: row.chain_id, token: row.token };
    const claimed = BigInt(row.claimed);
    ledger.post(token, `rewards:${address}`, {
      credit: BigInt(row.accrued),
      debit: BigInt(row.reversed) + claimed,
    });
    if (row.has_claimed) ledger.post(token, `paid:${address}`, { credit: claimed });
  }
  const lines = ledger.lines();
  const residuals = residualsOf(lines);
  return {
    chainIds,
    lines: async () => lines,
    residuals,
    unexplained: residuals.length === 0 ? null : behind(account.address, residuals),
  };
}

/** By chain and token. Refunds are what `account_fee`, which has them taken off, is less. */
function feesOf(context: Context, address: Buffer): Promise<FeeRow[]> {
  return context.snapshot.query<FeeRow>(sql`
    select i.chain_id, i.fee_token as token, sum(i.fee) as fees
    from inference i
    where i.user_address = ${address}::bytea
    group by i.chain_id, i.fee_token`);
}

/** The reversals and claims of the address in the tokens of which more was taken than it had. */
function behind(address: Buffer, residuals: Books['residuals']): Sql {
  const overdrawn = sql`
    select from unnest(
      ${residuals.map(({ chainId }) => chainId)}::integer[],
      ${residuals.map(({ token }) => token)}::bytea[]
    ) as o (chain_id, token)
    where o.chain_id = e.chain_id and o.token is not distinct from l.token`;
  const parts = [sql`reversal`, sql`claim`].map(
    (table) => sql`
      select e.pos
      from ${table} e
      left join pool l on l.chain_id = e.chain_id and l.pool_id = e.pool_id
      where e.chain_id = p.chain_id and e.beneficiary = ${address}::bytea and exists (${overdrawn})`,
  );
  return join(parts, ' union all ');
}
