-- The schema `past`: every table that answers are read from, by the same name and with the same columns, as a view of
-- what it held when one chain was indexed up to a block. A query that runs with `search_path = past, public`,
-- flywheel.past_chain and flywheel.past_end (the first position after that block) answers as of it, unchanged.
--
-- Facts are never updated, so theirs are those before that position. What is derived goes back from what is kept today
-- wherever that touches little: a total loses the facts that came later, a state is worked out anew where a later fact
-- touched it. So a block near the head, at which somebody pages through a list, costs next to nothing more than the head.
-- Each view is driven by one table of keys, with the rest in lateral subqueries: a look-up by key reaches the indexes.
--
-- A function, because a re-index exchanges the tables (indexer/switchOver.ts), and makes the views anew. A migration that
-- changes tables begins with `drop schema past cascade` and ends as this one does. What the views read is the reader's
-- own right to read.
create function make_past() returns void language plpgsql as $make$
declare
  facts text[] := array['event', 'account', 'datanet', 'datanet_transfer', 'datanet_update',
    'curator_set', 'datanet_version', 'contribution', 'contribution_score', 'contribution_decision',
    'contribution_link', 'dispute', 'dispute_resolution', 'model', 'training_run', 'training_input', 'model_version',
    'adapter', 'price', 'feedback', 'inference', 'inference_adapter', 'fee_split', 'refund', 'fee_params', 'credit',
    'attribution', 'attribution_revision', 'influence', 'pool', 'pool_funding', 'reward', 'claim', 'reversal',
    'bond_change', 'slash', 'reputation_change', 'participation'];
  fact text;
  made text;
