import { fundingSources, knownCodes, nameOf, roles, UNKNOWN } from '../../schema/codes';
import { toBytes } from '../bytes';
import type { Context } from '../context';
import { parseIdOf } from '../ids';
import type { BucketWindow } from '../series/window';
import { all, join, Sql, sql } from '../sql';
import { tokenAmount, tokenId, tokenOf } from '../tokens';
import type { RewardHistoryDimension, RewardHistoryScope, RewardPoint } from '../types/rewardHistory';
import type { TokenAmount } from '../types/token';
import { remembering } from './remembered';
import { startsOf, windowIn } from './spans';

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
  accrued: string;
  rewards: number;
  beneficiaries: number;
  reversed: string;
  claimed: string;
  /** By source, UNKNOWN last; null unless by source. Texts, since of a numeric[] pg makes doubles. */
  parts: string[] | null;
  part_rewards: number[] | null;
  part_beneficiaries: number[] | null;
}

export async function rewardHistory(
  context: Context,
  scope: HistoryScope,
  buckets: readonly BucketWindow[],
  by: RewardHistoryDimension | null,
): Promise<{ points: RewardPoint[]; total: TokenAmount[] }> {
  const { account, datanet, model, contribution } = scope;
  const subjects = [account?.toString('hex'), datanet, model, contribution].map(String);
  const key = JSON.stringify(['rewards', by, scope.chainIds, subjects, buckets.length, buckets[0], buckets.at(-1)]);
  const rows = await remembering(context, key, async () =>
    context.snapshot.query<PointRow>(pointsOf(scope, await startsOf(context, buckets, scope.chainIds), by)),
  );
  const sums = new Map<string, { row: PointRow; accrued: bigint }>();
  for (const row of rows) {
    if (row.rewards === 0) continue;
    const id = tokenId(row.chain_id, row.token);
    sums.set(id, { row, accrued: (sums.get(id)?.accrued ?? 0n) + BigInt(row.accrued) });
  }
  const total = [...sums.values()].sort((a, b) => compareTokens(a.row, b.row));
  return {
    points: rows.flatMap((row) => pointsOfRow(context, new Date(buckets[row.ordinal]!.start), row)),
    total: total.map(({ row, accrued }) => tokenAmount(context, row.chain_id, row.token, accrued)),
  };
}

/** By source a row is a point for each source that it has a part of. */
function pointsOfRow(context: Context, start: Date, row: PointRow): RewardPoint[] {
  const token = () => tokenOf(context, row.chain_id, row.token);
  if (!row.parts) {
    return [
      {
        start,
        token,
        role: row.role === null ? null : nameOf(roles, row.role),
        source: null,
        accrued: BigInt(row.accrued),
        reversed: BigInt(row.reversed),
        claimed: BigInt(row.claimed),
        rewardCount: row.rewards,
        beneficiaryCount: row.beneficiaries,
      },
    ];
  }
  return row.parts.flatMap((part, source) => {
    if (part === '0') return [];
    return {
      start,
      token,
      role: null,
      source: fundingSources[source] ?? UNKNOWN,
      accrued: BigInt(part),
      reversed: 0n,
      claimed: 0n,
      rewardCount: row.part_rewards?.[source] ?? 0,
      beneficiaryCount: row.part_beneficiaries?.[source] ?? 0,
    };
  });
}

function compareTokens(a: PointRow, b: PointRow): number {
  if (a.chain_id !== b.chain_id) return a.chain_id - b.chain_id;
  if (a.token === null || b.token === null) return Number(a.token === null) - Number(b.token === null);
  return Buffer.compare(a.token, b.token);
}

const PARTS = [sql`fee_part`, sql`emission_part`, sql`grant_part`, sql`slash_part`, sql`unknown_part`];

/**
 * protocol/README.md, "Histories": accrued, reversed and claimed each by the time of its event; by role or source only
 * what accrued has one. Rewards of a bucket are summed by pool and beneficiary first, where they are found. `starts`: of its
 * buckets (startsOf).
 */
