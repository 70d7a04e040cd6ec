-- Names are found by their beginning and in spite of typing errors. What that needs is in a schema of its own: a re-index
-- drops the schema of the tables (indexer/switchOver.ts), and the index of a table that it keeps would go with a function
-- or an extension there.
create schema if not exists names;
grant usage on schema names to public;

-- What of a name is looked at, without its case, as folded() of 0001_chain.sql has it. Whoever writes a document may give it
-- a name of any length, and a row of an index has room for 2,704 bytes.
do $$
declare
  folding text := (
    select format(' collate %I', collname) from pg_collation
    where collname in ('pg_c_utf8', 'und-x-icu')
    order by collname = 'pg_c_utf8' desc
    limit 1
  );
begin
  if to_regprocedure('names.folded(text)') is null then
    execute format(
      'create function names.folded(value text) returns text language sql immutable strict parallel safe '
        'return lower(left(value, 500)%s)',
      coalesce(folding, '')
    );
  end if;
end $$;

create index document_name on document (names.folded(name) text_pattern_ops) where state = 'fetched';
create index datanet_state_metadata on datanet_state (metadata_hash);
create index model_metadata on model (metadata_hash);

-- Makes what names with typing errors are found by, as far as it isn't there; says whether they are. A server without
-- pg_trgm, or a role that may not make it, has the beginnings of names alone, until somebody who may calls this again. Of
-- letters that the database's LC_CTYPE doesn't know (with C, all but ASCII) there are no trigrams: such names are found by
-- their beginning too.
create or replace function names.tolerate_typos() returns boolean language plpgsql as $make$
declare
  place text;
begin
  begin
    create extension if not exists pg_trgm schema names;
  exception when others then
    raise notice 'names are found by their beginning alone: %', sqlerrm;
    return false;
  end;
  select nspname into place
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace
  where extname = 'pg_trgm';
  execute format(
    'create index if not exists document_name_trigrams on document using gin (names.folded(name) %I.gin_trgm_ops)
     where state = ''fetched''',
    place
  );
  return true;
end $make$;
select names.tolerate_typos();
