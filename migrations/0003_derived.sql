-- Derived rows, each with one way back.
--   Totals and counted pairs: a trigger adds what is inserted and subtracts what is deleted, by the same statement with
--   the other sign; n says how many rows hold a total up, and without any it goes.
--   States: a function of the facts of one key. refresh_*() deletes and inserts the rows of the touched keys, the same
--   going forward and in a rewind.

-- A ref of zero means none, even if an inference has that id.
create function no_ref() returns bytea language sql immutable parallel safe return decode(repeat('00', 32), 'hex');

-- ------------------------------------------------------------------ states

create table datanet_state (
  chain_id integer not null,
  datanet_id numeric(78,0) not null,
  pos bigint not null,
  owner bytea not null,
  data_type smallint not null,
  status smallint not null,
  metadata_hash bytea not null,
  metadata_uri text not null,
  primary key (chain_id, datanet_id)
);
create index datanet_state_owner on datanet_state (owner, chain_id, pos);

-- Datanets that were never created have curators in the feed alone.
create table curator_state (
  chain_id integer not null,
  datanet_id numeric(78,0) not null,
  curator bytea not null,
  pos bigint not null,
  active boolean not null,
  weight numeric(29,0) not null,
  primary key (chain_id, datanet_id, curator)
);
create index curator_state_position on curator_state (chain_id, datanet_id, pos);

-- status: null while nothing was decided. The decision's fields are the latest ContributionFinalized's.
create table contribution_state (
  chain_id integer not null,
  contribution_id numeric(78,0) not null,
  pos bigint not null,
  item integer not null,
  datanet_id numeric(78,0) not null,
  contributor bytea not null,
  status smallint,
  finalized_pos bigint,
  datanet_version numeric(20,0),
  score_ppm bigint,
  reason smallint,
  primary key (chain_id, contribution_id)
);
create index contribution_state_status on contribution_state (chain_id, status, pos, item);
create index contribution_state_datanet on contribution_state (chain_id, datanet_id, status, pos, item);

-- Settled inferences. The weights are those of the current influences.
create table inference_state (
  chain_id integer not null,
  inference_id bytea not null,
  pos bigint not null,
  model_id numeric(78,0) not null,
  user_address bytea not null,
  fee_token bytea not null,
  fee numeric(78,0) not null,
  refunded numeric not null,
  split_pos bigint,
  attribution_pos bigint,
  revision_pos bigint,
  revisions integer not null,
  leaves integer not null,
  weight_sum numeric not null,
  primary key (chain_id, inference_id)
);
create index inference_state_attributed on inference_state (chain_id, (attribution_pos is not null), pos);

-- Pairs through current influences with a weight above zero, of settled inferences; pos is the first such influence.
create table contribution_inference (
  chain_id integer not null,
  contribution_id numeric(78,0) not null,
  inference_id bytea not null,
  pos bigint not null,
  primary key (chain_id, contribution_id, inference_id)
);
create index contribution_inference_inference on contribution_inference (chain_id, inference_id);
create table datanet_inference (
  chain_id integer not null,
  datanet_id numeric(78,0) not null,
  inference_id bytea not null,
  pos bigint not null,
  primary key (chain_id, datanet_id, inference_id)
);
create index datanet_inference_inference on datanet_inference (chain_id, inference_id);

-- Each adapter of a settled inference's receipt once, at its first place.
create table adapter_inference (
  chain_id integer not null,
  adapter_id numeric(78,0) not null,
  inference_id bytea not null,
  item integer not null,
  primary key (chain_id, adapter_id, inference_id)
);
create index adapter_inference_inference on adapter_inference (chain_id, inference_id, item);

-- Distinct inputs of the training runs of a registered model; pos is the first such run.
create table model_datanet (
  chain_id integer not null,
  model_id numeric(78,0) not null,
  datanet_id numeric(78,0) not null,
  pos bigint not null,
  primary key (chain_id, model_id, datanet_id)
);
create index model_datanet_datanet on model_datanet (chain_id, datanet_id);

-- The datanets (kind 2) and models (kind 4) that a reward is of, each once, with the reward's parts.
create table reward_subject (
  chain_id integer not null,
  kind smallint not null,
  subject_id numeric(78,0) not null,
  pos bigint not null,
  pool_id bytea not null,
  amount numeric(78,0) not null,
  fee_part numeric(78,0) not null,
  emission_part numeric(78,0) not null,
  grant_part numeric(78,0) not null,
  slash_part numeric(78,0) not null,
  unknown_part numeric(78,0) not null,
  primary key (chain_id, kind, subject_id, pos)
);
create index reward_subject_position on reward_subject (chain_id, pos);

