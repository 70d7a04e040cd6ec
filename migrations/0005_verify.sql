-- How far it is proven that a segment holds every log of ours, and no other: 0 not, 1 against the blooms of all headers,
-- 2 against receipts (indexer/store/blockRange.ts).
alter table segment add column verified smallint not null default 0;
create index segment_verified on segment (chain_id, verified, from_block);

-- The block before the first segment that is proven less than `level`, as far as the chain is indexed; null where that
-- is nothing yet.
create function proven_to(of_chain integer, indexed bigint, level smallint) returns bigint
  language sql stable as $$
    -- A string: a body that names its tables would keep a re-index from putting new ones in their place.
    select nullif(greatest(least(indexed, first.less - 1, first.half - 1), c.start_block - 1), c.start_block - 1)
    from chain c
    cross join lateral (
      select
        (select min(s.from_block) from segment s where s.chain_id = of_chain and s.verified = 0) as less,
        case when level > 1 then
          (select min(s.from_block) from segment s where s.chain_id = of_chain and s.verified = 1)
        end as half
    ) first
    where c.chain_id = of_chain
  $$;
