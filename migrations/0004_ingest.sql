-- What makes long histories fast: see indexer/store/deferredIndexes.ts.

-- Indexes that wait for the end of the first history. Empty at any other time.
create table deferred_index (
  name text primary key,
  definition text not null
);

-- The same index, but no constraint: an event names a subject once, so there was never anything to refuse, and an index
-- can wait.
alter table event_subject drop constraint event_subject_pkey;
create index event_subject_subject on event_subject (subject, chain_id, pos);

-- Compressed already: Postgres need not try again.
alter table segment alter column content set storage external;

-- By position first: rows come in chain order, and refresh_reward finds them by it. The order that readers need is one
-- of those that can wait.
alter table reward_subject drop constraint reward_subject_pkey;
drop index reward_subject_position;
alter table reward_subject add constraint reward_subject_pkey primary key (chain_id, pos, kind, subject_id);
create index reward_subject_subject on reward_subject (chain_id, kind, subject_id, pos);

-- As before, by joins over all keys at once: a pool's subject that the reward has already by its contribution or
-- inference is left out, where a "distinct" sorted every row.
create or replace function refresh_reward(chain integer, keys bigint[]) returns void language sql as $$
  delete from reward_subject where chain_id = chain and pos = any(keys);
  insert into reward_subject (chain_id, kind, subject_id, pos, pool_id, amount, fee_part, emission_part, grant_part,
    slash_part, unknown_part)
  select r.chain_id, s.kind, s.subject_id, r.pos, r.pool_id, r.amount, r.fee_part, r.emission_part, r.grant_part,
    r.slash_part, r.unknown_part
  from unnest(keys) as k (pos)
  join reward r on r.chain_id = chain and r.pos = k.pos
  left join contribution c on c.chain_id = chain and c.contribution_id = r.contribution_id and r.contribution_id <> 0
  left join inference i on i.chain_id = chain and i.inference_id = r.ref and r.ref <> no_ref()
  left join pool p on p.chain_id = chain and p.pool_id = r.pool_id and p.kind in (0, 1)
  cross join lateral (
    values
      (2, c.datanet_id),
      (4, i.model_id),
      (2, case when p.kind = 0 and p.subject_id is distinct from c.datanet_id then p.subject_id end),
      (4, case when p.kind = 1 and p.subject_id is distinct from i.model_id then p.subject_id end)
  ) as s (kind, subject_id)
  where s.subject_id is not null;
$$;

-- Only a rewind looks for subjects by position, and rows come in that order: a few pages are a summary's worth, where a
-- b-tree took a quarter of the table's time.
drop index event_subject_position;
create index event_subject_position on event_subject using brin (chain_id, pos)
  with (pages_per_range = 16, autosummarize = on);
