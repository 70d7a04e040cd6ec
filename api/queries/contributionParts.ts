import { nameOf, relations } from '../../schema/codes';
import type { Connection, PageArgs } from '../connection';
import type { Context } from '../context';
import { disputeId } from '../ids';
import { sql } from '../sql';
import type { Contribution, ContributionLink, ContributionScore, Dispute } from '../types/contribution';
import { rowByKey } from './keyed';
import { listConnection } from './lists/listConnection';

interface ScoreRow {
  chain_id: number;
  pos: bigint;
  curator: Buffer;
  round: bigint;
  score_ppm: bigint;
  evidence_hash: Buffer;
}

export function scoresOf(
  context: Context,
  args: PageArgs,
  { chainId, contributionId }: Contribution,
): Promise<Connection<ContributionScore>> {
  return listConnection<ScoreRow, ContributionScore>(
    context,
    args,
    {
      name: 'contribution.scores',
      keyType: 'numeric',
      columns: sql`s.chain_id, s.pos, s.curator, s.round, s.score_ppm, s.evidence_hash`,
      from: sql`contribution_score s`,
      where: [sql`s.chain_id = p.chain_id`, sql`s.contribution_id = p.key`],
      pos: sql`s.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: contributionId },
    (row) => ({
      chainId: row.chain_id,
      pos: row.pos,
      curatorAddress: row.curator,
      round: row.round,
      score: Number(row.score_ppm) / 1e6,
      scorePpm: row.score_ppm,
      evidenceHash: row.evidence_hash,
    }),
  );
}

interface LinkRow {
  chain_id: number;
  pos: bigint;
  other_id: string;
  relation: number;
}

export function linksOf(
  context: Context,
  args: PageArgs,
  { chainId, contributionId }: Contribution,
): Promise<Connection<ContributionLink>> {
  return listConnection<LinkRow, ContributionLink>(
    context,
    args,
    {
      name: 'contribution.links',
      keyType: 'numeric',
      columns: sql`l.chain_id, l.pos, l.other_id, l.relation`,
      from: sql`contribution_link l`,
      where: [sql`l.chain_id = p.chain_id`, sql`l.contribution_id = p.key`],
      pos: sql`l.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: contributionId },
    (row) => ({
      chainId: row.chain_id,
      pos: row.pos,
      otherId: row.other_id,
      relation: nameOf(relations, row.relation),
    }),
  );
}

interface DisputeRow {
  chain_id: number;
  dispute_id: string;
  pos: bigint;
  contribution_id: string;
  challenger: Buffer;
  bond: string;
  resolved_pos: bigint | null;
  upheld: boolean | null;
  slashed: string | null;
  beneficiary: Buffer | null;
}
const disputeColumns = sql`d.chain_id, d.dispute_id, d.pos, d.contribution_id, d.challenger, d.bond,
  r.pos as resolved_pos, r.upheld, r.slashed, r.beneficiary`;
const latestResolution = sql`left join lateral (
    select x.pos, x.upheld, x.slashed, x.beneficiary
    from dispute_resolution x
    where x.chain_id = d.chain_id and x.dispute_id = d.dispute_id
    order by x.pos desc
    limit 1
  ) r on true`;
const ZERO_ADDRESS = Buffer.alloc(20);

function toDispute(row: DisputeRow): Dispute {
  return {
    id: disputeId(row.chain_id, row.dispute_id),
    chainId: row.chain_id,
    disputeId: row.dispute_id,
    contributionId: row.contribution_id,
    bond: row.bond,
    resolved: row.resolved_pos !== null,
    upheld: row.upheld,
    slashed: row.slashed,
    pos: row.pos,
    challengerAddress: row.challenger,
    beneficiaryAddress: row.beneficiary?.equals(ZERO_ADDRESS) ? null : row.beneficiary,
    resolvedPos: row.resolved_pos,
  };
}

const disputeRow = rowByKey<DisputeRow>(
  'dispute',
  'numeric',
  sql`
    select p.ordinal, ${disputeColumns}
    from p
    join dispute d on d.chain_id = p.chain_id and d.dispute_id = p.key
    ${latestResolution}`,
);

/** null for an id that was never opened. */
export async function dispute(context: Context, chainId: number, key: bigint | string): Promise<Dispute | null> {
  const row = await disputeRow(context, chainId, key);
  return row && toDispute(row);
}

export function disputesOf(
  context: Context,
  args: PageArgs,
  { chainId, contributionId }: Contribution,
): Promise<Connection<Dispute>> {
  return listConnection<DisputeRow, Dispute>(
    context,
    args,
    {
      name: 'contribution.disputes',
      keyType: 'numeric',
      columns: disputeColumns,
      from: sql`dispute d ${latestResolution}`,
      where: [sql`d.chain_id = p.chain_id`, sql`d.contribution_id = p.key`],
      pos: sql`d.pos`,
      direction: 'DESC',
    },
    { chainIds: [chainId], key: contributionId },
    toDispute,
  );
}
