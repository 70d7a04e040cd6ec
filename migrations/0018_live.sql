-- What subscriptions judge. Each function gives the changes of one kind that the events of a stretch of positions made:
-- at which event, which of several things that it changed (item, in order; -1: it can change only one), and what stood
-- right before and right after it, so that every replay judges alike, whatever came later. Ids are text and bytes are
-- "\x…", so that a row goes through JSON unharmed.

create function reward_items(chain integer, from_pos bigint, below_pos bigint)
returns table (pos bigint, item integer, judged jsonb) language sql stable as $$
  select r.pos, -1, jsonb_build_object(
    'pool_id', r.pool_id, 'beneficiary', r.beneficiary, 'ref', r.ref, 'role', r.role,
    'contribution_id', r.contribution_id::text, 'amount', r.amount::text, 'fee', r.fee_part > 0,
    'emission', r.emission_part > 0, 'grant', r.grant_part > 0, 'slash', r.slash_part > 0,
    'unknown', r.unknown_part > 0, 'token', p.token,
    'datanets', array_remove(array[c.datanet_id, case when p.kind = 0 then p.subject_id end]::text[], null),
    'models', array_remove(array[i.model_id, case when p.kind = 1 then p.subject_id end]::text[], null))
  from reward r
  left join pool p on p.chain_id = r.chain_id and p.pool_id = r.pool_id and p.pos < r.pos
  left join contribution c on c.chain_id = r.chain_id and c.contribution_id = r.contribution_id
    and r.contribution_id <> 0 and c.pos < r.pos
  left join inference i on i.chain_id = r.chain_id and i.inference_id = r.ref and r.ref <> no_ref() and i.pos < r.pos
  where r.chain_id = chain and r.pos >= from_pos and r.pos < below_pos
$$;

create function claim_items(chain integer, from_pos bigint, below_pos bigint)
returns table (pos bigint, item integer, judged jsonb) language sql stable as $$
  select c.pos, -1, jsonb_build_object('pool_id', c.pool_id, 'beneficiary', c.beneficiary)
  from claim c
  where c.chain_id = chain and c.pos >= from_pos and c.pos < below_pos
$$;

create function reversal_items(chain integer, from_pos bigint, below_pos bigint)
returns table (pos bigint, item integer, judged jsonb) language sql stable as $$
  select v.pos, -1, jsonb_build_object('pool_id', v.pool_id, 'beneficiary', v.beneficiary, 'ref', v.ref)
  from reversal v
  where v.chain_id = chain and v.pos >= from_pos and v.pos < below_pos
$$;

-- As contribution_state says it of all facts, of those before a position alone; null: pending.
create function contribution_status_before(chain integer, contribution numeric, below_pos bigint) returns smallint
language sql stable as $$
  select case when s.pos > coalesce(f.pos, -1) then 3::smallint else f.status end
  from (select 1) one
  left join lateral (
    select d.pos, d.status from contribution_decision d
    where d.chain_id = chain and d.contribution_id = contribution and d.pos < below_pos
    order by d.pos desc limit 1
  ) f on true
  left join lateral (
    select max(r.pos) as pos
    from dispute d
    join dispute_resolution r on r.chain_id = d.chain_id and r.dispute_id = d.dispute_id and r.upheld
      and r.pos < below_pos
    where d.chain_id = chain and d.contribution_id = contribution and d.pos < below_pos
  ) s on true
$$;

create function contribution_items(chain integer, from_pos bigint, below_pos bigint)
returns table (pos bigint, item integer, judged jsonb) language sql stable as $$
  select t.pos, t.item, jsonb_build_object(
    'id', c.contribution_id::text, 'datanet_id', c.datanet_id::text, 'contributor', c.contributor,
    'content_hash', c.content_hash, 'block', block_of(c.pos), 'time', b.timestamp,
    'statuses', case when t.decides
      then jsonb_build_array(contribution_status_before(chain, c.contribution_id, t.pos),
        contribution_status_before(chain, c.contribution_id, t.pos + 1))
      else jsonb_build_array(contribution_status_before(chain, c.contribution_id, t.pos + 1)) end)
  from (
    -- Those of a batch have no size.
    select x.pos, case when x.size_bytes is null then x.item else -1 end as item, x.contribution_id, false as decides
    from contribution x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    select x.pos, -1, x.contribution_id, false
    from contribution_score x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    select x.pos, -1, x.contribution_id, false
    from contribution_link x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    select x.pos, -1, x.contribution_id, true
    from contribution_decision x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    -- An upheld resolution may have come before its dispute.
    select x.pos, -1, x.contribution_id, true
    from dispute x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    select x.pos, -1, d.contribution_id, true
    from dispute_resolution x
    join dispute d on d.chain_id = x.chain_id and d.dispute_id = x.dispute_id and d.pos < x.pos
    where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
  ) t
  join contribution c on c.chain_id = chain and c.contribution_id = t.contribution_id and c.pos <= t.pos
  join block b on b.chain_id = chain and b.number = block_of(c.pos)
