-- What makes long histories fast: see indexer/store/deferredIndexes.ts.

-- Indexes that wait for the end of the first history. Empty at any other time.
create table deferred_index (
  name text primary key,
  of_table text not null,
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

-- Rewards that name a contribution, an inference or a pool which nobody has created yet, each by what is missing. A
-- creation looks here for rewards that were before it, instead of in an index over all rewards.
create table reward_pending (
  chain_id integer not null,
  pos bigint not null,
  contribution_id numeric(78,0),
  inference_id bytea,
  pool_id bytea,
  primary key (chain_id, pos)
);
create index reward_pending_contribution on reward_pending (chain_id, contribution_id) where contribution_id is not null;
create index reward_pending_inference on reward_pending (chain_id, inference_id) where inference_id is not null;
create index reward_pending_pool on reward_pending (chain_id, pool_id) where pool_id is not null;

-- What a reward names, and what of it nobody has created. A pool's subject that the reward has already by its
-- contribution or inference is left out, where a "distinct" sorted every row.
create view reward_named as
select r.chain_id, r.pos, r.pool_id, r.amount, r.fee_part, r.emission_part, r.grant_part, r.slash_part, r.unknown_part,
  c.datanet_id, i.model_id,
  case when p.kind = 0 and p.subject_id is distinct from c.datanet_id then p.subject_id end as pool_datanet_id,
  case when p.kind = 1 and p.subject_id is distinct from i.model_id then p.subject_id end as pool_model_id,
  case when c.pos is null and r.contribution_id <> 0 then r.contribution_id end as no_contribution,
  case when i.pos is null and r.ref <> no_ref() then r.ref end as no_inference,
  case when p.pos is null then r.pool_id end as no_pool
from reward r
left join contribution c on c.chain_id = r.chain_id and c.contribution_id = r.contribution_id and r.contribution_id <> 0
left join inference i on i.chain_id = r.chain_id and i.inference_id = r.ref and r.ref <> no_ref()
left join pool p on p.chain_id = r.chain_id and p.pool_id = r.pool_id;

-- Rewards of before.
insert into reward_pending (chain_id, pos, contribution_id, inference_id, pool_id)
select chain_id, pos, no_contribution, no_inference, no_pool
from reward_named
where no_contribution is not null or no_inference is not null or no_pool is not null;

-- The rewards at the positions `keys` anew; those from `new_from` on have no rows yet. The keys are a list, not a range,
-- because a plan depends on how many there are, and looked up, not joined: a join read all rewards at every commit.
drop function refresh_reward(integer, bigint[]);
create function refresh_reward(chain integer, keys bigint[], new_from bigint default null) returns void
  language sql as $$
  delete from reward_subject
  where chain_id = chain and pos = any(array(select k from unnest(keys) k where (k < new_from) is not false));
  delete from reward_pending
  where chain_id = chain and pos = any(array(select k from unnest(keys) k where (k < new_from) is not false));
  with named as (
    select * from reward_named where chain_id = chain and pos = any(keys)
  ), pending as (
    insert into reward_pending (chain_id, pos, contribution_id, inference_id, pool_id)
    select chain_id, pos, no_contribution, no_inference, no_pool
    from named
    where no_contribution is not null or no_inference is not null or no_pool is not null
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

-- By inference first: that is how refresh_inference finds the pairs, and its rows come together. The order that readers
-- need is one of those that can wait.
alter table contribution_inference drop constraint contribution_inference_pkey;
drop index contribution_inference_inference;
alter table contribution_inference add constraint contribution_inference_pkey
  primary key (chain_id, inference_id, contribution_id);
create index contribution_inference_contribution on contribution_inference (chain_id, contribution_id, pos);
alter table datanet_inference drop constraint datanet_inference_pkey;
drop index datanet_inference_inference;
alter table datanet_inference add constraint datanet_inference_pkey primary key (chain_id, inference_id, datanet_id);

-- As before; what has no state yet has no pairs that could go.
create or replace function refresh_inference(chain integer, keys bytea[]) returns void language sql as $$
  with gone as (
    delete from inference_state where chain_id = chain and inference_id = any(keys)
    returning inference_id
  ), contributions as (
    delete from contribution_inference p using gone where p.chain_id = chain and p.inference_id = gone.inference_id
  ), datanets as (
    delete from datanet_inference p using gone where p.chain_id = chain and p.inference_id = gone.inference_id
  )
  delete from adapter_inference p using gone where p.chain_id = chain and p.inference_id = gone.inference_id;
  insert into inference_state
  select i.chain_id, i.inference_id, i.pos, i.model_id, i.user_address, i.fee_token, i.fee, r.refunded, s.pos, a.pos,
    v.pos, v.n, e.n, e.weight
  from inference i
  cross join lateral (
    select coalesce(sum(amount), 0) as refunded from refund
    where chain_id = i.chain_id and inference_id = i.inference_id
  ) r
  cross join lateral (
    select max(pos) as pos from fee_split where chain_id = i.chain_id and inference_id = i.inference_id
  ) s
  cross join lateral (
    select max(pos) as pos from attribution where chain_id = i.chain_id and inference_id = i.inference_id
  ) a
  cross join lateral (
    select max(pos) as pos, count(*)::integer as n from attribution_revision
    where chain_id = i.chain_id and inference_id = i.inference_id
  ) v
  cross join lateral (
    select count(*)::integer as n, coalesce(sum(weight_ppm), 0) as weight from influence
    where chain_id = i.chain_id and inference_id = i.inference_id and pos > coalesce(v.pos, -1)
  ) e
  where i.chain_id = chain and i.inference_id = any(keys);
  insert into contribution_inference (chain_id, contribution_id, inference_id, pos)
  select e.chain_id, e.contribution_id, e.inference_id, min(e.pos)
  from inference_state s
  join influence e on e.chain_id = s.chain_id and e.inference_id = s.inference_id
    and e.pos > coalesce(s.revision_pos, -1) and e.weight_ppm > 0
  where s.chain_id = chain and s.inference_id = any(keys)
  group by e.chain_id, e.contribution_id, e.inference_id;
  insert into datanet_inference (chain_id, datanet_id, inference_id, pos)
  select e.chain_id, e.datanet_id, e.inference_id, min(e.pos)
  from inference_state s
  join influence e on e.chain_id = s.chain_id and e.inference_id = s.inference_id
    and e.pos > coalesce(s.revision_pos, -1) and e.weight_ppm > 0
  where s.chain_id = chain and s.inference_id = any(keys)
  group by e.chain_id, e.datanet_id, e.inference_id;
  insert into adapter_inference (chain_id, adapter_id, inference_id, item)
  select a.chain_id, a.adapter_id, i.inference_id, min(a.item)
  from inference i
  join inference_adapter a on a.chain_id = i.chain_id and a.pos = i.pos
  where i.chain_id = chain and i.inference_id = any(keys)
  group by a.chain_id, a.adapter_id, i.inference_id;
$$;

-- Only a rewind looks for subjects by position, and rows come in that order: a few pages are a summary's worth, where a
-- b-tree took a quarter of the table's time.
drop index event_subject_position;
create index event_subject_position on event_subject using brin (chain_id, pos)
  with (pages_per_range = 16, autosummarize = on);

-- Totals by merge: an upsert looks each key up twice. A page keeps room for the next version of its rows, so that a total
-- that moves leaves its index alone.
create or replace function keep_total(
  name text, target text, source text, keys jsonb, sums jsonb, condition text default 'true'
) returns void language plpgsql as $$
declare
  key_columns text := (select string_agg(quote_ident(k), ', ') from jsonb_each_text(keys) e(k, v));
  key_values text := (select string_agg(v, ', ') from jsonb_each_text(keys) e(k, v));
  key_list text := (select string_agg(format('%s as %I', v, k), ', ') from jsonb_each_text(keys) e(k, v));
  key_matches text := (select string_agg(format('t.%1$I = m.%1$I', k), ' and ') from jsonb_each_text(keys) e(k, v));
  new_keys text := (select string_agg(format('m.%I', k), ', ') from jsonb_each_text(keys) e(k, v));
  sum_columns text := (select coalesce(string_agg(format(', %I', k), ''), '') from jsonb_each_text(sums) e(k, v));
  sum_list text := (
    select coalesce(string_agg(format(', sign * %s as %I', v, k), ''), '') from jsonb_each_text(sums) e(k, v)
  );
  sum_updates text := (
    select coalesce(string_agg(format(', %1$I = t.%1$I + m.%1$I', k), ''), '') from jsonb_each_text(sums) e(k, v)
  );
  new_sums text := (select coalesce(string_agg(format(', m.%I', k), ''), '') from jsonb_each_text(sums) e(k, v));
  add_moved text := format($f$
    merge into %1$I t
    using (
      select %2$s, sign * count(*) as n%3$s from moved where %4$s group by %5$s
    ) m on %6$s
    when matched and t.n + m.n = 0 then delete
    when matched then update set n = t.n + m.n%7$s
    when not matched then insert (%8$s, n%9$s) values (%10$s, m.n%11$s)$f$,
    target, key_list, sum_list, condition, key_values, key_matches, sum_updates, key_columns, sum_columns, new_keys,
    new_sums);
begin
  execute format('alter table %I set (fillfactor = 70)', target);
  execute format($f$
    create or replace function %1$I() returns trigger language plpgsql as $body$
    declare sign integer := case tg_op when 'INSERT' then 1 else -1 end;
    begin
      %2$s;
      return null;
    end $body$ $f$, name, add_moved);
  execute format('create or replace trigger %I after insert on %I referencing new table as moved
    for each statement execute function %I()', name || '_added', source, name);
  execute format('create or replace trigger %I after delete on %I referencing old table as moved
    for each statement execute function %I()', name || '_removed', source, name);
end $$;

select keep_total('datanet_contributions', 'datanet_count', 'contribution_state',
  '{"chain_id": "chain_id", "datanet_id": "datanet_id"}',
  '{"contributions": "count(*)", "pending": "count(*) filter (where status is null)", "accepted": "count(*) filter (where status = 1)", "rejected": "count(*) filter (where status = 2)", "slashed": "count(*) filter (where status = 3)"}');
select keep_total('datanet_contributor_pairs', 'datanet_contributor', 'contribution',
  '{"chain_id": "chain_id", "datanet_id": "datanet_id", "contributor": "contributor"}',
  '{}');
select keep_total('datanet_contributors', 'datanet_count', 'datanet_contributor',
  '{"chain_id": "chain_id", "datanet_id": "datanet_id"}',
  '{"contributors": "count(*)"}');
select keep_total('datanet_models', 'datanet_count', 'model_datanet',
  '{"chain_id": "chain_id", "datanet_id": "datanet_id"}',
  '{"models": "count(*)"}');
select keep_total('datanet_inferences', 'datanet_count', 'datanet_inference',
  '{"chain_id": "chain_id", "datanet_id": "datanet_id"}',
  '{"inferences": "count(*)"}');
select keep_total('contribution_influences', 'contribution_count', 'contribution_inference',
  '{"chain_id": "chain_id", "contribution_id": "contribution_id"}',
  '{"influences": "count(*)"}');
select keep_total('adapter_inferences', 'adapter_count', 'adapter_inference',
  '{"chain_id": "chain_id", "adapter_id": "adapter_id"}',
  '{"inferences": "count(*)"}');
select keep_total('model_inferences', 'model_count', 'inference_state',
  '{"chain_id": "chain_id", "model_id": "model_id"}',
  '{"inferences": "count(*)", "paid": "count(*) filter (where fee > 0)", "paid_attributed": "count(*) filter (where fee > 0 and attribution_pos is not null)"}');
select keep_total('model_ratings', 'model_count', 'feedback',
  '{"chain_id": "chain_id", "model_id": "model_id"}',
  '{"ratings": "count(*)", "rating_sum": "sum(rating)"}');
select keep_total('model_user_pairs', 'model_user', 'inference',
  '{"chain_id": "chain_id", "model_id": "model_id", "user_address": "user_address"}',
  '{}');
select keep_total('model_users', 'model_count', 'model_user',
  '{"chain_id": "chain_id", "model_id": "model_id"}',
  '{"users": "count(*)"}');
select keep_total('model_fees', 'model_fee', 'inference_state',
  '{"chain_id": "chain_id", "model_id": "model_id", "token": "fee_token"}',
  '{"fees": "sum(fee - refunded)"}');
select keep_total('account_fees', 'account_fee', 'inference_state',
  '{"address": "user_address", "chain_id": "chain_id", "token": "fee_token"}',
  '{"fees": "sum(fee - refunded)"}');
select keep_total('account_contributions', 'account_count', 'contribution_state',
  '{"address": "contributor", "chain_id": "chain_id"}',
  '{"contributions": "count(*)", "accepted": "count(*) filter (where status = 1)"}');
select keep_total('account_models', 'account_count', 'model',
  '{"address": "builder", "chain_id": "chain_id"}',
  '{"models": "count(*)"}');
select keep_total('account_inferences', 'account_count', 'inference',
  '{"address": "user_address", "chain_id": "chain_id"}',
  '{"inferences": "count(*)"}');
select keep_total('account_credits', 'account_count', 'credit',
  '{"address": "account", "chain_id": "chain_id"}',
  '{"credits_purchased": "coalesce(sum(purchased), 0)", "credits_consumed": "coalesce(sum(consumed), 0)"}');
select keep_total('role_owner', 'account_role', 'datanet_state',
  '{"address": "owner", "chain_id": "chain_id", "role": "0::smallint"}',
  '{}');
select keep_total('role_curator', 'account_role', 'curator_state',
  '{"address": "curator", "chain_id": "chain_id", "role": "1::smallint"}',
  '{}',
  'active');
select keep_total('role_contributor', 'account_role', 'contribution',
  '{"address": "contributor", "chain_id": "chain_id", "role": "2::smallint"}',
  '{}');
select keep_total('role_model_builder', 'account_role', 'model',
  '{"address": "builder", "chain_id": "chain_id", "role": "3::smallint"}',
  '{}');
select keep_total('role_adapter_builder', 'account_role', 'adapter',
  '{"address": "builder", "chain_id": "chain_id", "role": "3::smallint"}',
  '{}');
select keep_total('role_user', 'account_role', 'inference',
  '{"address": "user_address", "chain_id": "chain_id", "role": "4::smallint"}',
  '{}');
select keep_total('role_participant', 'account_role', 'participation',
  '{"address": "account", "chain_id": "chain_id", "role": "role::smallint"}',
  '{}');
select keep_total('role_beneficiary', 'account_role', 'reward',
  '{"address": "beneficiary", "chain_id": "chain_id", "role": "8::smallint"}',
  '{}');
select keep_total('pool_funded', 'pool_total', 'pool_funding',
  '{"chain_id": "chain_id", "pool_id": "pool_id"}',
  '{"fee": "coalesce(sum(amount) filter (where source = 0), 0)", "emission": "coalesce(sum(amount) filter (where source = 1), 0)", "grant": "coalesce(sum(amount) filter (where source = 2), 0)", "slash": "coalesce(sum(amount) filter (where source = 3), 0)", "unknown": "coalesce(sum(amount) filter (where source not in (0, 1, 2, 3)), 0)"}');
select keep_total('pool_accrued', 'pool_total', 'reward',
  '{"chain_id": "chain_id", "pool_id": "pool_id"}',
  '{"accrued": "sum(amount)"}');
select keep_total('account_accrued', 'account_pool', 'reward',
  '{"address": "beneficiary", "chain_id": "chain_id", "pool_id": "pool_id"}',
  '{"accrued": "sum(amount)"}');
select keep_total('pool_claimed', 'pool_total', 'claim',
  '{"chain_id": "chain_id", "pool_id": "pool_id"}',
  '{"claimed": "sum(amount)"}');
select keep_total('account_claimed', 'account_pool', 'claim',
  '{"address": "beneficiary", "chain_id": "chain_id", "pool_id": "pool_id"}',
  '{"claimed": "sum(amount)"}');
select keep_total('pool_reversed', 'pool_total', 'reversal',
  '{"chain_id": "chain_id", "pool_id": "pool_id"}',
  '{"reversed": "sum(amount)"}');
select keep_total('account_reversed', 'account_pool', 'reversal',
  '{"address": "beneficiary", "chain_id": "chain_id", "pool_id": "pool_id"}',
  '{"reversed": "sum(amount)"}');
select keep_total('contribution_accrued', 'contribution_pool', 'reward',
  '{"chain_id": "chain_id", "contribution_id": "contribution_id", "pool_id": "pool_id"}',
  '{"accrued": "sum(amount)"}',
  'contribution_id <> 0');
select keep_total('subject_accrued', 'subject_pool', 'reward_subject',
  '{"chain_id": "chain_id", "kind": "kind", "subject_id": "subject_id", "pool_id": "pool_id"}',
  '{"accrued": "sum(amount)", "fee": "sum(fee_part)", "emission": "sum(emission_part)", "grant": "sum(grant_part)", "slash": "sum(slash_part)", "unknown": "sum(unknown_part)"}');