create function refresh_datanet(chain integer, keys numeric[]) returns void language sql as $$
  delete from datanet_state where chain_id = chain and datanet_id = any(keys);
  delete from curator_state where chain_id = chain and datanet_id = any(keys);
  insert into datanet_state
  select d.chain_id, d.datanet_id, d.pos, coalesce(t.owner, d.owner), d.data_type, coalesce(u.status, 0),
    coalesce(u.metadata_hash, d.metadata_hash), coalesce(u.metadata_uri, d.metadata_uri)
  from datanet d
  left join lateral (
    select owner from datanet_transfer
    where chain_id = d.chain_id and datanet_id = d.datanet_id and pos > d.pos
    order by pos desc limit 1
  ) t on true
  left join lateral (
    select status, metadata_hash, metadata_uri from datanet_update
    where chain_id = d.chain_id and datanet_id = d.datanet_id and pos > d.pos
    order by pos desc limit 1
  ) u on true
  where d.chain_id = chain and d.datanet_id = any(keys);
  insert into curator_state
  select distinct on (c.datanet_id, c.curator) c.chain_id, c.datanet_id, c.curator, c.pos, c.active, c.weight
  from curator_set c
  join datanet d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id
  where c.chain_id = chain and c.datanet_id = any(keys)
  order by c.datanet_id, c.curator, c.pos desc;
$$;

create function refresh_contribution(chain integer, keys numeric[]) returns void language sql as $$
  delete from contribution_state where chain_id = chain and contribution_id = any(keys);
  insert into contribution_state
  select c.chain_id, c.contribution_id, c.pos, c.item, c.datanet_id, c.contributor,
    case when s.pos > coalesce(f.pos, -1) then 3 else f.status end,
    f.pos, f.datanet_version, f.score_ppm, f.reason
  from contribution c
  left join lateral (
    select pos, status, datanet_version, score_ppm, reason from contribution_decision
    where chain_id = c.chain_id and contribution_id = c.contribution_id
    order by pos desc limit 1
  ) f on true
  left join lateral (
    select max(r.pos) as pos
    from dispute d
    join dispute_resolution r on r.chain_id = d.chain_id and r.dispute_id = d.dispute_id and r.upheld
    where d.chain_id = c.chain_id and d.contribution_id = c.contribution_id
  ) s on true
  where c.chain_id = chain and c.contribution_id = any(keys);
$$;

create function refresh_model(chain integer, keys numeric[]) returns void language sql as $$
  delete from model_datanet where chain_id = chain and model_id = any(keys);
  insert into model_datanet
  select m.chain_id, m.model_id, i.datanet_id, min(i.pos)
  from model m
  join training_run r on r.chain_id = m.chain_id and r.model_id = m.model_id
  join training_input i on i.chain_id = r.chain_id and i.pos = r.pos
  where m.chain_id = chain and m.model_id = any(keys)
  group by m.chain_id, m.model_id, i.datanet_id;
$$;

create function refresh_inference(chain integer, keys bytea[]) returns void language sql as $$
  delete from inference_state where chain_id = chain and inference_id = any(keys);
  delete from contribution_inference where chain_id = chain and inference_id = any(keys);
  delete from datanet_inference where chain_id = chain and inference_id = any(keys);
  delete from adapter_inference where chain_id = chain and inference_id = any(keys);
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
  insert into contribution_inference
  select e.chain_id, e.contribution_id, e.inference_id, min(e.pos)
  from inference_state s
  join influence e on e.chain_id = s.chain_id and e.inference_id = s.inference_id
    and e.pos > coalesce(s.revision_pos, -1) and e.weight_ppm > 0
  where s.chain_id = chain and s.inference_id = any(keys)
  group by e.chain_id, e.contribution_id, e.inference_id;
  insert into datanet_inference
  select e.chain_id, e.datanet_id, e.inference_id, min(e.pos)
  from inference_state s
  join influence e on e.chain_id = s.chain_id and e.inference_id = s.inference_id
    and e.pos > coalesce(s.revision_pos, -1) and e.weight_ppm > 0
  where s.chain_id = chain and s.inference_id = any(keys)
  group by e.chain_id, e.datanet_id, e.inference_id;
  insert into adapter_inference
  select a.chain_id, a.adapter_id, i.inference_id, min(a.item)
  from inference i
  join inference_adapter a on a.chain_id = i.chain_id and a.pos = i.pos
  where i.chain_id = chain and i.inference_id = any(keys)
  group by a.chain_id, a.adapter_id, i.inference_id;
