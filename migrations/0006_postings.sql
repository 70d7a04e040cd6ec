-- By what events are found, as an inverted index: for each contract, event type, transaction, account and entity the
-- positions of its events. Three b-trees over event and a row per event and subject took a quarter of a long history's
-- time, and five times the disk.

-- subject is a kind byte and a key (schema/posting.ts). A row holds what one commit brought, ascending, 200 positions at
-- most; pos is the last. Rows of one subject and chain follow each other: the first position of a row is beyond the pos of
-- the row before.
create table posting (
  chain_id integer not null,
  pos bigint not null,
  subject bytea not null,
  positions bigint[] not null
);

-- What events name was written down, the rest stands in the events.
insert into posting (chain_id, pos, subject, positions)
select chain_id, max(pos), subject, array_agg(pos order by pos)
from (
  select chain_id, pos, subject, (row_number() over (partition by chain_id, subject order by pos) - 1) / 200 as part
  from (
    select chain_id, pos, subject from event_subject
    union all
    select chain_id, pos, '\x09'::bytea || contract from event
    union all
    select chain_id, pos, '\x0a'::bytea || int2send(event_type) from event
    union all
    select chain_id, pos, '\x0b'::bytea || tx_hash from event
  ) named
) parts
group by chain_id, subject, part
order by max(pos);

create index posting_subject on posting (subject, chain_id, pos);
-- Only a rewind looks for rows by position, and rows come in that order.
create index posting_position on posting using brin (chain_id, pos) with (pages_per_range = 16, autosummarize = on);

-- In the middle of a first history indexes of before wait for its end.
delete from deferred_index
where of_table = 'event_subject' or name in ('event_by_type', 'event_by_contract', 'event_by_transaction');
drop index if exists event_by_type, event_by_contract, event_by_transaction;
drop table event_subject;
