import { fundingSources, knownCodes, nameOf, roles, UNKNOWN } from '../../../schema/codes';
import { toBytes } from '../../bytes';
import type { Context } from '../../context';
import { parseIdOf } from '../../ids';
import type { BucketWindow } from '../../series/window';
import { all, join, Sql, sql } from '../../sql';
import { tokenAmount, tokenId, tokenOf } from '../../tokens';
import type { FundingSource, ValueOf } from '../../types/enums';
import type { RewardHistoryDimension, RewardHistoryScope, RewardPoint } from '../../types/rewardHistory';
import type { TokenAmount } from '../../types/token';
import { type BucketStarts, bucketStarts } from './bucketStarts';
import { remembering } from './remembered';

/** What a scope says, as keys. */
export interface HistoryScope {
  chainIds: number[];
  account: Buffer | null;
  datanet: bigint | null;
  model: bigint | null;
  /** 0 names none. */
  contribution: bigint | null;
}

/** null where nothing can be in scope: ids of different chains, or of another type. @throws BAD_USER_INPUT for no id. */
export function historyScope(
  { account, datanet, model, contribution }: RewardHistoryScope,
  chainIds: readonly number[],
): HistoryScope | null {
  const given = (['datanet', 'model', 'contribution'] as const).flatMap((type) => {
    const id = { datanet, model, contribution }[type];
    return id === null || id === undefined ? [] : [{ type, parsed: parseIdOf(type, id, `scope.${type}`) }];
  });
  const within = chainIds.filter((chainId) => given.every(({ parsed }) => parsed?.chainId === chainId));
  const keyOf = (type: string) => given.find((each) => each.type === type)?.parsed?.key ?? null;
  if (within.length === 0 || keyOf('contribution') === 0n) return null;
  return {
    chainIds: within,
    account: account ? toBytes(account) : null,
    datanet: keyOf('datanet'),
    model: keyOf('model'),
    contribution: keyOf('contribution'),
  };
}

interface PointRow {
  /** Of the bucket. */
  ordinal: number;
  chain_id: number;
  token: Buffer | null;
  role: number | null;
  /** By source neither this nor what follows is read: such a row has what accrued of each (SOURCES). */
  accrued: string;
  rewards: number;
  /** null unless read: of an account's history it is the one. */
  beneficiaries: number | null;
  reversed: string;
  claimed: string;
}

/** How a row says what accrued of a source: null in each where nothing did. */
interface SourceColumns {
  name: ValueOf<typeof FundingSource>;
  /** Of `reward`. */
  part: Sql;
  accrued: string;
  rewards: string;
  beneficiaries: string;
}

/** In the order of the codes, UNKNOWN last. */
const SOURCES = ['fee', 'emission', 'grant', 'slash', 'unknown'].map(
  (source, code): SourceColumns => ({
    name: fundingSources[code] ?? UNKNOWN,
    part: named(`${source}_part`),
    accrued: `${source}_accrued`,
    rewards: `${source}_rewards`,
    beneficiaries: `${source}_beneficiaries`,
  }),
);

export async function rewardHistory(
  context: Context,
  scope: HistoryScope,
  buckets: readonly BucketWindow[],
  by: RewardHistoryDimension | null,
): Promise<{ points: RewardPoint[]; total: TokenAmount[] }> {
  const rows = await readPoints(context, scope, buckets, by);
  const sums = new Map<string, { row: PointRow; accrued: bigint }>();
  const points: RewardPoint[] = [];
  let start = new Date(0);
  for (const row of rows) {
    const begins = buckets[row.ordinal]!.start;
    if (start.getTime() !== begins) start = new Date(begins);
    const ofRow = by === 'SOURCE' ? pointsOfSources(context, start, row) : [pointOf(context, start, row)];
    points.push(...ofRow);
    if (row.rewards === 0) continue;
    const id = tokenId(row.chain_id, row.token);
    const accrued = ofRow.reduce((sum, point) => sum + BigInt(point.accrued), sums.get(id)?.accrued ?? 0n);
    sums.set(id, { row, accrued });
  }
  const total = [...sums.values()].sort((a, b) => compareTokens(a.row, b.row));
  return {
    points,
    total: total.map(({ row, accrued }) => tokenAmount(context, row.chain_id, row.token, accrued)),
  };
}

/** Those of an account are read by an index each time: hardly anybody asks for the same ones again. */
async function readPoints(
  context: Context,
  scope: HistoryScope,
  buckets: readonly BucketWindow[],
  by: RewardHistoryDimension | null,
): Promise<PointRow[]> {
  const { account, chainIds, datanet, model, contribution } = scope;
  const countsAccounts = account === null && (context.asksOf('RewardPoint')?.has('beneficiaryCount') ?? true);
  const read = async () =>
    context.snapshot.query<PointRow>(
      pointsOf(scope, await bucketStarts(context, buckets, chainIds), by, countsAccounts),
    );
  if (account) return read();
  const subjects = [datanet, model, contribution].map(String);
  const key = ['rewards', by, countsAccounts, chainIds, subjects, buckets.length, buckets[0], buckets.at(-1)];
  return remembering(context, JSON.stringify(key), read);
}

