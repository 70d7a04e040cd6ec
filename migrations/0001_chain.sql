-- How far each chain is indexed, the raw material, and the log of changes.
-- A position (pos) is block_number * 2^22 + log_index: chain order inside one chain in a single integer.

create function block_of(pos bigint) returns bigint
  language sql immutable strict parallel safe
  return pos >> 22;

create function position_of(block_number bigint, log_index integer) returns bigint
  language sql immutable strict parallel safe
  return (block_number << 22) + log_index;

-- Text without its case, of any script: lower() of a database with the locale C knows ASCII alone. The collation that
-- does it depends on the server: Postgres 17 has one of its own, before that it is ICU's.
do $$
declare
  folding text := (
    select format(' collate %I', collname) from pg_collation
    where collname in ('pg_c_utf8', 'und-x-icu')
    order by collname = 'pg_c_utf8' desc
    limit 1
  );
begin
  execute format(
    'create function folded(value text) returns text language sql immutable strict parallel safe return lower(value%s)',
    coalesce(folding, '')
  );
end $$;

create table chain (
  chain_id integer primary key,
  name text not null,
  native_symbol text not null,
  native_decimals integer not null,
  start_block bigint not null,
  finality jsonb not null,
  -- What is indexed. Other contracts in the network file mean that history must be read again.
  contracts jsonb not null,
  genesis_hash bytea,
  -- Fencing: a leader takes the next epoch, and its commits name it, so that a stalled ex-leader can't write.
  epoch bigint not null default 0,
  indexed_number bigint,
  indexed_hash bytea,
  indexed_timestamp bigint,
  head_number bigint,
  head_hash bytea,
  head_timestamp bigint,
  safe_number bigint,
  safe_hash bytea,
  safe_timestamp bigint,
  finalized_number bigint,
  finalized_hash bytea,
  finalized_timestamp bigint,
  verified_to bigint,
  undecoded_logs bigint not null default 0,
  reorgs integer not null default 0,
  deepest_reorg integer not null default 0,
  events_per_second double precision not null default 0,
  -- When a follower last looked at the chain: a head that nobody looks at says nothing of the chain's.
  seen_at timestamptz not null default now(),
  warnings text[] not null default '{}',
  error text
);

-- Every block that a reorg may still remove, with logs of ours or without.
create table header (
  chain_id integer not null,
  number bigint not null,
  hash bytea not null,
  parent_hash bytea not null,
  timestamp bigint not null,
  primary key (chain_id, number)
);

-- Raw logs of a range, as fetched: what every row can be rebuilt from without asking a node again.
create table segment (
  chain_id integer not null,
  from_block bigint not null,
  to_block bigint not null,
  parent_hash bytea not null,
  last_hash bytea not null,
  last_timestamp bigint not null,
  logs integer not null,
  -- Deflated JSON: see indexer/segments.
  content bytea not null,
  primary key (chain_id, from_block)
);

-- Blocks that hold logs of ours.
create table block (
  chain_id integer not null,
  number bigint not null,
  hash bytea not null,
  timestamp bigint not null,
  events integer not null,
  primary key (chain_id, number)
);
create index block_hash on block (hash);
create index block_timestamp on block (chain_id, timestamp, number);

create table event_type (
  id smallint generated always as identity primary key,
  profile text not null,
  contract text not null,
  name text not null,
  fragment text not null,
  constraint event_type_fragment unique (profile, contract, fragment)
);

-- Every decoded log. Arguments are decoded when read (1.6 million a second), so they are stored once, as they came.
create table event (
  chain_id integer not null,
  pos bigint not null,
  tx_hash bytea not null,
  contract bytea not null,
  event_type smallint not null,
  topics bytea not null,
  data bytea not null,
  primary key (chain_id, pos)
);
create index event_by_type on event (chain_id, event_type, pos);
create index event_by_contract on event (chain_id, contract, pos);
create index event_by_transaction on event (tx_hash);

-- What an event names: subject is a kind byte and a key (schema/subject.ts). item is its place among the arguments.
create table event_subject (
  subject bytea not null,
  chain_id integer not null,
  pos bigint not null,
  item integer not null,
  primary key (subject, chain_id, pos)
);
create index event_subject_position on event_subject (chain_id, pos);

create table undecoded_log (
  chain_id integer not null,
  pos bigint not null,
  tx_hash bytea not null,
  contract bytea not null,
  topics bytea[] not null,
  data bytea not null,
  reason text not null,
  primary key (chain_id, pos)
);

create function count_undecoded_log() returns trigger language plpgsql as $$
declare sign integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
  update chain c
  set undecoded_logs = c.undecoded_logs + sign * m.n
  from (select chain_id, count(*) as n from moved group by chain_id) m
  where c.chain_id = m.chain_id;
  return null;
end $$;
create trigger undecoded_log_added after insert on undecoded_log
  referencing new table as moved for each statement execute function count_undecoded_log();
create trigger undecoded_log_removed after delete on undecoded_log
  referencing old table as moved for each statement execute function count_undecoded_log();

-- The log of changes. A row is one block applied (1) or retracted (2), or one move of safe (3) or finalized (4).
-- It holds the positions position .. position + count: one for each of its events, and one for its own end.
create table change (
  position bigint primary key,
  count integer not null,
  chain_id integer not null,
  op smallint not null,
  -- For a move of safe or finalized: the new mark, from_block being the first block that reached it.
  from_block bigint not null,
  block_number bigint not null,
  block_hash bytea not null,
  block_timestamp bigint not null,
  created_at timestamptz not null default now(),
  constraint change_op check (op between 1 and 4)
);
create index change_block on change (chain_id, block_number);
create index change_created on change (created_at);

-- The next position. Taken under this row's lock as the last statement before commit, so that commit order is
-- position order with several chains too.
create table change_position (
  only_row boolean primary key default true check (only_row),
  next bigint not null
);
insert into change_position (next) values (1);

-- What a reorg removed, kept for subscribers that had it, as long as its rows of change are kept.
create table retracted_event (
  chain_id integer not null,
  block_hash bytea not null,
  pos bigint not null,
  tx_hash bytea not null,
  contract bytea not null,
  event_type smallint not null,
  topics bytea not null,
  data bytea not null,
  primary key (chain_id, block_hash, pos)
);
-- A retracted reward as the filters of a subscription judge it (see the view reward_judged).
create table retracted_reward (
  chain_id integer not null,
  block_hash bytea not null,
  pos bigint not null,
  judged jsonb not null,
  primary key (chain_id, block_hash, pos)
);

-- Documents and token data: fetched from outside, no part of the chain. A rewind leaves them alone.
create table document (
  hash bytea not null,
  uri text not null,
  -- pending, fetched, failed (may be tried again), refused (never will)
  state text not null default 'pending',
  attempts integer not null default 0,
  error text,
  name text,
  description text,
  updated_at timestamptz not null default now(),
  uri_digest bytea not null,
  primary key (hash, uri_digest)
);
create index document_pending on document (updated_at) where state in ('pending', 'failed');

create table token (
  chain_id integer not null,
  address bytea not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  symbol text,
  decimals integer,
  updated_at timestamptz not null default now(),
  primary key (chain_id, address)
);
create index token_pending on token (updated_at) where state in ('pending', 'failed');

-- Counts every arrival of a document or of token data: answers cached by change position depend on it too.
create sequence metadata_counter;