$$;

create function refresh_reward(chain integer, keys bigint[]) returns void language sql as $$
  delete from reward_subject where chain_id = chain and pos = any(keys);
  insert into reward_subject
  select distinct r.chain_id, s.kind, s.subject_id, r.pos, r.pool_id, r.amount, r.fee_part, r.emission_part,
    r.grant_part, r.slash_part, r.unknown_part
  from reward r
  cross join lateral (
    select 2 as kind, datanet_id as subject_id from contribution
    where chain_id = r.chain_id and contribution_id = r.contribution_id and r.contribution_id <> 0
    union all
    select 4, model_id from inference
    where chain_id = r.chain_id and inference_id = r.ref and r.ref <> no_ref()
    union all
    select case kind when 0 then 2 else 4 end, subject_id from pool
    where chain_id = r.chain_id and pool_id = r.pool_id and kind in (0, 1)
  ) s
  where r.chain_id = chain and r.pos = any(keys);
$$;

-- ------------------------------------------------------------------ totals and counted pairs

create table datanet_count (
  chain_id integer not null,
  datanet_id numeric(78,0) not null,
  n bigint not null,
  contributions integer not null default 0,
  pending integer not null default 0,
  accepted integer not null default 0,
  rejected integer not null default 0,
  slashed integer not null default 0,
  contributors integer not null default 0,
  models integer not null default 0,
  inferences integer not null default 0,
  primary key (chain_id, datanet_id)
);
create table datanet_contributor (
  chain_id integer not null,
  datanet_id numeric(78,0) not null,
  contributor bytea not null,
  n bigint not null,
  primary key (chain_id, datanet_id, contributor)
);
create table contribution_count (
  chain_id integer not null,
  contribution_id numeric(78,0) not null,
  n bigint not null,
  influences integer not null,
  primary key (chain_id, contribution_id)
);
create table adapter_count (
  chain_id integer not null,
  adapter_id numeric(78,0) not null,
  n bigint not null,
  inferences integer not null,
  primary key (chain_id, adapter_id)
);
create table model_count (
  chain_id integer not null,
  model_id numeric(78,0) not null,
  n bigint not null,
  inferences integer not null default 0,
  users integer not null default 0,
  paid integer not null default 0,
  paid_attributed integer not null default 0,
  ratings integer not null default 0,
  rating_sum bigint not null default 0,
  primary key (chain_id, model_id)
);
create table model_user (
  chain_id integer not null,
  model_id numeric(78,0) not null,
  user_address bytea not null,
  n bigint not null,
  primary key (chain_id, model_id, user_address)
);
-- Fees less refunds, by token.
create table model_fee (
  chain_id integer not null,
  model_id numeric(78,0) not null,
  token bytea not null,
  n bigint not null,
  fees numeric not null,
  primary key (chain_id, model_id, token)
);
create table account_fee (
  address bytea not null,
  chain_id integer not null,
  token bytea not null,
  n bigint not null,
  fees numeric not null,
  primary key (address, chain_id, token)
);
create table account_count (
  address bytea not null,
  chain_id integer not null,
  n bigint not null,
  contributions integer not null default 0,
  accepted integer not null default 0,
  models integer not null default 0,
  inferences integer not null default 0,
  credits_purchased numeric not null default 0,
  credits_consumed numeric not null default 0,
  primary key (address, chain_id)
);
-- role: 0 OWNER, 1 CURATOR, 2 CONTRIBUTOR, 3 BUILDER, 4 USER, 6 STAKER, 7 VOTER, 8 BENEFICIARY
create table account_role (
  address bytea not null,
  chain_id integer not null,
  role smallint not null,
  n bigint not null,
  primary key (address, chain_id, role)
);
create index account_role_role on account_role (role, chain_id, address);
create table pool_total (
  chain_id integer not null,
  pool_id bytea not null,
  n bigint not null,
  fee numeric not null default 0,
  emission numeric not null default 0,
  "grant" numeric not null default 0,
  slash numeric not null default 0,
  unknown numeric not null default 0,
  accrued numeric not null default 0,
  claimed numeric not null default 0,
  reversed numeric not null default 0,
  primary key (chain_id, pool_id)
);
-- By pool, since a pool's token is known only once it is created.
create table account_pool (
  address bytea not null,
  chain_id integer not null,
  pool_id bytea not null,
  n bigint not null,
  accrued numeric not null default 0,
  claimed numeric not null default 0,
  reversed numeric not null default 0,
  primary key (address, chain_id, pool_id)
);
create table contribution_pool (
  chain_id integer not null,
  contribution_id numeric(78,0) not null,
  pool_id bytea not null,
  n bigint not null,
  accrued numeric not null,
  primary key (chain_id, contribution_id, pool_id)
);
-- Accrued rewards of a datanet (kind 2) or model (kind 4) by pool, and what backed them.
create table subject_pool (
  chain_id integer not null,
  kind smallint not null,
  subject_id numeric(78,0) not null,
  pool_id bytea not null,
  n bigint not null,
  accrued numeric not null,
  fee numeric not null,
  emission numeric not null,
  "grant" numeric not null,
  slash numeric not null,
  unknown numeric not null,
  primary key (chain_id, kind, subject_id, pool_id)
);