function pointOf(context: Context, start: Date, row: PointRow): RewardPoint {
  return {
    start,
    token: () => tokenOf(context, row.chain_id, row.token),
    role: row.role === null ? null : nameOf(roles, row.role),
    source: null,
    accrued: row.accrued,
    reversed: row.reversed,
    claimed: row.claimed,
    rewardCount: row.rewards,
    beneficiaryCount: row.beneficiaries ?? Math.min(row.rewards, 1),
  };
}

/** One for each source that the row has a part of. */
function pointsOfSources(context: Context, start: Date, row: PointRow): RewardPoint[] {
  const columns = row as unknown as Readonly<Record<string, string | number | null | undefined>>;
  const token = () => tokenOf(context, row.chain_id, row.token);
  const points: RewardPoint[] = [];
  for (const { name, accrued, rewards, beneficiaries } of SOURCES) {
    const part = columns[accrued] as string | null;
    if (part === null) continue;
    points.push({
      start,
      token,
      role: null,
      source: name,
      accrued: part,
      reversed: '0',
      claimed: '0',
      rewardCount: columns[rewards] as number,
      beneficiaryCount: (columns[beneficiaries] ?? 1) as number,
    });
  }
  return points;
}

function compareTokens(a: Pick<PointRow, 'chain_id' | 'token'>, b: Pick<PointRow, 'chain_id' | 'token'>): number {
  if (a.chain_id !== b.chain_id) return a.chain_id - b.chain_id;
  if (a.token === null || b.token === null) return Number(a.token === null) - Number(b.token === null);
  return Buffer.compare(a.token, b.token);
}

/**
 * protocol/README.md, "Histories": accrued, reversed and claimed each by the time of its event; by role or source only
 * what accrued has one.
 */
function pointsOf(
  scope: HistoryScope,
  chains: readonly BucketStarts[],
  by: RewardHistoryDimension | null,
  countsAccounts: boolean,
): Sql {
  const accrued = chains.map((chain) =>
    by === 'SOURCE' ? accruedBySource(scope, chain, countsAccounts) : accruals(scope, chain, by, countsAccounts),
  );
  const order = sql`order by ordinal, chain_id, token nulls last`;
  if (by === 'SOURCE') return sql`${join(accrued, ' union all ')} ${order}`;
  if (by === 'ROLE' || scope.contribution !== null) return sql`${join(accrued, ' union all ')} ${order}, role`;
  const paid = chains.flatMap((chain) => [payouts('reversal', scope, chain), payouts('claim', scope, chain)]);
  return sql`
    select ordinal, chain_id, token, role, sum(accrued) as accrued, sum(rewards)::integer as rewards,
      sum(beneficiaries)::integer as beneficiaries, sum(reversed) as reversed, sum(claimed) as claimed
    from (${join([...accrued, ...paid], ' union all ')}) e
    group by ordinal, chain_id, token, role
    ${order}, role`;
}

/** The rewards x of a chain by bucket, pool and whatever else `columns` names, next to what they sum up. */
interface Summed {
  columns?: Sql;
  sums: readonly { of: Sql; as: Sql }[];
}

/**
 * With the token of each. Those of everybody are summed by pool and beneficiary first, where they are found; of an account's
 * own there are hardly two in a bucket and pool, but many in a pool, which is looked up once: of 70 rewards in 8 pools a
 * look for each took a third of the time.
 */
function rewardsIn(scope: HistoryScope, chain: BucketStarts, { columns, sums }: Summed): Sql {
  const isSummed = scope.account === null;
  const amounts = sums.map(({ of, as }) => (isSummed ? sql`sum(${of}) as ${as}` : sql`${of} as ${as}`));
  const found = sql`
    select ${bucketOf(sql`r.pos`, chain)} as ordinal, r.pool_id,${isSummed ? sql` r.beneficiary,` : sql``}
      ${columns ? sql`${columns}, ` : sql``}${join(amounts, ', ')}
    from reward r
    ${subjectJoin(2, scope.datanet, sql`d`, chain)}
    ${subjectJoin(4, scope.model, sql`m`, chain)}
    where ${isIn(sql`r`, chain)} and ${all([
      ...ofAccount(sql`r.beneficiary`, scope),
      ...(scope.contribution === null ? [] : [sql`r.contribution_id = ${scope.contribution}::numeric`]),
    ])}
    ${isSummed ? sql`group by 1, 2, 3${columns ? sql`, 4` : sql``}` : sql``}`;
  const joinedPool = (rows: Sql) => sql`left join pool l on l.chain_id = ${chain.chain_id}::integer
    and l.pool_id = ${rows}.pool_id`;
  if (isSummed) return sql`(select f.*, l.token from (${found}) f ${joinedPool(sql`f`)}) x`;
  return sql`(
    with f as materialized (${found}),
    k as materialized (select d.pool_id, l.token from (select distinct pool_id from f) d ${joinedPool(sql`d`)})
    select f.*, k.token from f join k on k.pool_id = f.pool_id
  ) x`;
}

