-- What makes long histories fast: see indexer/store/deferredIndexes.ts.

-- Indexes that wait for the end of the first history. Empty at any other time.
create table deferred_index (
  name text primary key,
  definition text not null
);

-- The same index, but no constraint: an event names a subject once, so there was never anything to refuse, and an index
-- can wait.
alter table event_subject drop constraint event_subject_pkey;
create index event_subject_subject on event_subject (subject, chain_id, pos);

-- Compressed already: Postgres need not try again.
alter table segment alter column content set storage external;
