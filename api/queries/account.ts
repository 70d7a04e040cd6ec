import { accountRoles, nameOf, roles } from '../../schema/codes';
import { subjectKey } from '../../schema/subject';
import { toHex } from '../bytes';
import type { Context } from '../context';
import { Sql, sql } from '../sql';
import { type Account, type AccountScope, accountOf, type Bond } from '../types/account';
import type { AccountRole, ValueOf } from '../types/enums';
import { type AccountPart, accountRows, partRows, readTogether } from './accountRows';
import type { Asked } from './columns';
import type { TokenTotal } from './money';

interface SeenRow {
  seen_chain: number;
  seen_pos: bigint;
}

// Of several chains the earliest by time, then by chain.
const firstSeen: AccountPart = {
  name: 'account first seen',
  columns: sql`s.seen_chain, s.seen_pos`,
  present: 'seen_chain',
  relation: (inScope) => sql`(
    select a.chain_id as seen_chain, a.pos as seen_pos
    from account a
    join block b on b.chain_id = a.chain_id and b.number = block_of(a.pos)
    where a.address = p.address and ${inScope(sql`a.chain_id`)}
    order by b.timestamp, a.chain_id
    limit 1
  ) s`,
};
const firstSeenRows = partRows<SeenRow>(firstSeen);

/** Whether an event in scope names it: what there is to look up where nobody asks which was the first. */
const known: AccountPart = {
  name: 'account known',
  columns: sql`k.known`,
  present: 'known',
  relation: (inScope) => sql`(
    select true as known from account a where a.address = p.address and ${inScope(sql`a.chain_id`)} limit 1
  ) k`,
};

const ACCOUNT_SUBJECT = subjectKey({ kind: 'account', key: '0x' });

const lastSeenRows = accountRows<SeenRow>(
  'account last seen',
  (inScope) => sql`
    select p.ordinal, x.chain_id as seen_chain, x.pos as seen_pos
    from p
    cross join lateral (
      select s.chain_id, s.pos
      from account a
      cross join lateral (
        select s.chain_id, s.positions[cardinality(s.positions)] as pos
        from posting s
        where s.subject = ${ACCOUNT_SUBJECT}::bytea || p.address and s.chain_id = a.chain_id
        order by s.pos desc
        limit 1
      ) s
      join block b on b.chain_id = s.chain_id and b.number = block_of(s.pos)
      where a.address = p.address and ${inScope(sql`a.chain_id`)}
      order by b.timestamp desc, s.chain_id desc
      limit 1
    ) x`,
);

/** Where its first and last event stand; of an address that was seen nowhere, the event that names it. */
export async function seen(
  context: Context,
  account: Account,
  which: 'first' | 'last',
): Promise<{ chainId: number; pos: bigint }> {
  const [row] = await (which === 'first' ? firstSeenRows : lastSeenRows)(context, account);
  if (row) return { chainId: row.seen_chain, pos: row.seen_pos };
  if (account.namedAt) return account.namedAt;
  throw new Error(`account ${toHex(account.address)} was seen nowhere`);
}

interface CountRow {
  contributions: number;
  accepted: number;
  models: number;
  inferences: number;
  credits_purchased: string;
  credits_consumed: string;
}

const counts: AccountPart = {
  name: 'account counts',
  columns: sql`n.contributions, n.accepted, n.models, n.inferences, n.credits_purchased, n.credits_consumed`,
  present: 'contributions',
  relation: (inScope) => sql`(
    select sum(c.contributions)::integer as contributions, sum(c.accepted)::integer as accepted,
      sum(c.models)::integer as models, sum(c.inferences)::integer as inferences,
      sum(c.credits_purchased) as credits_purchased, sum(c.credits_consumed) as credits_consumed
    from account_count c
    where c.address = p.address and ${inScope(sql`c.chain_id`)}
  ) n`,
};
const countRows = partRows<CountRow>(counts);
const none: CountRow = {
  contributions: 0,
  accepted: 0,
  models: 0,
  inferences: 0,
  credits_purchased: '0',
  credits_consumed: '0',
};

export async function accountCounts(context: Context, account: Account): Promise<CountRow> {
  return (await countRows(context, account))[0] ?? none;
}

const accountRolesHeld: AccountPart = {
  name: 'account roles',
  columns: sql`h.roles`,
  present: 'roles',
  relation: (inScope) => sql`(
    select array_agg(distinct r.role order by r.role) as roles
    from account_role r
    where r.address = p.address and r.n > 0 and ${inScope(sql`r.chain_id`)}
  ) h`,
};
const roleRows = partRows<{ roles: number[] }>(accountRolesHeld);

export async function rolesOf(context: Context, account: Account): Promise<ValueOf<typeof AccountRole>[]> {
  const [row] = await roleRows(context, account);
  return (row?.roles ?? []).flatMap((role) => accountRoles[role] ?? []);
}

const feeRows = accountRows<TokenTotal>(
  'account fees',
  (inScope) => sql`
    select p.ordinal, f.chain_id, f.token, f.fees as amount
    from p
    join account_fee f on f.address = p.address and f.n <> 0 and ${inScope(sql`f.chain_id`)}
    order by p.ordinal, f.chain_id, f.token`,
);