$$;

create function inference_items(chain integer, from_pos bigint, below_pos bigint)
returns table (pos bigint, item integer, judged jsonb) language sql stable as $$
  select t.pos, -1, jsonb_build_object(
    'id', i.inference_id, 'model_id', i.model_id::text, 'user', i.user_address, 'block', block_of(i.pos),
    'time', b.timestamp,
    'attributed', (
      select case when t.attributes then jsonb_build_array(count(*) > 0, true) else jsonb_build_array(count(*) > 0) end
      from (
        select from attribution a
        where a.chain_id = chain and a.inference_id = i.inference_id and a.pos < t.pos
        limit 1
      ) a
    ))
  from (
    select x.pos, x.inference_id, false as attributes
    from inference x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    select x.pos, x.inference_id, false
    from fee_split x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    select x.pos, x.inference_id, false
    from refund x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    select x.pos, x.inference_id, true
    from attribution x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    select x.pos, x.inference_id, false
    from attribution_revision x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
    union all
    select x.pos, x.inference_id, false
    from feedback x where x.chain_id = chain and x.pos >= from_pos and x.pos < below_pos
  ) t
  join inference i on i.chain_id = chain and i.inference_id = t.inference_id and i.pos <= t.pos
  join block b on b.chain_id = chain and b.number = block_of(i.pos)
$$;

-- Edges of settled inferences: recorded, superseded by a revision, or (hostile, but ordinary) there before the settlement.
create function influence_items(chain integer, from_pos bigint, below_pos bigint)
returns table (pos bigint, item integer, judged jsonb) language sql stable as $$
  select t.pos, t.item, jsonb_build_object(
    'pos', e.pos::text, 'inference_id', e.inference_id, 'model_id', t.model_id::text, 'datanet_id', e.datanet_id::text,
    'contribution_id', e.contribution_id::text, 'contributor', e.contributor, 'current', t.current)
  from (
    select e.pos, -1 as item, e.pos as edge_pos, i.model_id, true as current
    from influence e
    join inference i on i.chain_id = e.chain_id and i.inference_id = e.inference_id and i.pos < e.pos
    where e.chain_id = chain and e.pos >= from_pos and e.pos < below_pos and e.weight_ppm > 0
    union all
    select r.pos, (row_number() over (partition by r.pos order by e.pos))::integer - 1, e.pos, i.model_id, false
    from attribution_revision r
    join inference i on i.chain_id = r.chain_id and i.inference_id = r.inference_id and i.pos < r.pos
    join influence e on e.chain_id = r.chain_id and e.inference_id = r.inference_id and e.weight_ppm > 0
      and e.pos < r.pos and e.pos > coalesce((
        select max(p.pos) from attribution_revision p
        where p.chain_id = r.chain_id and p.inference_id = r.inference_id and p.pos < r.pos
      ), -1)
    where r.chain_id = chain and r.pos >= from_pos and r.pos < below_pos
    union all
    select i.pos, (row_number() over (partition by i.pos order by e.pos))::integer - 1, e.pos, i.model_id, true
    from inference i
    join influence e on e.chain_id = i.chain_id and e.inference_id = i.inference_id and e.weight_ppm > 0
      and e.pos < i.pos and e.pos > coalesce((
        select max(p.pos) from attribution_revision p
        where p.chain_id = i.chain_id and p.inference_id = i.inference_id and p.pos < i.pos
      ), -1)
    where i.chain_id = chain and i.pos >= from_pos and i.pos < below_pos
  ) t
  join influence e on e.chain_id = chain and e.pos = t.edge_pos
$$;

-- All kinds (api/live/kinds.ts), for what a rewind keeps.
create function live_items(chain integer, from_pos bigint, below_pos bigint)
returns table (kind smallint, pos bigint, item integer, judged jsonb) language sql stable as $$
  select 2::smallint, x.* from reward_items(chain, from_pos, below_pos) x
  union all select 3::smallint, x.* from claim_items(chain, from_pos, below_pos) x
  union all select 4::smallint, x.* from reversal_items(chain, from_pos, below_pos) x
  union all select 5::smallint, x.* from contribution_items(chain, from_pos, below_pos) x
  union all select 6::smallint, x.* from inference_items(chain, from_pos, below_pos) x
  union all select 7::smallint, x.* from influence_items(chain, from_pos, below_pos) x
$$;

-- What those functions said of a block right before a reorg removed it, as long as the log of changes speaks of it.
create table retracted_item (
  chain_id integer not null,
  block_hash bytea not null,
  kind smallint not null,
  pos bigint not null,
  item integer not null,
  judged jsonb not null,
  primary key (chain_id, block_hash, kind, pos, item)
);
insert into retracted_item (chain_id, block_hash, kind, pos, item, judged)
select chain_id, block_hash, 2, pos, -1, judged - 'chain_id' - 'pos' from retracted_reward;

drop table retracted_reward;
drop view reward_judged;
