-- Blocks that became final lately, those without logs of ours too: whoever reads page by page as of the hash of such a
-- block still finds it. Of older ones no more is kept than `block` has.
create table final_header (
  chain_id integer not null,
  number bigint not null,
  hash bytea not null,
  timestamp bigint not null,
  primary key (chain_id, number)
);
