-- What fees come to, per token, so that a chain's books and what stands behind a pool's declared fees are a look at a
-- row instead of at every inference.

-- Of the latest split; null without one.
alter table inference_state
  add column platform numeric(78,0),
  add column model numeric(78,0),
  add column stakers numeric(78,0),
  add column contributors numeric(78,0);

update inference_state s
set platform = f.platform, model = f.model, stakers = f.stakers, contributors = f.contributors
from fee_split f
where f.chain_id = s.chain_id and f.pos = s.split_pos;

-- Settled inferences of which something is left: the fee less refunds is not what the latest split gave out.
create index inference_state_odd on inference_state (chain_id, pos)
  where fee - refunded <> coalesce(platform + model + stakers + contributors, 0);

create table fee_total (
  chain_id integer not null,
  token bytea not null,
  n bigint not null,
  fees numeric not null,
  refunded numeric not null,
  splits bigint not null,
  platform numeric not null,
  model numeric not null,
  stakers numeric not null,
  contributors numeric not null,
  -- Inferences of which something is left.
  odd bigint not null,
  primary key (chain_id, token)
);

insert into fee_total (chain_id, token, n, fees, refunded, splits, platform, model, stakers, contributors, odd)
select chain_id, fee_token, count(*), sum(fee), sum(refunded), count(split_pos), coalesce(sum(platform), 0),
  coalesce(sum(model), 0), coalesce(sum(stakers), 0), coalesce(sum(contributors), 0),
  count(*) filter (where fee - refunded <> coalesce(platform + model + stakers + contributors, 0))
from inference_state
group by chain_id, fee_token;

select keep_total('fee_totals', 'fee_total', 'inference_state',
  '{"chain_id": "chain_id", "token": "fee_token"}',
  '{"fees": "sum(fee)", "refunded": "sum(refunded)", "splits": "count(split_pos)", "platform": "coalesce(sum(platform), 0)", "model": "coalesce(sum(model), 0)", "stakers": "coalesce(sum(stakers), 0)", "contributors": "coalesce(sum(contributors), 0)", "odd": "count(*) filter (where fee - refunded <> coalesce(platform + model + stakers + contributors, 0))"}');

-- As before, with the legs of the latest split.
create or replace function refresh_inference(chain integer, keys bytea[]) returns void language sql as $$
  with gone as (
    delete from inference_state where chain_id = chain and inference_id = any(keys)
    returning inference_id
  )
  delete from adapter_inference p using gone where p.chain_id = chain and p.inference_id = gone.inference_id;
  insert into inference_state (chain_id, inference_id, pos, model_id, user_address, fee_token, fee, refunded, split_pos,
    attribution_pos, revision_pos, revisions, leaves, weight_sum, contribution_ids, datanet_ids, platform, model,
    stakers, contributors)
  select i.chain_id, i.inference_id, i.pos, i.model_id, i.user_address, i.fee_token, i.fee, r.refunded, s.pos, a.pos,
    v.pos, v.n, e.n, e.weight, e.contribution_ids, e.datanet_ids, s.platform, s.model, s.stakers, s.contributors
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