begin
  drop schema if exists past cascade;
  create schema past;
  create function past.of_chain() returns integer language sql stable parallel safe
    as 'select current_setting(''flywheel.past_chain'')::integer';
  create function past.ending() returns bigint language sql stable parallel safe
    as 'select current_setting(''flywheel.past_end'')::bigint';

  foreach fact in array facts loop
    if to_regclass('public.' || fact) is not null then
      execute format('create view past.%1$I as select * from public.%1$I
        where chain_id = past.of_chain() and pos < past.ending()', fact);
    end if;
  end loop;
  -- The row that holds the end ends there. It keeps its pos, by which rows are found and in order.
  create view past.posting as
  select chain_id, pos, subject,
    case when pos < past.ending() then positions
      else array(select p from unnest(positions) p where p < past.ending()) end as positions
  from public.posting
  where chain_id = past.of_chain() and positions[1] < past.ending();
  create view past.block as
  select * from public.block where chain_id = past.of_chain() and number < public.block_of(past.ending());

  -- ---------------------------------------------------------------- states

  create view past.datanet_state as
  select d.chain_id, d.datanet_id, d.pos, coalesce(t.owner, d.owner) as owner, d.data_type,
    coalesce(u.status, 0::smallint) as status, coalesce(u.metadata_hash, d.metadata_hash) as metadata_hash,
    coalesce(u.metadata_uri, d.metadata_uri) as metadata_uri
  from past.datanet d
  left join lateral (
    select x.owner from past.datanet_transfer x
    where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id and x.pos > d.pos
    order by x.pos desc limit 1
  ) t on true
  left join lateral (
    select x.status, x.metadata_hash, x.metadata_uri from past.datanet_update x
    where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id and x.pos > d.pos
    order by x.pos desc limit 1
  ) u on true;

  create view past.curator_state as
  select c.chain_id, c.datanet_id, c.curator, c.pos, c.active, c.weight
  from past.curator_set c
  join past.datanet d on d.chain_id = c.chain_id and d.datanet_id = c.datanet_id
  where not exists (
    select from past.curator_set x
    where x.chain_id = c.chain_id and x.datanet_id = c.datanet_id and x.curator = c.curator and x.pos > c.pos
  );

  -- Today's state holds but where a decision came later, or where it is slashed, perhaps by a later dispute.
  create view past.contribution_state as
  select s.chain_id, s.contribution_id, s.pos, s.item, s.datanet_id, s.contributor,
    case when m.moved then case when u.pos > coalesce(f.pos, -1) then 3::smallint else f.status end else s.status end
      as status,
    case when m.moved then f.pos else s.finalized_pos end as finalized_pos,
    case when m.moved then f.datanet_version else s.datanet_version end as datanet_version,
    case when m.moved then f.score_ppm else s.score_ppm end as score_ppm,
    case when m.moved then f.reason else s.reason end as reason
  from public.contribution_state s
  cross join lateral (
    select coalesce(s.finalized_pos >= past.ending(), false) or coalesce(s.status = 3, false) as moved
  ) m
  left join lateral (
    select x.pos, x.status, x.datanet_version, x.score_ppm, x.reason from past.contribution_decision x
    where m.moved and x.chain_id = s.chain_id and x.contribution_id = s.contribution_id
    order by x.pos desc limit 1
  ) f on true
  left join lateral (
    select max(r.pos) as pos
    from past.dispute d
    join past.dispute_resolution r on r.chain_id = d.chain_id and r.dispute_id = d.dispute_id and r.upheld
    where m.moved and d.chain_id = s.chain_id and d.contribution_id = s.contribution_id
  ) u on true
  where s.chain_id = past.of_chain() and s.pos < past.ending();

  create view past.inference_state as
  select s.chain_id, s.inference_id, s.pos, s.model_id, s.user_address, s.fee_token, s.fee,
    s.refunded - coalesce(r.amount, 0) as refunded,
    case when s.split_pos < past.ending() then s.split_pos else f.pos end as split_pos,
    case when s.attribution_pos < past.ending() then s.attribution_pos else a.pos end as attribution_pos,
    case when s.revision_pos < past.ending() then s.revision_pos else v.pos end as revision_pos,
    case when s.revision_pos < past.ending() then s.revisions else coalesce(v.n, 0) end as revisions,
    case when m.moved then e.n else s.leaves end as leaves,
    case when m.moved then e.weight else s.weight_sum end as weight_sum,
    case when m.moved then e.contribution_ids else s.contribution_ids end as contribution_ids,
    case when m.moved then e.datanet_ids else s.datanet_ids end as datanet_ids,
    case when s.split_pos < past.ending() then s.platform else f.platform end as platform,
    case when s.split_pos < past.ending() then s.model else f.model end as model,
    case when s.split_pos < past.ending() then s.stakers else f.stakers end as stakers,
    case when s.split_pos < past.ending() then s.contributors else f.contributors end as contributors
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
      coalesce(array_agg(distinct x.contribution_id) filter (where x.weight_ppm > 0), '{}') as contribution_ids,
      coalesce(array_agg(distinct x.datanet_id) filter (where x.weight_ppm > 0), '{}') as datanet_ids
    from past.influence x
    where m.moved and x.chain_id = s.chain_id and x.inference_id = s.inference_id
      and x.pos > coalesce(case when s.revision_pos < past.ending() then s.revision_pos else v.pos end, -1)
  ) e on true
  where s.chain_id = past.of_chain() and s.pos < past.ending();

  -- Influences that no revision has superseded, with a weight above zero, of settled inferences: no table, but what the
  -- pairs and their counts are made of.
  create view past.current_influence as
  select e.*
  from past.influence e
  join past.inference i on i.chain_id = e.chain_id and i.inference_id = e.inference_id
  where e.weight_ppm > 0 and not exists (
    select from past.attribution_revision v
    where v.chain_id = e.chain_id and v.inference_id = e.inference_id and v.pos > e.pos
  );

  create view past.adapter_inference as
  select a.*
  from public.adapter_inference a
  join past.inference i on i.chain_id = a.chain_id and i.inference_id = a.inference_id;

  create view past.model_datanet as
  select d.*
  from public.model_datanet d
  join past.model m on m.chain_id = d.chain_id and m.model_id = d.model_id
  where d.pos < past.ending();

  -- A reward is of what its contribution, inference or pool was once that is created.
  create view past.reward_subject as
  select s.*
  from public.reward_subject s
  join public.reward r on r.chain_id = s.chain_id and r.pos = s.pos
  where s.chain_id = past.of_chain() and s.pos < past.ending() and (
    exists (
      select from past.pool l
      where l.chain_id = r.chain_id and l.pool_id = r.pool_id and l.subject_id = s.subject_id
        and l.kind = case s.kind when 2 then 0 when 4 then 1 end
    ) or s.kind = 2 and exists (
      select from past.contribution c
      where c.chain_id = r.chain_id and c.contribution_id = r.contribution_id and r.contribution_id <> 0
        and c.datanet_id = s.subject_id
    ) or s.kind = 4 and exists (
      select from past.inference i
      where i.chain_id = r.chain_id and i.inference_id = r.ref and r.ref <> public.no_ref() and i.model_id = s.subject_id
    )
  );

  -- ---------------------------------------------------------------- totals and counted pairs
  -- n is what holds a row up; of rows that answers are made of, those that nothing holds up yet are left out.

  create view past.datanet_contributor as
  select t.chain_id, t.datanet_id, t.contributor, t.n - l.n as n
  from public.datanet_contributor t
  cross join lateral (
    select count(*) as n from public.contribution x
    where x.chain_id = t.chain_id and x.contributor = t.contributor and x.datanet_id = t.datanet_id
      and x.pos >= past.ending()
  ) l
  where t.chain_id = past.of_chain() and t.n > l.n;

  create view past.datanet_count as
  select d.chain_id, d.datanet_id,
    c.contributions + u.contributors + m.models + i.inferences as n,
    c.contributions, s.pending, s.accepted, s.rejected, s.slashed, u.contributors, m.models, i.inferences
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
    select count(*)::integer as models from past.model_datanet x
    where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id
  ) m on true
  left join lateral (
    select count(distinct x.inference_id)::integer as inferences from past.current_influence x
    where x.chain_id = d.chain_id and x.datanet_id = d.datanet_id
  ) i on true;

  create view past.contribution_count as
  select c.chain_id, c.contribution_id, i.influences::bigint as n, i.influences
  from past.contribution c
  left join lateral (
    select count(distinct x.inference_id)::integer as influences from past.current_influence x
    where x.chain_id = c.chain_id and x.contribution_id = c.contribution_id
  ) i on true;

  create view past.adapter_count as
  select t.chain_id, t.adapter_id, t.n - l.n as n, t.inferences - l.n::integer as inferences
  from public.adapter_count t
  cross join lateral (
    select count(distinct x.pos) as n
    from public.inference_adapter x
    join public.inference i on i.chain_id = x.chain_id and i.pos = x.pos
    where x.chain_id = t.chain_id and x.adapter_id = t.adapter_id and x.pos >= past.ending()
  ) l
  where t.chain_id = past.of_chain();

  create view past.model_user as
  select t.chain_id, t.model_id, t.user_address, t.n - l.n as n
  from public.model_user t
  cross join lateral (
    select count(*) as n from public.inference x
    where x.chain_id = t.chain_id and x.user_address = t.user_address and x.model_id = t.model_id
      and x.pos >= past.ending()
  ) l
  where t.chain_id = past.of_chain() and t.n > l.n;

  create view past.model_count as
  select t.chain_id, t.model_id, t.inferences - l.n + u.users + t.ratings - coalesce(f.ratings, 0) as n,
    t.inferences - l.n as inferences, u.users, t.paid - l.paid as paid, a.paid_attributed,
    t.ratings - coalesce(f.ratings, 0) as ratings, t.rating_sum - coalesce(f.rating_sum, 0) as rating_sum
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
  -- No index leads from a model to its ratings, so once for all models.
  left join (
    select x.model_id, count(*)::integer as ratings, sum(x.rating) as rating_sum from public.feedback x
    where x.chain_id = past.of_chain() and x.pos >= past.ending()
    group by x.model_id
  ) f on f.model_id = t.model_id
  where t.chain_id = past.of_chain();

  -- Refunds that came later, of inferences settled before. By themselves, once for all keys: they are few.
  create view past.late_refund as
  select i.chain_id, i.model_id, i.user_address, i.fee_token, x.amount
  from public.refund x
  join past.inference i on i.chain_id = x.chain_id and i.inference_id = x.inference_id
  where x.chain_id = past.of_chain() and x.pos >= past.ending();

  create view past.model_fee as
  select t.chain_id, t.model_id, t.token, t.n - l.n as n, t.fees - l.fees + coalesce(r.amount, 0) as fees
  from public.model_fee t
  cross join lateral (
    select count(*) as n, coalesce(sum(x.fee - s.refunded), 0) as fees
    from public.inference x
    join public.inference_state s on s.chain_id = x.chain_id and s.inference_id = x.inference_id
    where x.chain_id = t.chain_id and x.model_id = t.model_id and x.fee_token = t.token and x.pos >= past.ending()
  ) l
  left join (
    select model_id, fee_token, sum(amount) as amount from past.late_refund group by model_id, fee_token
  ) r on r.model_id = t.model_id and r.fee_token = t.token
  where t.chain_id = past.of_chain() and t.n > l.n;

  -- Sums over inferences of which anything came later leave, and come back as those of then.
  create view past.later_settlement as
  select inference_id from public.inference where chain_id = past.of_chain() and pos >= past.ending()
  union
  select inference_id from public.refund where chain_id = past.of_chain() and pos >= past.ending()
  union
  select inference_id from public.fee_split where chain_id = past.of_chain() and pos >= past.ending();

  create view past.fee_total as
  select t.chain_id, t.token, t.n - coalesce(l.n, 0) + coalesce(e.n, 0) as n,
    t.fees - coalesce(l.fees, 0) + coalesce(e.fees, 0) as fees,
    t.refunded - coalesce(l.refunded, 0) + coalesce(e.refunded, 0) as refunded,
    t.splits - coalesce(l.splits, 0) + coalesce(e.splits, 0) as splits,
    t.platform - coalesce(l.platform, 0) + coalesce(e.platform, 0) as platform,
    t.model - coalesce(l.model, 0) + coalesce(e.model, 0) as model,
    t.stakers - coalesce(l.stakers, 0) + coalesce(e.stakers, 0) as stakers,
    t.contributors - coalesce(l.contributors, 0) + coalesce(e.contributors, 0) as contributors,
    t.odd - coalesce(l.odd, 0) + coalesce(e.odd, 0) as odd
  from public.fee_total t
  left join (
    select s.fee_token, count(*) as n, sum(s.fee) as fees, sum(s.refunded) as refunded, count(s.split_pos) as splits,
      coalesce(sum(s.platform), 0) as platform, coalesce(sum(s.model), 0) as model,
      coalesce(sum(s.stakers), 0) as stakers, coalesce(sum(s.contributors), 0) as contributors,
      count(*) filter (
        where s.fee - s.refunded <> coalesce(s.platform + s.model + s.stakers + s.contributors, 0)
      ) as odd
    from public.inference_state s
    where s.chain_id = past.of_chain() and s.inference_id in (select inference_id from past.later_settlement)
    group by s.fee_token
  ) l on l.fee_token = t.token
  left join (
    select s.fee_token, count(*) as n, sum(s.fee) as fees, sum(s.refunded) as refunded, count(s.split_pos) as splits,
      coalesce(sum(s.platform), 0) as platform, coalesce(sum(s.model), 0) as model,
      coalesce(sum(s.stakers), 0) as stakers, coalesce(sum(s.contributors), 0) as contributors,
      count(*) filter (
        where s.fee - s.refunded <> coalesce(s.platform + s.model + s.stakers + s.contributors, 0)
      ) as odd
    from past.inference_state s
    where s.inference_id in (select inference_id from past.later_settlement)
    group by s.fee_token
  ) e on e.fee_token = t.token
  where t.chain_id = past.of_chain() and t.n - coalesce(l.n, 0) + coalesce(e.n, 0) > 0;

  create view past.account_fee as
  select t.address, t.chain_id, t.token, t.n - l.n as n, t.fees - l.fees + coalesce(r.amount, 0) as fees
  from public.account_fee t
  cross join lateral (
    select count(*) as n, coalesce(sum(x.fee - s.refunded), 0) as fees
    from public.inference x
    join public.inference_state s on s.chain_id = x.chain_id and s.inference_id = x.inference_id
    where x.chain_id = t.chain_id and x.user_address = t.address and x.fee_token = t.token and x.pos >= past.ending()
  ) l
  left join (
    select user_address, fee_token, sum(amount) as amount from past.late_refund group by user_address, fee_token
  ) r on r.user_address = t.address and r.fee_token = t.token
  where t.chain_id = past.of_chain() and t.n > l.n;

  create view past.account_count as
  select t.address, t.chain_id, t.n - c.n - m.n - i.n - k.n as n, t.contributions - c.n::integer as contributions,
    a.accepted, t.models - m.n::integer as models, t.inferences - i.n::integer as inferences,
    t.credits_purchased - k.purchased as credits_purchased, t.credits_consumed - k.consumed as credits_consumed
  from public.account_count t
  left join lateral (
    select count(*) as n from public.contribution x
    where x.contributor = t.address and x.chain_id = t.chain_id and x.pos >= past.ending()
  ) c on true
  left join lateral (
    select count(*)::integer as accepted
    from past.contribution x
    join past.contribution_state s on s.chain_id = x.chain_id and s.contribution_id = x.contribution_id
    where x.contributor = t.address and x.chain_id = t.chain_id and s.status = 1
  ) a on true
  left join lateral (
    select count(*) as n from public.model x
    where x.builder = t.address and x.chain_id = t.chain_id and x.pos >= past.ending()
  ) m on true
  left join lateral (
    select count(*) as n from public.inference x
    where x.user_address = t.address and x.chain_id = t.chain_id and x.pos >= past.ending()
  ) i on true
  left join lateral (
    select count(*) as n, coalesce(sum(x.purchased), 0) as purchased, coalesce(sum(x.consumed), 0) as consumed
    from public.credit x
    where x.account = t.address and x.chain_id = t.chain_id and x.pos >= past.ending()
  ) k on true
  where t.chain_id = past.of_chain();

  -- Every address that can have a role: accounts and the zero address. By itself, as a union of plain tables: an address
  -- that is looked up reaches the index.
  create view past.role_holder as
  select address, chain_id from public.account
  union all
  select decode(repeat('00', 20), 'hex'), chain_id from public.chain;

  -- Owners and curators come and go, and are counted once for all addresses; what the other roles rest on only comes.
  create view past.account_role as
  select a.address, a.chain_id, r.role, r.n
  from past.role_holder a
  left join (select owner, count(*) as n from past.datanet_state group by owner) o on o.owner = a.address
  left join (select curator, count(*) as n from past.curator_state where active group by curator) c
    on c.curator = a.address
  left join (
    select x.builder, count(*) as n from public.adapter x
    where x.chain_id = past.of_chain() and x.pos >= past.ending()
    group by x.builder
  ) late_adapter on late_adapter.builder = a.address
  cross join lateral (
    select 0::smallint as role, o.n
    union all
    select 1::smallint, c.n
    union all
    select t.role, t.n - (
      select count(*) from public.contribution x
      where x.contributor = t.address and x.chain_id = t.chain_id and x.pos >= past.ending()
    )
    from public.account_role t where t.address = a.address and t.chain_id = a.chain_id and t.role = 2
    union all
    select t.role, t.n - coalesce(late_adapter.n, 0) - (
      select count(*) from public.model x
      where x.builder = t.address and x.chain_id = t.chain_id and x.pos >= past.ending()
    )
    from public.account_role t where t.address = a.address and t.chain_id = a.chain_id and t.role = 3
    union all
    select t.role, t.n - (
      select count(*) from public.inference x
      where x.user_address = t.address and x.chain_id = t.chain_id and x.pos >= past.ending()
    )
    from public.account_role t where t.address = a.address and t.chain_id = a.chain_id and t.role = 4
    union all
    select t.role, t.n - coalesce((
      select p.n
      from (
        select x.account, x.role, count(*) as n from public.participation x
        where x.chain_id = past.of_chain() and x.pos >= past.ending()
        group by x.account, x.role
      ) p
      where p.account = t.address and p.role = t.role
    ), 0)
    from public.account_role t where t.address = a.address and t.chain_id = a.chain_id and t.role in (6, 7)
    union all
    select t.role, t.n - (
      select count(*) from public.reward x
      where x.beneficiary = t.address and x.chain_id = t.chain_id and x.pos >= past.ending()
    )
    from public.account_role t where t.address = a.address and t.chain_id = a.chain_id and t.role = 8
  ) r
  where a.chain_id = past.of_chain() and r.n > 0;

  create view past.pool_total as
  select t.chain_id, t.pool_id, t.n - f.n - r.n - c.n - v.n as n,
    t.fee - f.fee as fee, t.emission - f.emission as emission, t."grant" - f."grant" as "grant",
    t.slash - f.slash as slash, t.unknown - f.unknown as unknown,
    t.accrued - r.amount as accrued, t.claimed - c.amount as claimed, t.reversed - v.amount as reversed,
    t.own - r.own as own
  from public.pool_total t
  left join lateral (
    select count(*) as n, coalesce(sum(x.amount) filter (where x.source = 0), 0) as fee,
      coalesce(sum(x.amount) filter (where x.source = 1), 0) as emission,
      coalesce(sum(x.amount) filter (where x.source = 2), 0) as "grant",
      coalesce(sum(x.amount) filter (where x.source = 3), 0) as slash,
      coalesce(sum(x.amount) filter (where x.source not in (0, 1, 2, 3)), 0) as unknown
    from public.pool_funding x
    where x.chain_id = t.chain_id and x.pool_id = t.pool_id and x.pos >= past.ending()
  ) f on true
  left join lateral (
    select count(*) as n, coalesce(sum(x.amount), 0) as amount,
      count(*) filter (where x.ref = public.no_ref() and x.contribution_id = 0) as own
    from public.reward x
    where x.chain_id = t.chain_id and x.pool_id = t.pool_id and x.pos >= past.ending()
  ) r on true
  left join lateral (
    select count(*) as n, coalesce(sum(x.amount), 0) as amount from public.claim x
    where x.chain_id = t.chain_id and x.pool_id = t.pool_id and x.pos >= past.ending()
  ) c on true
  left join lateral (
    select count(*) as n, coalesce(sum(x.amount), 0) as amount from public.reversal x
    where x.chain_id = t.chain_id and x.pool_id = t.pool_id and x.pos >= past.ending()
  ) v on true
  where t.chain_id = past.of_chain();

  create view past.account_pool as
  select t.address, t.chain_id, t.pool_id, t.n - r.n - c.n - v.n as n,
    t.accrued - r.amount as accrued, t.claimed - c.amount as claimed, t.reversed - v.amount as reversed
  from public.account_pool t
  cross join lateral (
    select count(*) as n, coalesce(sum(x.amount), 0) as amount from public.reward x
    where x.beneficiary = t.address and x.chain_id = t.chain_id and x.pool_id = t.pool_id and x.pos >= past.ending()
  ) r
  cross join lateral (
    select count(*) as n, coalesce(sum(x.amount), 0) as amount from public.claim x
    where x.beneficiary = t.address and x.chain_id = t.chain_id and x.pool_id = t.pool_id and x.pos >= past.ending()
  ) c
  cross join lateral (
    select count(*) as n, coalesce(sum(x.amount), 0) as amount from public.reversal x
    where x.beneficiary = t.address and x.chain_id = t.chain_id and x.pool_id = t.pool_id and x.pos >= past.ending()
  ) v
  where t.chain_id = past.of_chain() and t.n > r.n + c.n + v.n;

  create view past.contribution_pool as
  select t.chain_id, t.contribution_id, t.pool_id, t.n - r.n as n, t.accrued - r.amount as accrued,
    t.own - r.own as own
  from public.contribution_pool t
  cross join lateral (
    select count(*) as n, coalesce(sum(x.amount), 0) as amount,
      count(*) filter (where x.ref = public.no_ref()) as own
    from public.reward x
    where x.chain_id = t.chain_id and x.contribution_id = t.contribution_id and x.pool_id = t.pool_id
      and x.pos >= past.ending()
  ) r
  where t.chain_id = past.of_chain() and t.n > r.n;

  -- Later rewards, and earlier ones of what was created later.
  create view past.subject_pool as
  select t.chain_id, t.kind, t.subject_id, t.pool_id, t.n - l.n as n, t.accrued - l.accrued as accrued,
    t.fee - l.fee as fee, t.emission - l.emission as emission, t."grant" - l."grant" as "grant",
    t.slash - l.slash as slash, t.unknown - l.unknown as unknown
  from public.subject_pool t
  cross join lateral (
    select count(*) as n, coalesce(sum(x.amount), 0) as accrued, coalesce(sum(x.fee_part), 0) as fee,
      coalesce(sum(x.emission_part), 0) as emission, coalesce(sum(x.grant_part), 0) as "grant",
      coalesce(sum(x.slash_part), 0) as slash, coalesce(sum(x.unknown_part), 0) as unknown
    from (
      select y.*
      from public.reward_subject y
      where y.chain_id = t.chain_id and y.kind = t.kind and y.subject_id = t.subject_id and y.pool_id = t.pool_id
        and y.pos >= past.ending()
      union all
      select y.*
      from (
        select r.pos
        from public.contribution c
        join public.reward r on r.chain_id = c.chain_id and r.contribution_id = c.contribution_id
          and r.contribution_id <> 0
        where t.kind = 2 and c.chain_id = t.chain_id and c.datanet_id = t.subject_id and c.pos >= past.ending()
          and r.pos < past.ending()
        union
        select r.pos
        from public.inference i
        join public.reward r on r.chain_id = i.chain_id and r.ref = i.inference_id and r.ref <> public.no_ref()
        where t.kind = 4 and i.chain_id = t.chain_id and i.model_id = t.subject_id and i.pos >= past.ending()
          and r.pos < past.ending()
        union
        select r.pos
        from public.pool l
        join public.reward r on r.chain_id = l.chain_id and r.pool_id = l.pool_id
        where l.chain_id = t.chain_id and l.kind = case t.kind when 2 then 0 when 4 then 1 end
          and l.subject_id = t.subject_id and l.pos >= past.ending() and r.pos < past.ending()
      ) early
      join public.reward_subject y on y.chain_id = t.chain_id and y.pos = early.pos and y.kind = t.kind
        and y.subject_id = t.subject_id and y.pool_id = t.pool_id
      where not exists (
        select from past.reward_subject z
        where z.chain_id = y.chain_id and z.pos = y.pos and z.kind = y.kind and z.subject_id = y.subject_id
      )
    ) x
  ) l
  where t.chain_id = past.of_chain() and t.n > l.n;

  for made in select table_name from information_schema.views where table_schema = 'past' loop
    execute format('alter view past.%I set (security_invoker = true)', made);
  end loop;
  grant usage on schema past to public;
  grant select on all tables in schema past to public;
end $make$;

-- Not of the tables that a re-index fills beside those that are read.
do $$ begin
  if current_schema() = 'public' then
    perform make_past();
  end if;
end $$;
