-- Whether a contribution was submitted is asked of its key, however young the tables are. While they hold a few rows the
-- planner takes any index that begins with the chain for as good as the key, and keeps to it while they grow: each
-- contribution named then went over all of the chain. The key alone has them in the order that is asked for here.

create or replace function contribution_unknown_named() returns trigger language plpgsql
  set enable_seqscan = off set enable_sort = off as $$
begin
  insert into contribution_unknown (chain_id, contribution_id)
  select m.chain_id, m.contribution_id from moved m
  where m.contribution_id is distinct from (
    select c.contribution_id from contribution c
    where c.chain_id = m.chain_id and c.contribution_id >= m.contribution_id
    order by c.chain_id, c.contribution_id
    limit 1
  );
  return null;
end $$;