function pointsOf(scope: HistoryScope, starts: Sql, by: RewardHistoryDimension | null): Sql {
  const known = knownCodes(roles);
  const role = by === 'ROLE' ? sql`case when r.role = any(${known}::smallint[]) then r.role end` : sql`null::smallint`;
  const unknownRole = by === 'ROLE' ? sql`coalesce(x.role, ${known.length}::smallint)` : sql`null::smallint`;
  const summed =
    by === 'SOURCE'
      ? sql`, ${join(
          PARTS.map((part) => sql`sum(r.${part}) as ${part}, count(*) filter (where r.${part} > 0) as ${part}s`),
          ', ',
        )}`
      : sql``;
  const each = (aggregate: (part: Sql) => Sql) => sql`array[${join(PARTS.map(aggregate), ', ')}]`;
  const parts =
    by === 'SOURCE'
      ? sql`${each((part) => sql`sum(x.${part})::text`)} as parts,
        ${each((part) => sql`sum(x.${part}s)::integer`)} as part_rewards,
        ${each((part) => sql`(count(distinct x.beneficiary) filter (where x.${part} > 0))::integer`)}
          as part_beneficiaries`
      : sql`null::text[] as parts, null::integer[] as part_rewards, null::integer[] as part_beneficiaries`;
  const accrued = sql`
    select x.ordinal, b.chain_id, l.token, ${unknownRole} as role, sum(x.amount) as accrued,
      sum(x.n)::integer as rewards, count(distinct x.beneficiary)::integer as beneficiaries, 0::numeric as reversed,
      0::numeric as claimed, ${parts}
    from b
    cross join lateral (
      select ${windowIn(sql`r.pos`)} as ordinal, r.pool_id, r.beneficiary, ${role} as role, sum(r.amount) as amount,
        count(*) as n${summed}
      from reward r
      ${subjectJoin(2, scope.datanet, sql`d`)}
      ${subjectJoin(4, scope.model, sql`m`)}
      where r.chain_id = b.chain_id and r.pos >= b.from_pos and r.pos < b.to_pos
        and ${all([
          ...ofAccount(sql`r.beneficiary`, scope),
          ...(scope.contribution === null ? [] : [sql`r.contribution_id = ${scope.contribution}::numeric`]),
        ])}
      group by 1, 2, 3, 4
    ) x
    left join pool l on l.chain_id = b.chain_id and l.pool_id = x.pool_id
    group by 1, 2, 3, 4`;
  const others = by === null && scope.contribution === null;
  return sql`
    with b as materialized (${starts})
    select ordinal, chain_id, token, role, sum(accrued) as accrued, sum(rewards)::integer as rewards,
      sum(beneficiaries)::integer as beneficiaries, sum(reversed) as reversed, sum(claimed) as claimed,
      parts, part_rewards, part_beneficiaries
    from (${join(others ? [accrued, payouts('reversal', scope), payouts('claim', scope)] : [accrued], ' union all ')}) e
    group by ordinal, chain_id, token, role, parts, part_rewards, part_beneficiaries
    order by ordinal, chain_id, token nulls last, role`;
}

/** Reversals or claims. In the scope of a datanet or model: of the pools whose subject it is. */
function payouts(table: 'reversal' | 'claim', scope: HistoryScope): Sql {
  const subjects = [
    ...(scope.datanet === null ? [] : [sql`l.kind = 0 and l.subject_id = ${scope.datanet}::numeric`]),
    ...(scope.model === null ? [] : [sql`l.kind = 1 and l.subject_id = ${scope.model}::numeric`]),
  ];
  const amountOf = (column: typeof table) => (column === table ? sql`x.amount` : sql`0::numeric`);
  return sql`
    select x.ordinal, b.chain_id, l.token, null::smallint, 0::numeric, 0, 0, ${amountOf('reversal')},
      ${amountOf('claim')}, null::text[], null::integer[], null::integer[]
    from b
    cross join lateral (
      select ${windowIn(sql`e.pos`)} as ordinal, e.pool_id, sum(e.amount) as amount
      from ${new Sql([table], [])} e
      where e.chain_id = b.chain_id and e.pos >= b.from_pos and e.pos < b.to_pos
        and ${all(ofAccount(sql`e.beneficiary`, scope))}
      group by 1, 2
    ) x
    left join pool l on l.chain_id = b.chain_id and l.pool_id = x.pool_id
    where ${all(subjects)}`;
}

function ofAccount(column: Sql, { account }: HistoryScope): Sql[] {
  return account === null ? [] : [sql`${column} = ${account}::bytea`];
}

function subjectJoin(kind: 2 | 4, subject: bigint | null, alias: Sql): Sql {
  if (subject === null) return sql``;
  return sql`
    join reward_subject ${alias} on ${alias}.chain_id = r.chain_id and ${alias}.kind = ${kind}::smallint
      and ${alias}.subject_id = ${subject}::numeric and ${alias}.pos = r.pos
      and ${alias}.pos >= b.from_pos and ${alias}.pos < b.to_pos`;
}
