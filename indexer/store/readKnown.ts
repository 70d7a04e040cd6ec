import type { Funding } from '../projections/backReward';
import type { BatchReward } from './batchRewards';
import type { FactBatch } from './factBatch';
import { bytesOf } from './segments';
import type { Together } from './together';

/** What the tables hold of what a batch names. */
export interface Known {
  /** Of each pool with rewards in the batch. */
  funding: Map<string, Funding>;
  /** Those of the batch's accounts (see BatchAccounts.addresses) that nobody named before. */
  newAccounts: number[];
  /** Positions of earlier rewards that wait for what the batch creates. */
  waiting: string[];
}

interface KnownRow {
  what: 'account' | 'waiting' | 'pool' | 'contribution' | 'inference';
  id: string;
  kind: number | null;
  subject: string | null;
  funding: string[] | null;
}

/**
 * Joined, and not "= any(ids)": a plan that is made while a table is small and kept while it grows may filter all of its
 * rows, each by all ids (1.2 s of a history of 200,000 events); joined they are hashed at worst.
 */
const QUERY = `
    select 'pool' as what, '0x' || encode(k.id, 'hex') as id, p.kind, p.subject_id::text as subject,
      array[t.fee, t.emission, t."grant", t.slash, t.unknown]::text[] as funding
    from unnest($2::bytea[]) k (id)
    left join pool p on p.chain_id = $1 and p.pool_id = k.id
    left join pool_total t on t.chain_id = $1 and t.pool_id = k.id
    union all
    select 'contribution', c.contribution_id::text, null, c.datanet_id::text, null
    from unnest($3::numeric[]) k (id) join contribution c on c.chain_id = $1 and c.contribution_id = k.id
    union all
    select 'inference', '0x' || encode(i.inference_id, 'hex'), null, i.model_id::text, null
    from unnest($4::bytea[]) k (id) join inference i on i.chain_id = $1 and i.inference_id = k.id
    union all
    select 'account', (k.n - 1)::text, null, null, null
    from unnest($5::bytea[]) with ordinality k (address, n)
    left join account a on a.address = k.address and a.chain_id = $1
    where a.address is null
    union all
    select 'waiting', w.pos::text, null, null, null
    from (
      select w.pos from unnest($6::numeric[]) k (id)
      join reward_pending w on w.chain_id = $1 and w.contribution_id = k.id
      union
      select w.pos from unnest($7::bytea[]) k (id) join reward_pending w on w.chain_id = $1 and w.inference_id = k.id
      union
      select w.pos from unnest($8::bytea[]) k (id) join reward_pending w on w.chain_id = $1 and w.pool_id = k.id
    ) w`;

/**
 * Asks, before a batch is written, what the tables hold of what its rewards name and of what it creates. What is there
 * already stays what it is, whatever the batch says: its creations learn of it.
 */
export async function readKnown(
  together: Together,
  chainId: number,
  { rewards, accounts, creations, keys }: FactBatch,
): Promise<Known> {
  const made = rewards.moves.filter((move): move is BatchReward => move.row !== undefined);
  // Before they learn of what is there already.
  const [newPools, newContributions, newInferences] = [
    [...creations.pool.keys()].map(bytesOf),
    [...creations.contribution.keys()],
    [...creations.inference.keys()].map(bytesOf),
  ];
  const idsOf = (key: 'pool' | 'contribution' | 'inference') => {
    const ids = new Set(creations[key].keys());
    for (const { [key]: id } of made) if (id !== undefined) ids.add(id);
    return [...ids];
  };
  const funding = new Map<string, Funding>();
  for (const { pool } of made) if (!funding.has(pool)) funding.set(pool, [0n, 0n, 0n, 0n, 0n]);
  const [contributions, inferences] = [idsOf('contribution'), idsOf('inference')];
  const asked = together.ask<KnownRow>(QUERY, [
    chainId,
    idsOf('pool').map(bytesOf),
    contributions,
    inferences.map(bytesOf),
    accounts.addresses(),
    newContributions,
    newInferences,
    newPools,
  ]);
  const [rows] = await Promise.all([asked, keys.ask(together, chainId)]);
  const newAccounts: number[] = [];
  const waiting: string[] = [];
  for (const { what, id, kind, subject, funding: funded } of rows) {
    if (what === 'account') newAccounts.push(Number(id));
    else if (what === 'waiting') waiting.push(id);
    else if (what === 'pool') {
      if (funding.has(id) && funded?.[0] != null) funding.set(id, funded.map(BigInt) as Funding);
      if (subject !== null) creations.learn(what, id, { kind: kind as number, subject: BigInt(subject) });
    } else creations.learn(what, id, BigInt(subject as string));
  }
  return { funding, newAccounts: newAccounts.sort((a, b) => a - b), waiting };
}
