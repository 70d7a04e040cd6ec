import { contributionStatuses, nameOf } from '../../schema/codes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { contributionId } from '../ids';
import { type Sql, sql } from '../sql';
import type { Contribution, ContributionFilter, ContributionOrder } from '../types/contribution';
import { beside } from './beside';
import type { Columns } from './columns';
import { rowByKey } from './keyed';
import { Filter } from './lists/filter';
import { listConnection } from './lists/listConnection';
import type { ListParent } from './lists/listing';
import { orderingOf } from './lists/order';
import { isToken } from './money';

interface ContributionRow {
  chain_id: number;
  contribution_id: string;
  pos: bigint;
  datanet_id: string;
  contributor: Buffer;
  content_hash: Buffer;
  size_bytes: string | null;
  license_id: Buffer | null;
  bond: string;
  uri: string | null;
  status: number | null;
  finalized_pos: bigint | null;
  datanet_version: string | null;
  score_ppm: bigint | null;
  reason: number | null;
}
const own = sql`c.chain_id, c.contribution_id, c.pos, c.datanet_id, c.contributor, c.content_hash, c.size_bytes,
  c.license_id, c.bond, c.uri, s.status, s.finalized_pos, s.datanet_version, s.score_ppm, s.reason`;
const columns: Columns = {
  all: own,
  key: ['chain_id', 'contribution_id', 'datanet_id'],
  byField: {
    __typename: [],
    id: [],
    chainId: [],
    contributionId: [],
    datanetId: [],
    datanet: [],
    contentHash: ['content_hash'],
    sizeBytes: ['size_bytes'],
    licenseId: ['license_id'],
    uri: ['uri'],
    bond: ['bond'],
    status: ['status'],
    score: ['score_ppm'],
  },
};
const from = sql`contribution c
  join contribution_state s on s.chain_id = c.chain_id and s.contribution_id = c.contribution_id`;

function toContribution(row: ContributionRow): Contribution {
  return {
    id: contributionId(row.chain_id, row.contribution_id),
    chainId: row.chain_id,
    contributionId: row.contribution_id,
    datanetId: row.datanet_id,
    contentHash: row.content_hash,
    sizeBytes: row.size_bytes,
    licenseId: row.license_id,
    uri: row.uri,
    bond: row.bond,
    status: row.status === null ? 'PENDING' : nameOf(contributionStatuses, row.status),
    score: row.score_ppm === null ? null : Number(row.score_ppm) / 1e6,
    scorePpm: row.score_ppm,
    decisionReason: row.reason,
    datanetVersion: row.datanet_version,
    pos: row.pos,
    contributorAddress: row.contributor,
    finalizedPos: row.finalized_pos,
  };
}

const contributionRow = rowByKey<ContributionRow>(
  'contribution',
  'numeric',
  sql`
    select p.ordinal, ${own}
    from p
    join contribution c on c.chain_id = p.chain_id and c.contribution_id = p.key
    join contribution_state s on s.chain_id = c.chain_id and s.contribution_id = c.contribution_id`,
);

/** Of a list whose rows have a contribution_id; 0 is none. Each has a state: of `left join` Postgres leaves out what nothing is read of. */
export const contributionBeside = beside<ContributionRow, Contribution>(
  'contribution',
  'contribution_id',
  columns,
  sql`contribution c left join contribution_state s on s.chain_id = c.chain_id and s.contribution_id = c.contribution_id
    where c.chain_id = y.chain_id and c.contribution_id = nullif(y.contribution_id, 0)`,
  toContribution,
);

/** null for an id that was never submitted. */
export async function contribution(
  context: Context,
  chainId: number,
  key: bigint | string,
): Promise<Contribution | null> {
  const row = await contributionRow(context, chainId, key);
  return row && toContribution(row);
}

/** Whose contributions a list holds: everybody's, a datanet's or an account's. */
export type ContributionsOf =
  | { list: 'contributions' }
  | { list: 'datanet.contributions'; chainId: number; datanetId: string }
  | { list: 'account.contributions'; chainIds: readonly number[] | null; address: Buffer };

export async function contributions(
  context: Context,
  args: PageArgs,
  of: ContributionsOf,
  where: ContributionFilter | null | undefined,
  orderBy: ContributionOrder | null | undefined,
): Promise<Connection<Contribution>> {
  const within = of.list === 'datanet.contributions' ? [of.chainId] : of.list === 'contributions' ? null : of.chainIds;
  const filter = await Filter.of(context, where, within);
  const status = where?.status ?? null;
  const keyed = of.list === 'account.contributions' || where?.contributor || where?.contentHash;
  // By a status alone the state's indexes lead, elsewhere those of the facts; both hold the place in the chain.
  const byStatus = status !== null && status !== 'UNKNOWN' && !keyed;
  const at = (fact: Sql, state: Sql): Sql => (byStatus ? state : fact);
  filter.id('where.datanet', 'datanet', where?.datanet, (is) => is(at(sql`c.datanet_id`, sql`s.datanet_id`)));
  filter.address(sql`c.contributor`, where?.contributor);
  filter.hash(sql`c.content_hash`, where?.contentHash);
  if (status === 'PENDING') filter.add(sql`s.status is null`);
  else filter.code(sql`s.status`, contributionStatuses, status);
  const pos = at(sql`c.pos`, sql`s.pos`);
  filter.block(pos, where?.block);
  await filter.time(where?.submittedAt);
  if (of.list === 'datanet.contributions') filter.add(sql`${at(sql`c.datanet_id`, sql`s.datanet_id`)} = p.key`);
  if (of.list === 'account.contributions') filter.add(sql`c.contributor = p.key`);
  const ordering = orderingOf(of.list, orderBy, {
    SUBMITTED: null,
    SCORE: sql`s.score_ppm`,
    INFLUENCES: sql`coalesce((
      select n.influences from contribution_count n
      where n.chain_id = c.chain_id and n.contribution_id = c.contribution_id
    ), 0)`,
    EARNED: {
      ofToken: (token) => sql`
        select sum(e.accrued)
        from contribution_pool e
        left join pool l on l.chain_id = e.chain_id and l.pool_id = e.pool_id
        where e.chain_id = c.chain_id and e.contribution_id = c.contribution_id
          and ${isToken(sql`e.chain_id`, sql`l.token`, token)}`,
    },
  });
  return listConnection<ContributionRow, Contribution>(
    context,
    args,
    {
      ...ordering,
      keyType: of.list === 'account.contributions' ? 'bytea' : 'numeric',
      columns: own,
      from,
      where: [sql`c.chain_id = p.chain_id`, sql`s.chain_id = p.chain_id`, ...filter.where],
      pos,
      item: at(sql`c.item`, sql`s.item`),
      // `status is null` is no equality to the planner, so the index's order is asked for in full.
      ...(byStatus && status === 'PENDING' && !ordering.value ? { prefix: sql`s.status` } : {}),
      given: filter.given,
      range: filter.range,
    },
    parentOf(of, filter.chainIds),
    toContribution,
  );
}

function parentOf(of: ContributionsOf, chainIds: readonly number[]): ListParent {
  if (of.list === 'datanet.contributions') return { chainIds, key: of.datanetId };
  return { chainIds, key: of.list === 'account.contributions' ? of.address : null };
}
