-- A person's copy says what others did about them, and the register says for how long things are kept that go in two steps.

alter table processing_register drop constraint processing_register_kept_check,
    add constraint processing_register_kept_check check (kept in ('WITH_ACCOUNT', 'HOURS_12', 'DAYS_7', 'DAYS_30', 'DAYS_90', 'YEAR_1',
        'YEARS_7', 'YEARS_10', 'YEARS_7_OR_10', 'DAYS_90_OR_YEARS_7'));
-- As the policies of retention: ORIGINS and EVENT_DETAILS, SECURITY_EVENTS and BUSINESS_EVENTS, TRADE, LEGAL_HOLDS.
update processing_register set kept = 'DAYS_90_OR_YEARS_7' where source = 'audit.event_private';
update processing_register set kept = 'YEARS_7_OR_10' where source = 'audit.events';
update processing_register set kept = 'YEARS_10'
where kept = 'YEARS_7' and (purpose = 'TRADE' or source in ('export_messages', 'review_messages', 'legal_holds'));

-- That somebody failed to sign in as the person, gave them a role or shut them out. Who it was, and what lies beside it, is others'.
insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('audit.events', 'entity_id', 'SECURITY', 'LEGAL_OBLIGATION', 'YEARS_7_OR_10', '{event_id,occurred_at,event_type,severity}', 'KEEP');
alter policy own_data_select on audit.events
    using (actor_id = (select app.person()) or (entity_type = 'user' and entity_id = (select app.person())));

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
        case by_column
            -- Of what lies beside an event, the policy knows whose it is.
            when 'event_id' then 'true'
            -- What they did themselves stands with what they did.
            when 'entity_id' then $q$entity_type = 'user' and entity_id = (select app.person())
                                  and actor_id is distinct from (select app.person())$q$
            else format('%I = (select app.person())', by_column) end);
end
$$;
