-- Whether what an influence names was ever submitted, for those who count influences: of a graph's inferences a look at
-- every contribution that they name was most of the work.

-- The contributions that current influences name (rows of contribution_count) and that nobody submitted; seldom any.
create table contribution_unknown (
  chain_id integer not null,
  contribution_id numeric(78,0) not null,
  primary key (chain_id, contribution_id)
);

-- `moved` came to be, or went, on one side. Looked up one by one by key: a join, or a scan of a table that was small when the
-- plan was made, may read every contribution.
create function contribution_unknown_named() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  insert into contribution_unknown (chain_id, contribution_id)
  select m.chain_id, m.contribution_id from moved m
  where (
    select true from contribution c where c.chain_id = m.chain_id and c.contribution_id = m.contribution_id
  ) is null;
  return null;
end $$;
create function contribution_unknown_removed() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  insert into contribution_unknown (chain_id, contribution_id)
  select m.chain_id, m.contribution_id from moved m
  where (
    select true from contribution_count c where c.chain_id = m.chain_id and c.contribution_id = m.contribution_id
  );
  return null;
end $$;
create function contribution_unknown_no_more() returns trigger language plpgsql as $$
begin
  if exists (select from contribution_unknown) then
    delete from contribution_unknown u using moved m
    where u.chain_id = m.chain_id and u.contribution_id = m.contribution_id;
  end if;
  return null;
end $$;

create trigger contribution_unknown_named after insert on contribution_count referencing new table as moved
  for each statement execute function contribution_unknown_named();
create trigger contribution_unknown_forgotten after delete on contribution_count referencing old table as moved
  for each statement execute function contribution_unknown_no_more();
create trigger contribution_unknown_submitted after insert on contribution referencing new table as moved
  for each statement execute function contribution_unknown_no_more();
create trigger contribution_unknown_removed after delete on contribution referencing old table as moved
  for each statement execute function contribution_unknown_removed();

insert into contribution_unknown (chain_id, contribution_id)
select n.chain_id, n.contribution_id from contribution_count n
left join contribution c on c.chain_id = n.chain_id and c.contribution_id = n.contribution_id
where c.pos is null;
