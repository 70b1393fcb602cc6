-- An event with its indexes in 400 bytes (docs/adr/0031). Entries of a B-tree with equal keys share one key and take six bytes each;
-- with the moment in the key no two are equal.

-- What an event is about: an id is of one thing only, and what happened to it is sorted when it was found.
drop index audit.events_subject;
create index events_subject on audit.events (entity_id);
-- Who did it, and what kind it is of: these can be hundreds of thousands, of which the newest are asked for. They lie by months, so
-- that the newest month is read and sorted, and not all.
drop index audit.events_actor, audit.events_type;
create index events_actor on audit.events (actor_id, date_trunc('month', occurred_at at time zone 'UTC') desc);
create index events_type on audit.events (event_type, date_trunc('month', occurred_at at time zone 'UTC') desc);
-- With the moment first, the key is also the order of time. Who asks for a number has its moment beside it; what lies between two
-- numbers, which the check of the record asks for, is found by blocks, since rows come in the order of their numbers, nearly.
drop index audit.events_time;
-- These are made anew for the names of their parts, which count those of the same columns.
drop index audit.events_critical, audit.events_compliance;
create index events_critical on audit.events (occurred_at desc) where severity = 'CRITICAL';
create index events_compliance on audit.events using brin (occurred_at) where compliance_relevant;
alter table audit.events drop constraint events_pkey;
alter table audit.events add primary key (occurred_at, seq);
create index events_number on audit.events using brin (seq) with (pages_per_range = 32, autosummarize = on);

-- What a move was from and to. Since now an event says it as the table of legal moves does, STATUS:STAGE; those of before have
-- an object, which is what the logs show.
create function audit.state_of(said jsonb) returns jsonb language sql immutable parallel safe
    return case when jsonb_typeof(said) = 'string' and said #>> '{}' ~ '^[A-Z_]+:[A-Z_]+$'
        then jsonb_object(array['status', split_part(said #>> '{}', ':', 1), 'stage', split_part(said #>> '{}', ':', 2)])
        else said end;

-- The number of an export, as far as who asks may see it: from the export, or from the event by which it began. Its other events
-- do not repeat it. It is no part of a query, so that who may see no export may read what is about something else.
create function audit.number_of(export uuid) returns text language plpgsql stable parallel safe set search_path = pg_catalog as $$
begin
    return coalesce(
        (select x.export_number from public.exports x where x.export_id = export),
        (select e.details ->> 'number' from audit.events e where e.entity_id = export and e.event_type = 'EXPORT_CREATED' limit 1));
end
$$;
revoke all on function audit.state_of(jsonb), audit.number_of(uuid) from public;
grant execute on function audit.state_of(jsonb), audit.number_of(uuid) to jebena_auditor, jebena_admin;

create or replace view preregistration_audit_log with (security_invoker = true) as
select e.event_id as audit_id, e.event_type, e.entity_type, e.entity_id, e.actor_id as user_id,
       e.details ->> 'actor_role' as user_role, e.organization_id, e.event_type as action,
       concat_ws(': ', replace(lower(e.event_type), '_', ' '),
           coalesce(e.details ->> 'number',
               case when e.entity_type = 'export' and e.entity_id is not null then audit.number_of(e.entity_id) end),
           p.payload ->> 'reason') as description,
       audit.state_of(e.details -> 'old') as old_values, audit.state_of(e.details -> 'new') as new_values,
       e.details as metadata, (p.payload ->> 'ip_address')::inet as ip_address, p.payload ->> 'user_agent' as user_agent,
       (p.payload ->> 'session_id')::uuid as session_id, e.occurred_at as "timestamp", e.severity,
       e.compliance_relevant, 2555 as retention_period_days, false as archived, null::timestamptz as archived_at
from audit.events e
left join audit.event_private p on p.event_id = e.event_id;

create or replace view audit_trail with (security_invoker = true) as
select e.event_id as id, e.entity_type, e.entity_id, e.event_type as action, audit.state_of(e.details -> 'old') as old_state,
       audit.state_of(e.details -> 'new') as new_state, e.occurred_at as "timestamp", e.actor_id as actor
from audit.events e
where e.entity_id is not null;
