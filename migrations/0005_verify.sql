-- How far it is proven that a segment holds every log of ours, and no other: 0 not, 1 against the blooms of all headers,
-- 2 against receipts (indexer/store/blockRange.ts). chain.verified_to is the block before the first segment that is not
-- proven as the chain's configuration asks.
alter table segment add column verified smallint not null default 0;
create index segment_verified on segment (chain_id, verified, from_block);
