delete from processing_register where source = 'audit.events' and person_column = 'entity_id';
alter policy own_data_select on audit.events using (actor_id = (select app.person()));
create or replace function app.own_rows(from_source text, by_column text) returns setof jsonb
language plpgsql stable set search_path = pg_catalog
as $$
declare
    columns text;
begin
    select string_agg(quote_ident(c.name), ', ' order by c.place) into strict columns
    from public.processing_register r, unnest(r.told) with ordinality c (name, place)
    where r.source = from_source and r.person_column = by_column;
    return query execute format('select to_jsonb(t) from (select %s from %s where %s) t', columns,
        to_regclass(case when from_source like 'audit.%' then from_source else 'public.' || from_source end),
        -- Of what lies beside an event, the policy knows whose it is.
        case when by_column = 'event_id' then 'true' else format('%I = (select app.person())', by_column) end);
end
$$;
update processing_register set kept = 'YEARS_7' where kept in ('YEARS_10', 'YEARS_7_OR_10', 'DAYS_90_OR_YEARS_7');
alter table processing_register drop constraint processing_register_kept_check,
    add constraint processing_register_kept_check check (kept in ('WITH_ACCOUNT', 'HOURS_12', 'DAYS_7', 'DAYS_30', 'DAYS_90', 'YEAR_1',
        'YEARS_7'));
