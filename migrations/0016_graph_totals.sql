-- What an attribution graph leaves out at a node that has more edges than anybody wants to see is counted from totals.

-- ------------------------------------------------------------------ INFLUENCED, of contributions

-- Of each of contribution_ids: how many current influences with a weight above zero, and their weight.
alter table inference_state
  add column contribution_edges integer[] not null default '{}',
  add column contribution_weights bigint[] not null default '{}';

update inference_state s
set contribution_ids = e.contribution_ids, contribution_edges = e.contribution_edges,
  contribution_weights = e.contribution_weights
from (
  select chain_id, inference_id, array_agg(contribution_id) as contribution_ids, array_agg(edges) as contribution_edges,
    array_agg(weight) as contribution_weights
  from (
    select s.chain_id, s.inference_id, e.contribution_id, count(*)::integer as edges, sum(e.weight_ppm)::bigint as weight
    from inference_state s
    join influence e on e.chain_id = s.chain_id and e.inference_id = s.inference_id
      and e.pos > coalesce(s.revision_pos, -1) and e.weight_ppm > 0
    group by s.chain_id, s.inference_id, e.contribution_id
    order by s.chain_id, s.inference_id, e.contribution_id
  ) x
  group by chain_id, inference_id
) e
where s.chain_id = e.chain_id and s.inference_id = e.inference_id;

alter table inference_state
  alter column contribution_edges drop default, alter column contribution_weights drop default;

alter table contribution_count
  add column edges bigint not null default 0,
  add column weight numeric not null default 0;

update contribution_count t
set edges = s.edges, weight = s.weight
from (
  select chain_id, c.contribution_id, sum(c.edges) as edges, sum(c.weight) as weight
  from inference_state
  cross join unnest(contribution_ids, contribution_edges, contribution_weights) as c (contribution_id, edges, weight)
  group by chain_id, c.contribution_id
) s
where s.chain_id = t.chain_id and s.contribution_id = t.contribution_id;