function accruals(
  scope: HistoryScope,
  chain: BucketStarts,
  by: RewardHistoryDimension | null,
  countsAccounts: boolean,
): Sql {
  const known = knownCodes(roles);
  const role = sql`case when r.role = any(${known}::smallint[]) then r.role else ${known.length}::smallint end as role`;
  const sums = [
    { of: sql`r.amount`, as: sql`amount` },
    { of: sql`1`, as: sql`n` },
  ];
  return sql`
    select x.ordinal, ${chain.chain_id}::integer as chain_id, x.token,
      ${by === 'ROLE' ? sql`x.role` : sql`null::smallint as role`}, sum(x.amount) as accrued,
      sum(x.n)::integer as rewards,
      ${countsAccounts ? sql`count(distinct x.beneficiary)::integer` : sql`null::integer`} as beneficiaries,
      0::numeric as reversed, 0::numeric as claimed
    from ${rewardsIn(scope, chain, by === 'ROLE' ? { columns: role, sums } : { sums })}
    group by 1, 3${by === 'ROLE' ? sql`, 4` : sql``}`;
}

function accruedBySource(scope: HistoryScope, chain: BucketStarts, countsAccounts: boolean): Sql {
  const isOwn = scope.account !== null;
  const sums = SOURCES.flatMap(({ part, accrued, rewards }) => [
    { of: sql`nullif(r.${part}, 0)`, as: named(accrued) },
    ...(isOwn ? [] : [{ of: sql`(r.${part} > 0)::integer`, as: named(rewards) }]),
  ]);
  const columns = SOURCES.flatMap(({ accrued, rewards, beneficiaries }) => [
    sql`sum(x.${named(accrued)}) as ${named(accrued)}`,
    sql`${isOwn ? sql`count(x.${named(accrued)})` : sql`sum(x.${named(rewards)})`}::integer as ${named(rewards)}`,
    ...(countsAccounts
      ? [
          sql`(count(distinct x.beneficiary) filter (where x.${named(accrued)} > 0))::integer as ${named(beneficiaries)}`,
        ]
      : []),
  ]);
  return sql`
    select x.ordinal, ${chain.chain_id}::integer as chain_id, x.token, ${join(columns, ', ')}
    from ${rewardsIn(scope, chain, { sums })}
    group by 1, 3`;
}

/** Reversals or claims. In the scope of a datanet or model: of the pools whose subject it is. */
function payouts(table: 'reversal' | 'claim', scope: HistoryScope, chain: BucketStarts): Sql {
  const subjects = [
    ...(scope.datanet === null ? [] : [sql`l.kind = 0 and l.subject_id = ${scope.datanet}::numeric`]),
    ...(scope.model === null ? [] : [sql`l.kind = 1 and l.subject_id = ${scope.model}::numeric`]),
  ];
  const amountOf = (column: typeof table) => (column === table ? sql`x.amount` : sql`0::numeric`);
  return sql`
    select x.ordinal, ${chain.chain_id}::integer, l.token, null::smallint, 0::numeric, 0, ${
      scope.account ? sql`null::integer` : sql`0`
    }, ${amountOf('reversal')}, ${amountOf('claim')}
    from (
      select ${bucketOf(sql`e.pos`, chain)} as ordinal, e.pool_id, sum(e.amount) as amount
      from ${named(table)} e
      where ${isIn(sql`e`, chain)} and ${all(ofAccount(sql`e.beneficiary`, scope))}
      group by 1, 2
    ) x
    left join pool l on l.chain_id = ${chain.chain_id}::integer and l.pool_id = x.pool_id
    where ${all(subjects)}`;
}

function named(name: string): Sql {
  return new Sql([name], []);
}

const bucketOf = (pos: Sql, { starts }: BucketStarts) => sql`width_bucket(${pos}, ${starts}::bigint[]) - 1`;

function isIn(fact: Sql, { chain_id, from_pos, to_pos }: BucketStarts): Sql {
  return sql`${fact}.chain_id = ${chain_id}::integer and ${fact}.pos >= ${from_pos}::bigint
    and ${fact}.pos < ${to_pos}::bigint`;
}

function ofAccount(column: Sql, { account }: HistoryScope): Sql[] {
  return account === null ? [] : [sql`${column} = ${account}::bytea`];
}

function subjectJoin(kind: 2 | 4, subject: bigint | null, alias: Sql, chain: BucketStarts): Sql {
  if (subject === null) return sql``;
  return sql`
    join reward_subject ${alias} on ${alias}.kind = ${kind}::smallint and ${alias}.subject_id = ${subject}::numeric
      and ${alias}.pos = r.pos and ${isIn(alias, chain)}`;
}