/** Fees paid less refunds, by chain and token. */
export function feesPaidBy(context: Context, account: Account): Promise<TokenTotal[]> {
  return feeRows(context, account);
}

export interface RewardTotalRow {
  chain_id: number;
  token: Buffer | null;
  accrued: string;
  claimed: string;
  reversed: string;
  has_accrued: boolean;
  has_claimed: boolean;
  has_reversed: boolean;
}

/**
 * Whether there is any of that kind. A sum of 0 is either none, or some of amounts of 0, which name their token too. (A scalar
 * subquery with a limit, since exists may be planned as a hash of the whole table.)
 */
function hasAny(sum: 'accrued' | 'claimed' | 'reversed', table: 'reward' | 'claim' | 'reversal'): Sql {
  const [column, facts] = [new Sql([`t.${sum}`], []), new Sql([table], [])];
  return sql`${column} > 0 or coalesce((
    select true from ${facts} f left join pool l on l.chain_id = f.chain_id and l.pool_id = f.pool_id
    where f.beneficiary = p.address and f.chain_id = t.chain_id and l.token is not distinct from t.token
    limit 1
  ), false)`;
}

/** @param asked of RewardTotals, where nothing else reads it: what only other fields of it look at is false */
function rewardTotals(asked: Asked): AccountPart {
  const has = (...[sum, table]: Parameters<typeof hasAny>) =>
    asked?.has(sum) === false ? sql`false` : hasAny(sum, table);
  return {
    name: asked ? `account reward totals of ${[...asked].join()}` : 'account reward totals',
    columns: sql`t.chain_id, t.token, t.accrued, t.claimed, t.reversed, t.has_accrued, t.has_claimed, t.has_reversed`,
    present: 'chain_id',
    relation: (inScope) => sql`(
      select t.chain_id, t.token, t.accrued, t.claimed, t.reversed, ${has('accrued', 'reward')} as has_accrued,
        ${has('claimed', 'claim')} as has_claimed, ${has('reversed', 'reversal')} as has_reversed
      from (
        select a.chain_id, l.token, sum(a.accrued) as accrued, sum(a.claimed) as claimed, sum(a.reversed) as reversed
        from account_pool a
        left join pool l on l.chain_id = a.chain_id and l.pool_id = a.pool_id
        where a.address = p.address and ${inScope(sql`a.chain_id`)}
        group by a.chain_id, l.token
      ) t
    ) t`,
    order: sql`t.chain_id, t.token nulls last`,
  };
}

/** Accrued, claimed and reversed, by chain and token. */
export function rewardTotalsOf(context: Context, account: Account): Promise<RewardTotalRow[]> {
  return partRows<RewardTotalRow>(rewardTotals(null))(context, account);
}

/** The same for RewardTotals alone: as much of it as is asked there. */
export function shownRewardTotals(context: Context, account: Account): Promise<RewardTotalRow[]> {
  return partRows<RewardTotalRow>(rewardTotals(context.asksOf('RewardTotals')))(context, account);
}

interface BondRow {
  chain_id: number;
  role: number;
  balance: string;
  slashed: string;
}

// One of each role code that a BondChanged or Slashed names, unknown codes too, in the order in which they came up.
const bondRows = accountRows<BondRow>(
  'account bonds',
  (inScope) => sql`
    select p.ordinal, x.chain_id, x.role, coalesce((array_agg(x.balance order by x.pos desc)
      filter (where x.balance is not null))[1], 0) as balance, coalesce(sum(x.slashed), 0) as slashed
    from p
    join (
      select account, chain_id, role, pos, balance, null::numeric as slashed from bond_change
      union all
      select account, chain_id, role, pos, null::numeric, amount from slash
    ) x on x.account = p.address and ${inScope(sql`x.chain_id`)}
    join block b on b.chain_id = x.chain_id and b.number = block_of(x.pos)
    group by p.ordinal, x.chain_id, x.role
    order by p.ordinal, min(b.timestamp), x.chain_id, min(x.pos)`,
);

export async function bondsOf(context: Context, account: Account): Promise<Bond[]> {
  const rows = await bondRows(context, account);
  return rows.map(({ chain_id, role, balance, slashed }) => ({
    chainId: chain_id,
    role: nameOf(roles, role),
    balance,
    slashed,
  }));
}

/** By the fields that show them. */
const PARTS: readonly [part: (context: Context) => AccountPart, fields: readonly string[]][] = [
  [
    () => counts,
    ['contributionCount', 'acceptedCount', 'modelCount', 'inferenceCount', 'creditsPurchased', 'creditsConsumed'],
  ],
  [() => accountRolesHeld, ['roles']],
  [({ asksOf }) => rewardTotals(asksOf('RewardTotals')), ['rewardTotals']],
];

/** null for an address that no event in scope names, and for the zero address. */
export async function account(context: Context, address: Buffer, scope: AccountScope): Promise<Account | null> {
  const found = accountOf(address, null, scope);
  const asked = context.asksOf('Account');
  const parts = PARTS.flatMap(([part, fields]) =>
    asked && fields.some((field) => asked.has(field)) ? [part(context)] : [],
  );
  const sight = asked && !asked.has('firstSeen') ? known : firstSeen;
  await readTogether(context, found, [sight, ...parts]);
  return found.readParts?.get(sight.name)?.length ? found : null;
}