-- Keeps `target` as totals of the rows of `source` that fulfil `condition`: `keys` says which expression of a row gives
-- each key column, `sums` which aggregate each total column adds. One statement adds what comes and, with the other
-- sign, takes off what goes.
create function keep_total(name text, target text, source text, keys jsonb, sums jsonb, condition text default 'true')
returns void language plpgsql as $$
declare
  key_columns text := (select string_agg(quote_ident(k), ', ') from jsonb_each_text(keys) e(k, v));
  key_values text := (select string_agg(v, ', ') from jsonb_each_text(keys) e(k, v));
  key_matches text := (select string_agg(format('t.%I = m.%I', k, k), ' and ') from jsonb_each_text(keys) e(k, v));
  key_list text := (select string_agg(format('%s as %I', v, k), ', ') from jsonb_each_text(keys) e(k, v));
  sum_columns text := (select coalesce(string_agg(', ' || quote_ident(k), ''), '') from jsonb_each_text(sums) e(k, v));
  sum_values text := (select coalesce(string_agg(', sign * ' || v, ''), '') from jsonb_each_text(sums) e(k, v));
  sum_updates text := (
    select coalesce(string_agg(format(', %I = t.%I + excluded.%I', k, k, k), ''), '') from jsonb_each_text(sums) e(k, v)
  );
begin
  execute format($f$
    create function %1$I() returns trigger language plpgsql as $body$
    declare sign integer := case tg_op when 'INSERT' then 1 else -1 end;
    begin
      insert into %2$I as t (%3$s, n%4$s)
      select %5$s, sign * count(*)%6$s from moved where %7$s group by %5$s
      on conflict (%3$s) do update set n = t.n + excluded.n%8$s;
      if tg_op = 'DELETE' then
        delete from %2$I t using (select %9$s from moved where %7$s) m where %10$s and t.n = 0;
      end if;
      return null;
    end $body$ $f$,
    name, target, key_columns, sum_columns, key_values, sum_values, condition, sum_updates, key_list, key_matches);
  execute format('create trigger %I after insert on %I referencing new table as moved
    for each statement execute function %I()', name || '_added', source, name);
  execute format('create trigger %I after delete on %I referencing old table as moved
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

-- A reward as the filters of a subscription judge it: by what stood right after its event, not by what came later.
-- Ids are text, so that the row goes through JSON unharmed.
create view reward_judged as
select r.chain_id, r.pos, r.pool_id, r.beneficiary, r.ref, r.role, r.contribution_id::text as contribution_id,
  r.amount::text as amount, r.fee_part > 0 as fee, r.emission_part > 0 as emission, r.grant_part > 0 as "grant",
  r.slash_part > 0 as slash, r.unknown_part > 0 as unknown, p.token,
  array_remove(array[c.datanet_id, case when p.kind = 0 then p.subject_id end]::text[], null) as datanets,
  array_remove(array[i.model_id, case when p.kind = 1 then p.subject_id end]::text[], null) as models
from reward r
left join pool p on p.chain_id = r.chain_id and p.pool_id = r.pool_id and p.pos < r.pos
left join contribution c on c.chain_id = r.chain_id and c.contribution_id = r.contribution_id and r.contribution_id <> 0
  and c.pos < r.pos
left join inference i on i.chain_id = r.chain_id and i.inference_id = r.ref and r.ref <> no_ref() and i.pos < r.pos;