select keep_total('contribution_influences', 'contribution_count', 'inference_state',
  '{"chain_id": "chain_id", "contribution_id": "contribution_id"}',
  '{"influences": "count(*)", "edges": "sum(edges)", "weight": "sum(weight)"}',
  key_rows => 'moved cross join unnest(contribution_ids, contribution_edges, contribution_weights)
    as c (contribution_id, edges, weight)');

-- As before, with what is new.
create or replace function refresh_inference(chain integer, keys bytea[]) returns void language sql as $$
  with gone as (
    delete from inference_state where chain_id = chain and inference_id = any(keys)
    returning inference_id
  )
  delete from adapter_inference p using gone where p.chain_id = chain and p.inference_id = gone.inference_id;
  insert into inference_state (chain_id, inference_id, pos, model_id, user_address, fee_token, fee, refunded, split_pos,
    attribution_pos, revision_pos, revisions, leaves, weight_sum, contribution_ids, contribution_edges,
    contribution_weights, datanet_ids, platform, model, stakers, contributors)
  select i.chain_id, i.inference_id, i.pos, i.model_id, i.user_address, i.fee_token, i.fee, r.refunded, s.pos, a.pos,
    v.pos, v.n, e.n, e.weight, c.contribution_ids, c.contribution_edges, c.contribution_weights, e.datanet_ids,
    s.platform, s.model, s.stakers, s.contributors
  from inference i
  cross join lateral (
    select coalesce(sum(amount), 0) as refunded from refund
    where chain_id = i.chain_id and inference_id = i.inference_id
  ) r
  left join lateral (
    select pos, platform, model, stakers, contributors from fee_split
    where chain_id = i.chain_id and inference_id = i.inference_id
    order by pos desc limit 1
  ) s on true
  cross join lateral (
    select max(pos) as pos from attribution where chain_id = i.chain_id and inference_id = i.inference_id
  ) a
  cross join lateral (
    select max(pos) as pos, count(*)::integer as n from attribution_revision
    where chain_id = i.chain_id and inference_id = i.inference_id
  ) v
  cross join lateral (
    select count(*)::integer as n, coalesce(sum(weight_ppm), 0) as weight,
      coalesce(array_agg(distinct datanet_id) filter (where weight_ppm > 0), '{}') as datanet_ids
    from influence
    where chain_id = i.chain_id and inference_id = i.inference_id and pos > coalesce(v.pos, -1)
  ) e
  cross join lateral (
    select coalesce(array_agg(contribution_id), '{}') as contribution_ids,
      coalesce(array_agg(edges), '{}') as contribution_edges, coalesce(array_agg(weight), '{}') as contribution_weights
    from (
      select contribution_id, count(*)::integer as edges, sum(weight_ppm)::bigint as weight
      from influence
      where chain_id = i.chain_id and inference_id = i.inference_id and pos > coalesce(v.pos, -1) and weight_ppm > 0
      group by contribution_id
      order by contribution_id
    ) x
  ) c
  where i.chain_id = chain and i.inference_id = any(keys);
  insert into adapter_inference (chain_id, adapter_id, inference_id, item)
  select a.chain_id, a.adapter_id, i.inference_id, min(a.item)
  from inference i
  join inference_adapter a on a.chain_id = i.chain_id and a.pos = i.pos
  where i.chain_id = chain and i.inference_id = any(keys)
  group by a.chain_id, a.adapter_id, i.inference_id;
$$;

-- ------------------------------------------------------------------ TRAINED_ON

-- The latest input of the pair: of several of one run, the last.
alter table model_datanet
  add column latest_pos bigint,
  add column latest_item integer,
  add column weight_ppm bigint;

update model_datanet d
set latest_pos = l.pos, latest_item = l.item, weight_ppm = l.weight_ppm
from (
  select distinct on (r.chain_id, r.model_id, i.datanet_id) r.chain_id, r.model_id, i.datanet_id, i.pos, i.item, i.weight_ppm
  from training_run r
  join training_input i on i.chain_id = r.chain_id and i.pos = r.pos
  order by r.chain_id, r.model_id, i.datanet_id, i.pos desc, i.item desc
) l
where l.chain_id = d.chain_id and l.model_id = d.model_id and l.datanet_id = d.datanet_id;

alter table model_datanet
  alter column latest_pos set not null, alter column latest_item set not null, alter column weight_ppm set not null;

-- By weight from either end.
drop index if exists model_datanet_datanet;
delete from deferred_index where name = 'model_datanet_datanet';
create index model_datanet_datanet on model_datanet (chain_id, datanet_id, weight_ppm, latest_pos, latest_item);
create index model_datanet_model on model_datanet (chain_id, model_id, weight_ppm, latest_pos, latest_item);

alter table datanet_count add column trained_weight numeric not null default 0;
update datanet_count t
set trained_weight = d.weight
from (select chain_id, datanet_id, sum(weight_ppm) as weight from model_datanet group by 1, 2) d
where d.chain_id = t.chain_id and d.datanet_id = t.datanet_id;

select keep_total('datanet_models', 'datanet_count', 'model_datanet',
  '{"chain_id": "chain_id", "datanet_id": "datanet_id"}',
  '{"models": "count(*)", "trained_weight": "sum(weight_ppm)"}');

-- Pairs are the only rows with a total that change where they stand: a later run says another weight.
create function datanet_weights() returns trigger language plpgsql as $$
begin
  update datanet_count t
  set trained_weight = t.trained_weight + m.weight
  from (
    select chain_id, datanet_id, sum(weight) as weight
    from (
      select chain_id, datanet_id, weight_ppm as weight from come
      union all
      select chain_id, datanet_id, -weight_ppm from gone
    ) moved
    group by chain_id, datanet_id
    having sum(weight) <> 0
  ) m
  where t.chain_id = m.chain_id and t.datanet_id = m.datanet_id;
  return null;
end $$;
create trigger datanet_weights_changed after update on model_datanet referencing old table as gone new table as come
  for each statement execute function datanet_weights();

-- As before; a run of a model that stands says the latest of what it has.
create or replace function refresh_model(chain integer, keys numeric[], new_from bigint default null) returns void
  language sql as $$
  delete from model_datanet where chain_id = chain and model_id = any(keys);
  insert into model_datanet (chain_id, model_id, datanet_id, pos, latest_pos, latest_item, weight_ppm)
  select distinct on (m.chain_id, m.model_id, i.datanet_id) m.chain_id, m.model_id, i.datanet_id,
    min(i.pos) over (partition by m.chain_id, m.model_id, i.datanet_id), i.pos, i.item, i.weight_ppm
  from model m
  join training_run r on r.chain_id = m.chain_id and r.model_id = m.model_id
  join training_input i on i.chain_id = r.chain_id and i.pos = r.pos
  where m.chain_id = chain and m.model_id = any(keys)
  order by m.chain_id, m.model_id, i.datanet_id, i.pos desc, i.item desc;
  insert into model_datanet (chain_id, model_id, datanet_id, pos, latest_pos, latest_item, weight_ppm)
  select distinct on (m.chain_id, m.model_id, i.datanet_id) m.chain_id, m.model_id, i.datanet_id,
    min(i.pos) over (partition by m.chain_id, m.model_id, i.datanet_id), i.pos, i.item, i.weight_ppm
  from training_run r
  join model m on m.chain_id = r.chain_id and m.model_id = r.model_id
  join training_input i on i.chain_id = r.chain_id and i.pos = r.pos
  where r.chain_id = chain and r.pos >= new_from
  order by m.chain_id, m.model_id, i.datanet_id, i.pos desc, i.item desc
  on conflict (chain_id, model_id, datanet_id) do update
    set latest_pos = excluded.latest_pos, latest_item = excluded.latest_item, weight_ppm = excluded.weight_ppm;
$$;

-- ------------------------------------------------------------------ DERIVED_FROM and ADAPTS, of models

alter table model_count
  add column children integer not null default 0,
  add column adapters integer not null default 0;

insert into model_count (chain_id, model_id, n, children, adapters)
select chain_id, model_id, count(*), count(*) filter (where child), count(*) filter (where not child)
from (
  select chain_id, parent_model_id as model_id, true as child from model where parent_model_id <> 0
  union all
  select chain_id, model_id, false from adapter
) c
group by chain_id, model_id
on conflict (chain_id, model_id) do update
  set n = model_count.n + excluded.n, children = excluded.children, adapters = excluded.adapters;

select keep_total('model_children', 'model_count', 'model',
  '{"chain_id": "chain_id", "model_id": "parent_model_id"}',
  '{"children": "count(*)"}',
  'parent_model_id <> 0');
select keep_total('model_adapters', 'model_count', 'adapter',
  '{"chain_id": "chain_id", "model_id": "model_id"}',
  '{"adapters": "count(*)"}');

-- ------------------------------------------------------------------ REWARDED, where no inference stands behind it

-- How many rewards of reward_pending are of a contribution itself, and of a pool's subject.
create table contribution_pending (
  chain_id integer not null,
  contribution_id numeric(78,0) not null,
  n bigint not null,
  primary key (chain_id, contribution_id)
);
create table pool_pending (
  chain_id integer not null,
  pool_id bytea not null,
  n bigint not null,
  primary key (chain_id, pool_id)
);

insert into contribution_pending (chain_id, contribution_id, n)
select chain_id, source_contribution, count(*) from reward_pending where source_contribution is not null group by 1, 2;
insert into pool_pending (chain_id, pool_id, n)
select chain_id, source_pool, count(*) from reward_pending where source_pool is not null group by 1, 2;

select keep_total('contribution_pending_rewards', 'contribution_pending', 'reward_pending',
  '{"chain_id": "chain_id", "contribution_id": "source_contribution"}', '{}', 'source_contribution is not null');
select keep_total('pool_pending_rewards', 'pool_pending', 'reward_pending',
  '{"chain_id": "chain_id", "pool_id": "source_pool"}', '{}', 'source_pool is not null');

-- ------------------------------------------------------------------ the past of all that

-- Only these views anew: making all of them takes ten times as long.
create function make_past_of_graph_totals() returns void language plpgsql as $make$
begin
  create or replace view past.inference_state with (security_invoker = true) as
  select s.chain_id, s.inference_id, s.pos, s.model_id, s.user_address, s.fee_token, s.fee,
    s.refunded - coalesce(r.amount, 0) as refunded,
    case when s.split_pos < past.ending() then s.split_pos else f.pos end as split_pos,
    case when s.attribution_pos < past.ending() then s.attribution_pos else a.pos end as attribution_pos,
    case when s.revision_pos < past.ending() then s.revision_pos else v.pos end as revision_pos,
    case when s.revision_pos < past.ending() then s.revisions else coalesce(v.n, 0) end as revisions,
    case when m.moved then e.n else s.leaves end as leaves,
    case when m.moved then e.weight else s.weight_sum end as weight_sum,
    case when m.moved then c.contribution_ids else s.contribution_ids end as contribution_ids,
    case when m.moved then e.datanet_ids else s.datanet_ids end as datanet_ids,
    case when s.split_pos < past.ending() then s.platform else f.platform end as platform,
    case when s.split_pos < past.ending() then s.model else f.model end as model,
    case when s.split_pos < past.ending() then s.stakers else f.stakers end as stakers,
    case when s.split_pos < past.ending() then s.contributors else f.contributors end as contributors,
    case when m.moved then c.contribution_edges else s.contribution_edges end as contribution_edges,
    case when m.moved then c.contribution_weights else s.contribution_weights end as contribution_weights
  from public.inference_state s
  left join lateral (
    select sum(x.amount) as amount from public.refund x
    where x.chain_id = s.chain_id and x.inference_id = s.inference_id and x.pos >= past.ending()
  ) r on true
  left join lateral (
    select x.* from past.fee_split x
    where s.split_pos >= past.ending() and x.chain_id = s.chain_id and x.inference_id = s.inference_id
    order by x.pos desc limit 1
  ) f on true
  left join lateral (
    select max(x.pos) as pos from past.attribution x
    where s.attribution_pos >= past.ending() and x.chain_id = s.chain_id and x.inference_id = s.inference_id
  ) a on true
  left join lateral (
    select max(x.pos) as pos, count(*)::integer as n from past.attribution_revision x
    where s.revision_pos >= past.ending() and x.chain_id = s.chain_id and x.inference_id = s.inference_id
  ) v on true
  -- A revision or a leaf came later.
  left join lateral (
    select coalesce(s.revision_pos >= past.ending(), false) or coalesce((
      select true from public.influence x
      where x.chain_id = s.chain_id and x.inference_id = s.inference_id and x.pos >= past.ending()
      limit 1
    ), false) as moved
  ) m on true
  left join lateral (
    select count(*)::integer as n, coalesce(sum(x.weight_ppm), 0) as weight,
      coalesce(array_agg(distinct x.datanet_id) filter (where x.weight_ppm > 0), '{}') as datanet_ids
    from past.influence x
    where m.moved and x.chain_id = s.chain_id and x.inference_id = s.inference_id
      and x.pos > coalesce(case when s.revision_pos < past.ending() then s.revision_pos else v.pos end, -1)
  ) e on true
  left join lateral (
    select coalesce(array_agg(y.contribution_id), '{}') as contribution_ids,
      coalesce(array_agg(y.edges), '{}') as contribution_edges, coalesce(array_agg(y.weight), '{}') as contribution_weights
    from (
      select x.contribution_id, count(*)::integer as edges, sum(x.weight_ppm)::bigint as weight
      from past.influence x
      where m.moved and x.chain_id = s.chain_id and x.inference_id = s.inference_id and x.weight_ppm > 0
        and x.pos > coalesce(case when s.revision_pos < past.ending() then s.revision_pos else v.pos end, -1)
      group by x.contribution_id
      order by x.contribution_id
    ) y
  ) c on true
  where s.chain_id = past.of_chain() and s.pos < past.ending();

  create or replace view past.contribution_count with (security_invoker = true) as
  select c.chain_id, c.contribution_id, i.influences::bigint as n, i.influences, i.edges, i.weight
  from past.contribution c
  left join lateral (
    select count(distinct x.inference_id)::integer as influences, count(*) as edges,
      coalesce(sum(x.weight_ppm), 0) as weight
    from past.current_influence x
    where x.chain_id = c.chain_id and x.contribution_id = c.contribution_id
  ) i on true;

  create or replace view past.model_datanet with (security_invoker = true) as
  select d.chain_id, d.model_id, d.datanet_id, d.pos,
    case when d.latest_pos < past.ending() then d.latest_pos else l.pos end as latest_pos,
    case when d.latest_pos < past.ending() then d.latest_item else l.item end as latest_item,
    case when d.latest_pos < past.ending() then d.weight_ppm else l.weight_ppm end as weight_ppm
  from public.model_datanet d
  join past.model m on m.chain_id = d.chain_id and m.model_id = d.model_id
  left join lateral (
    select i.pos, i.item, i.weight_ppm
    from past.training_run r
    join past.training_input i on i.chain_id = r.chain_id and i.pos = r.pos
    where d.latest_pos >= past.ending() and r.chain_id = d.chain_id and r.model_id = d.model_id
      and i.datanet_id = d.datanet_id
    order by i.pos desc, i.item desc
    limit 1
  ) l on true
  where d.pos < past.ending();

  create or replace view past.datanet_count with (security_invoker = true) as
  select d.chain_id, d.datanet_id,
    c.contributions + u.contributors + m.models + i.inferences as n,
    c.contributions, s.pending, s.accepted, s.rejected, s.slashed, u.contributors, m.models, i.inferences,
    m.trained_weight
  from past.datanet d
  left join lateral (
    select count(*)::integer as contributions from past.contribution x
    where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id
  ) c on true
  left join lateral (
    select (count(*) filter (where x.status is null))::integer as pending,
      (count(*) filter (where x.status = 1))::integer as accepted,
      (count(*) filter (where x.status = 2))::integer as rejected,
      (count(*) filter (where x.status = 3))::integer as slashed
    from past.contribution_state x
    where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id
  ) s on true
  left join lateral (
    select count(distinct x.contributor)::integer as contributors from past.contribution x
    where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id
  ) u on true
  left join lateral (
    select count(*)::integer as models, coalesce(sum(x.weight_ppm), 0) as trained_weight from past.model_datanet x
    where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id
  ) m on true
  left join lateral (
    select count(distinct x.inference_id)::integer as inferences from past.current_influence x
    where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id
  ) i on true;

  create or replace view past.model_count with (security_invoker = true) as
  select t.chain_id, t.model_id,
    t.inferences - l.n + u.users + t.ratings - coalesce(f.ratings, 0) + t.children - k.n + t.adapters - b.n as n,
    t.inferences - l.n as inferences, u.users, t.paid - l.paid as paid, a.paid_attributed,
    t.ratings - coalesce(f.ratings, 0) as ratings, t.rating_sum - coalesce(f.rating_sum, 0) as rating_sum,
    t.children - k.n as children, t.adapters - b.n as adapters
  from public.model_count t
  left join lateral (
    select count(*)::integer as n, (count(*) filter (where x.fee > 0))::integer as paid from public.inference x
    where x.chain_id = t.chain_id and x.model_id = t.model_id and x.pos >= past.ending()
  ) l on true
  left join lateral (
    select count(*)::integer as paid_attributed from past.inference x
    where x.chain_id = t.chain_id and x.model_id = t.model_id and x.fee > 0 and exists (
      select from past.attribution y where y.chain_id = x.chain_id and y.inference_id = x.inference_id
    )
  ) a on true
  left join lateral (
    select count(*)::integer as users from past.model_user x
    where x.chain_id = t.chain_id and x.model_id = t.model_id
  ) u on true
  left join lateral (
    select count(*)::integer as n from public.model x
    where x.chain_id = t.chain_id and x.parent_model_id = t.model_id and x.parent_model_id <> 0
      and x.pos >= past.ending()
  ) k on true
  left join lateral (
    select count(*)::integer as n from public.adapter x
    where x.chain_id = t.chain_id and x.model_id = t.model_id and x.pos >= past.ending()
  ) b on true
  -- No index leads from a model to its ratings, so once for all models.
  left join (
    select x.model_id, count(*)::integer as ratings, sum(x.rating) as rating_sum from public.feedback x
    where x.chain_id = past.of_chain() and x.pos >= past.ending()
    group by x.model_id
  ) f on f.model_id = t.model_id
  where t.chain_id = past.of_chain();
end $make$;

alter function make_past() rename to make_past_before_graph_totals;
create function make_past() returns void language sql as $$
  select make_past_before_graph_totals();
  select make_past_of_graph_totals();
$$;

-- Not of the tables that a re-index fills beside those that are read.
do $$ begin
  if current_schema() = 'public' then
    perform make_past_of_graph_totals();
  end if;
end $$;
