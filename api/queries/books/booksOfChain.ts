import { nameOf, poolKinds } from '../../../schema/codes';
import type { Context } from '../../context';
import { legNames } from '../../explanation/expectedReward';
import type { Books } from '../../reconciliation/books';
import { Ledger, type Residual, residualOf, residualsOf, sumResiduals } from '../../reconciliation/ledger';
import { legOfPool } from '../../reconciliation/legOfPool';
import { join, type Sql, sql } from '../../sql';
import { type FeeTotal, feeTotals, oddInferences } from '../feeTotals';
import { remembering } from '../figures/remembered';
import { fundingAccount } from './booksOfPool';

/** All postings of a chain, out of totals by token and by pool. */
export async function booksOfChain(context: Context, chainId: number): Promise<Books> {
  const fees = await feeTotals(context, chainId);
  const pools = await poolTotals(context, chainId);
  const zeros = await zeroPostings(context, chainId);
  const overpaid = await overpaidTotals(context, chainId);
  const ledger = new Ledger();
  for (const row of fees) {
    const token = { chainId, token: row.token };
    ledger.transfer(token, 'user', 'inference', BigInt(row.fees));
    ledger.transfer(token, 'inference', 'user', BigInt(row.refunded));
    if (row.splits === 0) continue;
    for (const leg of legNames) ledger.transfer(token, 'inference', `split:${leg}`, BigInt(row[leg]));
  }
  for (const row of [...pools, ...zeros]) {
    const token = { chainId, token: row.token };
    const kind = row.kind === null ? null : nameOf(poolKinds, row.kind);
    const entry = (from: string, to: string, amount: string | null) => {
      // A sum of zero is no posting, but for those of zero, which are rows of their own.
      if (amount !== null && (amount !== '0' || row.zero)) ledger.transfer(token, from, to, BigInt(amount));
    };
    for (const [source, amount] of [row.fee, row.emission, row.grant, row.slash, row.unknown].entries()) {
      entry(fundingAccount(source, kind), 'pool', amount);
    }
    entry('pool', 'rewards', row.accrued);
    entry('rewards', 'pool', row.reversed);
    entry('rewards', 'paid', row.claimed);
  }
  const lines = ledger.lines();
  const splits = lines.filter((line) => line.account.startsWith('split:') && residualOf(line) < 0n);
  const overdrawn: Residual[] = pools.map(({ token, below }) => ({ chainId, token, amount: BigInt(below) }));
  const residuals = sumResiduals([
    ...fees.map((row) => ({ chainId, token: row.token, amount: leftOf(row), odd: row.odd })),
    ...residualsOf(splits),
    ...overdrawn,
    ...overpaid.map(({ token, below }) => ({ chainId, token, amount: BigInt(below) })),
  ]);
  const behind = [
    ...(fees.some(({ odd }) => odd > 0) ? [eventsOfInferences] : []),
    ...(splits.length > 0 ? [fundingsOf(splits.map(({ account, token }) => ({ account, token })))] : []),
    ...(overdrawn.some(({ amount }) => amount < 0n) ? [rewardsOfPools] : []),
    ...(overpaid.length > 0 ? payoutsOfAccounts(context.at !== null) : []),
  ];
  return {
    chainIds: [chainId],
    lines: async () => lines,
    residuals,
    unexplained: behind.length === 0 ? null : join(behind, ' union all '),
  };
}

function leftOf(row: FeeTotal): bigint {
  return legNames.reduce((rest, leg) => rest - BigInt(row[leg]), BigInt(row.fees) - BigInt(row.refunded));
}

/** Sums of the pools of one kind and token; null kind and token: of pools never created. */
interface PoolTotal {
  kind: number | null;
  token: Buffer | null;
  fee: string | null;
  emission: string | null;
  grant: string | null;
  slash: string | null;
  unknown: string | null;
  accrued: string | null;
  reversed: string | null;
  claimed: string | null;
  /** The sum of what single pools are below zero. */
  below: string;
  zero: boolean;
}

function poolTotals(context: Context, chainId: number): Promise<PoolTotal[]> {
  return context.snapshot.query<PoolTotal>(sql`
    select l.kind, l.token, sum(t.fee) as fee, sum(t.emission) as emission, sum(t."grant") as "grant",
      sum(t.slash) as slash, sum(t.unknown) as unknown, sum(t.accrued) as accrued, sum(t.reversed) as reversed,
      sum(t.claimed) as claimed, false as zero,
      sum(least(t.fee + t.emission + t."grant" + t.slash + t.unknown - t.accrued + t.reversed, 0)) as below
    from pool_total t
    left join pool l on l.chain_id = t.chain_id and l.pool_id = t.pool_id
    where t.chain_id = ${chainId}::integer
    group by l.kind, l.token`);
}

