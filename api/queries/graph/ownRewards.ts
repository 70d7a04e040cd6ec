import { Sql, sql } from '../../sql';
import { NO_REF } from '../noRef';

/** Of a reward r. */
const withoutInference = sql`not exists (
  select from inference i
  where i.chain_id = r.chain_id and i.inference_id = r.ref and r.ref <> ${NO_REF}::bytea
)`;
const withoutContribution = sql`not exists (
  select from contribution c
  where c.chain_id = r.chain_id and c.contribution_id = r.contribution_id and r.contribution_id <> 0
)`;

/** Conditions on a reward r, in what is joined to the node p (and to l, a pool whose subject it is). */
export interface Rewards {
  join: Sql;
  where: readonly Sql[];
  /** Where how many there are is kept, which is of today. */
  kept?: { join: Sql; where: readonly Sql[]; total: Sql };
}
// Written out, not a parameter: so the index is recognized.
const refIsZero = sql`r.ref = ${new Sql([`'\\x${'00'.repeat(32)}'::bytea`], [])}`;
const ofPending = sql`reward_pending w join reward r on r.chain_id = w.chain_id and r.pos = w.pos`;

/** The rewards that a contribution itself is the source of: those without an inference. */
export function rewardsOfContribution(past: boolean): readonly Rewards[] {
  const own = [sql`r.chain_id = p.chain_id`, sql`r.contribution_id = p.key`, sql`p.key <> 0`];
  // What is missing today says nothing of a past block, so there every reward of the contribution is looked at.
  if (past) return [{ join: sql`reward r`, where: [...own, withoutInference] }];
  return [
    {
      join: sql`reward r`,
      where: [...own, refIsZero],
      kept: {
        join: sql`contribution_pool t`,
        where: [sql`t.chain_id = p.chain_id`, sql`t.contribution_id = p.key`],
        total: sql`t.own`,
      },
    },
    {
      join: ofPending,
      where: [sql`w.chain_id = p.chain_id`, sql`w.source_contribution = p.key`],
      kept: {
        join: sql`contribution_pending t`,
        where: [sql`t.chain_id = p.chain_id`, sql`t.contribution_id = p.key`],
        total: sql`t.n`,
      },
    },
  ];
}

/** The rewards of a pool l that its subject is the source of: those without an inference and a contribution. */
export function rewardsOfSubject(past: boolean): readonly Rewards[] {
  const own = [sql`r.chain_id = l.chain_id`, sql`r.pool_id = l.pool_id`];
  if (past) return [{ join: sql`reward r`, where: [...own, withoutInference, withoutContribution] }];
  return [
    {
      join: sql`reward r`,
      where: [...own, refIsZero, sql`r.contribution_id = 0`],
      kept: {
        join: sql`pool_total t`,
        where: [sql`t.chain_id = l.chain_id`, sql`t.pool_id = l.pool_id`],
        total: sql`t.own`,
      },
    },
    {
      join: ofPending,
      where: [sql`w.chain_id = l.chain_id`, sql`w.source_pool = l.pool_id`],
      kept: {
        join: sql`pool_pending t`,
        where: [sql`t.chain_id = l.chain_id`, sql`t.pool_id = l.pool_id`],
        total: sql`t.n`,
      },
    },
  ];
}

/** Newest first, by an index. */
export function orderOf({ join }: Rewards): Sql {
  return join === ofPending ? sql`w.pos desc` : sql`r.pos desc`;
}
