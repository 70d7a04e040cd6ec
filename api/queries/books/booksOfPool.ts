import { toHex } from '../../bytes';
import type { Context } from '../../context';
import { apiError } from '../../errors';
import type { Books } from '../../reconciliation/books';
import { Ledger, type Line, sumResiduals } from '../../reconciliation/ledger';
import { legOfPool } from '../../reconciliation/legOfPool';
import { join, type Sql, sql } from '../../sql';
import type { Pool } from '../../types/pool';

/** Beyond this many accounts, of two lines each, the ledger is no plain list any more. */
const MAX_BENEFICIARIES = 10_000;
/** By funding source; all unknown codes are the last. */
const sources = ['FEE', 'EMISSION', 'GRANT', 'SLASH', 'UNKNOWN'] as const;

/** The account that a funding of a pool is taken from: of a fee the leg that pays pools of its kind. */
export function fundingAccount(source: number, kind: string | null): string {
  return source === 0 ? `split:${legOfPool(kind)}` : `external:${sources[source] ?? 'UNKNOWN'}`;
}

/**
 * The funding, rewards, reversals and claims of one pool. A pool declares its sources itself: whether a split is behind
 * what it was paid by FEE only the books of its chain can say.
 */
export async function booksOfPool(context: Context, pool: Pool): Promise<Books> {
  const { chainId, tokenAddress } = pool;
  const token = { chainId, token: tokenAddress };
  const fundings = await fundingsOf(context, pool);
  const beneficiaries = await beneficiariesOf(context, pool);
  const { given, below } = beneficiaries ? sumsOf(beneficiaries) : await sumsInSql(context, pool);
  const left = fundings.reduce((sum, { amount }) => sum + BigInt(amount), 0n) - given;
  const residuals = sumResiduals([
    { ...token, amount: left < 0n ? left : 0n },
    { ...token, amount: below },
  ]);
  return {
    chainIds: [chainId],
    lines: async () => {
      if (beneficiaries) return linesOf(pool, fundings, beneficiaries);
      throw apiError(
        'QUERY_TOO_COMPLEX',
        `This pool has more than ${MAX_BENEFICIARIES} beneficiaries. Ask for its residuals, or reconcile the accounts.`,
      );
    },
    residuals,
    unexplained: behind(pool, left < 0n, below < 0n),
  };
}

interface FundingRow {
  source: number;
  amount: string;
}

function fundingsOf(context: Context, { chainId, poolId }: Pool): Promise<FundingRow[]> {
  return context.snapshot.query<FundingRow>(sql`
    select case when f.source in (0, 1, 2, 3) then f.source else 4 end::integer as source, sum(f.amount) as amount
    from pool_funding f
    where f.chain_id = ${chainId}::integer and f.pool_id = ${poolId}::bytea
    group by 1
    order by 1`);
}

interface BeneficiaryRow {
  beneficiary: Buffer;
  accruals: number;
  reversals: number;
  claims: number;
  accrued: string;
  reversed: string;
  claimed: string;
}

function byBeneficiary({ chainId, poolId }: Pool): Sql {
  const none = sql`null::numeric`;
  const branch = (table: Sql, accrued: Sql, reversed: Sql, claimed: Sql) => sql`
    select e.beneficiary, ${accrued} as accrued, ${reversed} as reversed, ${claimed} as claimed
    from ${table} e
    where e.chain_id = ${chainId}::integer and e.pool_id = ${poolId}::bytea`;
  const amount = sql`e.amount`;
  const branches = [
    branch(sql`reward`, amount, none, none),
    branch(sql`reversal`, none, amount, none),
    branch(sql`claim`, none, none, amount),
  ];
  return sql`
    select u.beneficiary, count(u.accrued)::integer as accruals, count(u.reversed)::integer as reversals,
      count(u.claimed)::integer as claims, coalesce(sum(u.accrued), 0) as accrued,
      coalesce(sum(u.reversed), 0) as reversed, coalesce(sum(u.claimed), 0) as claimed
    from (${join(branches, ' union all ')}) u
    group by u.beneficiary`;
}

/** null for more than a plain list holds. */
async function beneficiariesOf(context: Context, pool: Pool): Promise<BeneficiaryRow[] | null> {
  const rows = await context.snapshot.query<BeneficiaryRow>(sql`${byBeneficiary(pool)} limit ${MAX_BENEFICIARIES + 1}`);
  return rows.length > MAX_BENEFICIARIES ? null : rows;
}

/** given: accrued less reversed; below: the sum of the beneficiaries' balances that are below zero. */
interface Sums {
  given: bigint;
  below: bigint;
}

function sumsOf(rows: readonly BeneficiaryRow[]): Sums {
  let [given, below] = [0n, 0n];
  for (const { accrued, reversed, claimed } of rows) {
    const kept = BigInt(accrued) - BigInt(reversed);
    const left = kept - BigInt(claimed);
    given += kept;
    if (left < 0n) below += left;
  }
  return { given, below };
}

async function sumsInSql(context: Context, pool: Pool): Promise<Sums> {
  const [row] = await context.snapshot.query<{ given: string; below: string }>(sql`
    select coalesce(sum(b.accrued - b.reversed), 0) as given,
      coalesce(sum(least(b.accrued - b.reversed - b.claimed, 0)), 0) as below
    from (${byBeneficiary(pool)}) b`);
  return { given: BigInt(row?.given ?? 0), below: BigInt(row?.below ?? 0) };
}

function linesOf(pool: Pool, fundings: readonly FundingRow[], beneficiaries: readonly BeneficiaryRow[]): Line[] {
  const token = { chainId: pool.chainId, token: pool.tokenAddress };
  const own = `pool:${toHex(pool.poolId)}`;
  const ledger = new Ledger();
  for (const { source, amount } of fundings) {
    ledger.transfer(token, fundingAccount(source, pool.kind), own, BigInt(amount));
  }
  for (const row of beneficiaries) {
    const rewards = `rewards:${toHex(row.beneficiary)}`;
    if (row.accruals > 0) ledger.transfer(token, own, rewards, BigInt(row.accrued));
    if (row.reversals > 0) ledger.transfer(token, rewards, own, BigInt(row.reversed));
    if (row.claims > 0) ledger.transfer(token, rewards, `paid:${toHex(row.beneficiary)}`, BigInt(row.claimed));
  }
  return ledger.lines();
}

/** Of accounts below zero what was taken out of them: rewards of the pool, reversals and claims of beneficiaries. */
function behind(pool: Pool, overdrawn: boolean, overpaid: boolean): Sql | null {
  const { poolId } = pool;
  const parts: Sql[] = [];
  if (overdrawn) {
    parts.push(sql`select r.pos from reward r where r.chain_id = p.chain_id and r.pool_id = ${poolId}::bytea`);
  }
  if (overpaid) {
    for (const table of [sql`reversal`, sql`claim`]) {
      parts.push(sql`
        select e.pos
        from ${table} e
        join (${byBeneficiary(pool)}) b on b.beneficiary = e.beneficiary and b.accrued < b.reversed + b.claimed
        where e.chain_id = p.chain_id and e.pool_id = ${poolId}::bytea`);
    }
  }
  return parts.length === 0 ? null : join(parts, ' union all ');
}