/** Postings of nothing make a line too: which accounts have some, by kind and token of the pool. */
function zeroPostings(context: Context, chainId: number): Promise<PoolTotal[]> {
  const zeroOf = (table: Sql, what: Sql) => sql`
    select distinct l.kind, l.token, ${what} as what
    from ${table} e
    left join pool l on l.chain_id = e.chain_id and l.pool_id = e.pool_id
    where e.chain_id = ${chainId}::integer and e.amount = 0`;
  const tables = [
    zeroOf(sql`pool_funding`, sql`case when e.source in (0, 1, 2, 3) then e.source else 4 end`),
    zeroOf(sql`reward`, sql`5`),
    zeroOf(sql`reversal`, sql`6`),
    zeroOf(sql`claim`, sql`7`),
  ];
  const names = [
    sql`fee`,
    sql`emission`,
    sql`"grant"`,
    sql`slash`,
    sql`unknown`,
    sql`accrued`,
    sql`reversed`,
    sql`claimed`,
  ];
  const columns = names.map((name, what) => sql`case when z.what = ${what}::integer then 0::numeric end as ${name}`);
  return context.snapshot.query<PoolTotal>(sql`
    select z.kind, z.token, ${join(columns, ', ')}, true as zero, 0::numeric as below
    from (${join(tables, ' union all ')}) z`);
}

// Whoever has less than nothing in a token has it in some pool: they are few, and adding up the rest took seconds. Of a
// past block, where a row of account_pool costs more than to add it up, all of them are.
const overdrawnSomewhere = (chain: Sql, past: boolean) =>
  past
    ? sql`true`
    : sql`a.address in (
        select o.address from account_pool o where o.chain_id = ${chain} and o.accrued - o.reversed - o.claimed < 0
      )`;
const overpaidPairs = (chain: Sql, past: boolean) => sql`
  select a.address, l.token, sum(a.accrued - a.reversed - a.claimed) as left_over
  from account_pool a
  left join pool l on l.chain_id = a.chain_id and l.pool_id = a.pool_id
  where a.chain_id = ${chain} and ${overdrawnSomewhere(chain, past)}
  group by a.address, l.token
  having sum(a.accrued - a.reversed - a.claimed) < 0`;

/** By token, what single beneficiaries are below zero. */
interface OverpaidTotal {
  token: Buffer | null;
  below: string;
}

/** Every row of account_pool is looked at for them, so they are kept until the next change. */
function overpaidTotals(context: Context, chainId: number): Promise<OverpaidTotal[]> {
  const read = () =>
    context.snapshot.query<OverpaidTotal>(sql`
      select o.token, sum(o.left_over) as below
      from (${overpaidPairs(sql`${chainId}::integer`, context.at !== null)}) o
      group by o.token`);
  return context.at ? read() : remembering(context, `overpaid ${chainId}`, read);
}

const eventsOfInferences = sql`
  select x.pos
  from (${oddInferences}) o
  cross join lateral (
    values (o.pos), (o.split_pos)
    union all
    select r.pos from refund r where r.chain_id = o.chain_id and r.inference_id = o.inference_id
  ) as x (pos)
  where x.pos is not null`;

/** What was declared as FEE of a leg that is below zero. */
function fundingsOf(splits: readonly { account: string; token: Buffer | null }[]): Sql {
  const kinds = splits.map(({ account }) => poolKinds.findIndex((kind) => `split:${legOfPool(kind)}` === account));
  return sql`
    select e.pos
    from pool_funding e
    left join pool l on l.chain_id = e.chain_id and l.pool_id = e.pool_id
    where e.chain_id = p.chain_id and e.source = 0 and exists (
      select from unnest(${kinds}::integer[], ${splits.map(({ token }) => token)}::bytea[]) as o (kind, token)
      where o.kind = case when l.kind in (0, 1, 2, 3) then l.kind else -1 end and o.token is not distinct from l.token
    )`;
}

const rewardsOfPools = sql`
  select r.pos
  from pool_total t
  join reward r on r.chain_id = t.chain_id and r.pool_id = t.pool_id
  where t.chain_id = p.chain_id
    and t.fee + t.emission + t."grant" + t.slash + t.unknown - t.accrued + t.reversed < 0`;

const payoutsOfAccounts = (past: boolean) =>
  [sql`reversal`, sql`claim`].map(
    (table) => sql`
    select e.pos
    from (${overpaidPairs(sql`p.chain_id`, past)}) o
    join ${table} e on e.beneficiary = o.address and e.chain_id = p.chain_id
    left join pool l on l.chain_id = e.chain_id and l.pool_id = e.pool_id
    where l.token is not distinct from o.token`,
  );
