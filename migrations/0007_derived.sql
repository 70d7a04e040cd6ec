-- Derived rows for less: what a commit adds to them, in fewer rows and fewer statements.

-- Pairs of an inference and what its current influences name stand in its state, once each and in order: a row and two
-- entries of indexes for every pair took longer than the states themselves.
alter table inference_state
  add column contribution_ids numeric[] not null default '{}',
  add column datanet_ids numeric[] not null default '{}';

update inference_state s
set contribution_ids = e.contribution_ids, datanet_ids = e.datanet_ids
from (
  select s.chain_id, s.inference_id, array_agg(distinct e.contribution_id) as contribution_ids,
    array_agg(distinct e.datanet_id) as datanet_ids
  from inference_state s
  join influence e on e.chain_id = s.chain_id and e.inference_id = s.inference_id
    and e.pos > coalesce(s.revision_pos, -1) and e.weight_ppm > 0
  group by s.chain_id, s.inference_id
) e
where s.chain_id = e.chain_id and s.inference_id = e.inference_id;

alter table inference_state alter column contribution_ids drop default, alter column datanet_ids drop default;

-- Their totals stay as they are.
drop table contribution_inference;
drop function contribution_influences();
drop table datanet_inference;
drop function datanet_inferences();
-- In the middle of a first history an index waits for its end.
delete from deferred_index where of_table = 'contribution_inference';

-- As before; `key_rows` may say what a row of the source counts for, where that isn't itself: several keys.
drop function keep_total(text, text, text, jsonb, jsonb, text);
create function keep_total(
  name text, target text, source text, keys jsonb, sums jsonb, condition text default 'true',
  key_rows text default 'moved'
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
      select %2$s, sign * count(*) as n%3$s from %12$s where %4$s group by %5$s
    ) m on %6$s
    when matched and t.n + m.n = 0 then delete
    when matched then update set n = t.n + m.n%7$s
    when not matched then insert (%8$s, n%9$s) values (%10$s, m.n%11$s)$f$,
    target, key_list, sum_list, condition, key_values, key_matches, sum_updates, key_columns, sum_columns, new_keys,
    new_sums, key_rows);
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

select keep_total('contribution_influences', 'contribution_count', 'inference_state',
  '{"chain_id": "chain_id", "contribution_id": "contribution_id"}',
  '{"influences": "count(*)"}',
  key_rows => 'moved cross join unnest(contribution_ids) contribution_id');
select keep_total('datanet_inferences', 'datanet_count', 'inference_state',
  '{"chain_id": "chain_id", "datanet_id": "datanet_id"}',
  '{"inferences": "count(*)"}',
  key_rows => 'moved cross join unnest(datanet_ids) datanet_id');

create or replace function refresh_inference(chain integer, keys bytea[]) returns void language sql as $$
  with gone as (
    delete from inference_state where chain_id = chain and inference_id = any(keys)
    returning inference_id
  )
  delete from adapter_inference p using gone where p.chain_id = chain and p.inference_id = gone.inference_id;
  insert into inference_state (chain_id, inference_id, pos, model_id, user_address, fee_token, fee, refunded, split_pos,
    attribution_pos, revision_pos, revisions, leaves, weight_sum, contribution_ids, datanet_ids)
  select i.chain_id, i.inference_id, i.pos, i.model_id, i.user_address, i.fee_token, i.fee, r.refunded, s.pos, a.pos,
    v.pos, v.n, e.n, e.weight, e.contribution_ids, e.datanet_ids
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
    select count(*)::integer as n, coalesce(sum(weight_ppm), 0) as weight,
      coalesce(array_agg(distinct contribution_id) filter (where weight_ppm > 0), '{}') as contribution_ids,
      coalesce(array_agg(distinct datanet_id) filter (where weight_ppm > 0), '{}') as datanet_ids
    from influence
    where chain_id = i.chain_id and inference_id = i.inference_id and pos > coalesce(v.pos, -1)
  ) e
  where i.chain_id = chain and i.inference_id = any(keys);
  insert into adapter_inference (chain_id, adapter_id, inference_id, item)
  select a.chain_id, a.adapter_id, i.inference_id, min(a.item)
  from inference i
  join inference_adapter a on a.chain_id = i.chain_id and a.pos = i.pos
  where i.chain_id = chain and i.inference_id = any(keys)
  group by a.chain_id, a.adapter_id, i.inference_id;
$$;

-- The rewards at the positions `keys` anew: those whose rows don't come with them (indexer/store/backRewards.ts), because
-- what they name is created later, or goes in a rewind.
drop function refresh_reward(integer, bigint[], bigint);
create function refresh_reward(chain integer, keys bigint[]) returns void language sql as $$
  delete from reward_subject where chain_id = chain and pos = any(keys);
  delete from reward_pending where chain_id = chain and pos = any(keys);
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

-- As before; and of models that stand already what runs from `new_from` on are the first to name.
drop function refresh_model(integer, numeric[]);
create function refresh_model(chain integer, keys numeric[], new_from bigint default null) returns void
  language sql as $$
  delete from model_datanet where chain_id = chain and model_id = any(keys);
  insert into model_datanet (chain_id, model_id, datanet_id, pos)
  select m.chain_id, m.model_id, i.datanet_id, min(i.pos)
  from model m
  join training_run r on r.chain_id = m.chain_id and r.model_id = m.model_id
  join training_input i on i.chain_id = r.chain_id and i.pos = r.pos
  where m.chain_id = chain and m.model_id = any(keys)
  group by m.chain_id, m.model_id, i.datanet_id;
  insert into model_datanet (chain_id, model_id, datanet_id, pos)
  select m.chain_id, m.model_id, i.datanet_id, min(i.pos)
  from training_run r
  join model m on m.chain_id = r.chain_id and m.model_id = r.model_id
  join training_input i on i.chain_id = r.chain_id and i.pos = r.pos
  where r.chain_id = chain and r.pos >= new_from
  group by m.chain_id, m.model_id, i.datanet_id
  on conflict do nothing;
$$;
