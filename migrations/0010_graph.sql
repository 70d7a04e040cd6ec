-- What the attribution graph reads of nodes that have more edges than anybody wants to see: the first ones by rank.

-- A contribution's influences, the heaviest first. By abs(), though no id is negative: most contributions have few, so
-- that for a great one, too, the index by position and a sort are taken wherever that index can answer as well.
create index influence_weight on influence (chain_id, abs(contribution_id), weight_ppm, pos) where weight_ppm > 0;

-- Rewards that no inference stands behind: a contribution's own, and those that are of their pool's subject. Few, among
-- those of inferences.
create index reward_of_contribution on reward (chain_id, contribution_id, pos)
  where ref = '\x0000000000000000000000000000000000000000000000000000000000000000';
create index reward_of_pool on reward (chain_id, pool_id, pos)
  where ref = '\x0000000000000000000000000000000000000000000000000000000000000000' and contribution_id = 0;

-- How many those are.
alter table contribution_pool add column own bigint not null default 0;
alter table pool_total add column own bigint not null default 0;

update contribution_pool t
set own = r.n
from (
  select chain_id, contribution_id, pool_id, count(*) as n from reward where ref = no_ref() group by 1, 2, 3
) r
where r.chain_id = t.chain_id and r.contribution_id = t.contribution_id and r.pool_id = t.pool_id;

update pool_total t
set own = r.n
from (
  select chain_id, pool_id, count(*) as n from reward where ref = no_ref() and contribution_id = 0 group by 1, 2
) r
where r.chain_id = t.chain_id and r.pool_id = t.pool_id;

select keep_total('contribution_accrued', 'contribution_pool', 'reward',
  '{"chain_id": "chain_id", "contribution_id": "contribution_id", "pool_id": "pool_id"}',
  '{"accrued": "sum(amount)", "own": "count(*) filter (where ref = no_ref())"}',
  'contribution_id <> 0');
select keep_total('pool_accrued', 'pool_total', 'reward',
  '{"chain_id": "chain_id", "pool_id": "pool_id"}',
  '{"accrued": "sum(amount)", "own": "count(*) filter (where ref = no_ref() and contribution_id = 0)"}');

-- The same of rewards whose ref names no inference, or whose contribution nobody submitted: what such a reward is of, in
-- its row of what is missing. Of a contribution, where one exists; else of its pool's subject.
alter table reward_pending
  add column source_contribution numeric(78,0),
  add column source_pool bytea;

create function pending_source(
  ref bytea, contribution_id numeric, pool_id bytea, no_contribution numeric, no_inference bytea
) returns table (source_contribution numeric, source_pool bytea) language sql immutable as $$
  select
    case when s.opaque and not s.alone then contribution_id end,
    case when (s.opaque or ref = no_ref()) and s.alone and (s.opaque or contribution_id <> 0) then pool_id end
  from (
    select no_inference is not null as opaque, contribution_id = 0 or no_contribution is not null as alone
  ) s
$$;

update reward_pending w
set source_contribution = s.source_contribution, source_pool = s.source_pool
from reward_pending x
join reward r on r.chain_id = x.chain_id and r.pos = x.pos
cross join lateral pending_source(r.ref, r.contribution_id, r.pool_id, x.contribution_id, x.inference_id) s
where x.chain_id = w.chain_id and x.pos = w.pos;

create index reward_pending_source_contribution on reward_pending (chain_id, source_contribution, pos)
  where source_contribution is not null;
create index reward_pending_source_pool on reward_pending (chain_id, source_pool, pos) where source_pool is not null;

-- As before.
create or replace function refresh_reward(chain integer, keys bigint[]) returns void language sql as $$
  delete from reward_subject where chain_id = chain and pos = any(keys);
  delete from reward_pending where chain_id = chain and pos = any(keys);
  with named as (
    select * from reward_named where chain_id = chain and pos = any(keys)
  ), pending as (
    insert into reward_pending (chain_id, pos, contribution_id, inference_id, pool_id, source_contribution, source_pool)
    select n.chain_id, n.pos, n.no_contribution, n.no_inference, n.no_pool, s.source_contribution, s.source_pool
    from named n
    join reward r on r.chain_id = n.chain_id and r.pos = n.pos
    cross join lateral pending_source(r.ref, r.contribution_id, r.pool_id, n.no_contribution, n.no_inference) s
    where n.no_contribution is not null or n.no_inference is not null or n.no_pool is not null
  )
  insert into reward_subject (chain_id, kind, subject_id, pos, pool_id, amount, fee_part, emission_part, grant_part,
    slash_part, unknown_part)
  select n.chain_id, s.kind, s.subject_id, n.pos, n.pool_id, n.amount, n.fee_part, n.emission_part, n.grant_part,
    n.slash_part, n.unknown_part
  from named n
  cross join lateral (
    values (2, n.datanet_id), (4, n.model_id), (2, n.pool_datanet_id), (4, n.pool_model_id)
  ) as s (kind, subject_id)
  where s.subject_id is not null;
$$;
