create or replace view audit_trail with (security_invoker = true) as
select e.event_id as id, e.entity_type, e.entity_id, e.event_type as action, e.details -> 'old' as old_state,
       e.details -> 'new' as new_state, e.occurred_at as "timestamp", e.actor_id as actor
from audit.events e
where e.entity_id is not null;

create or replace view preregistration_audit_log with (security_invoker = true) as
select e.event_id as audit_id, e.event_type, e.entity_type, e.entity_id, e.actor_id as user_id,
       e.details ->> 'actor_role' as user_role, e.organization_id, e.event_type as action,
       concat_ws(': ', replace(lower(e.event_type), '_', ' '), e.details ->> 'number', p.payload ->> 'reason')
           as description,
       e.details -> 'old' as old_values, e.details -> 'new' as new_values,
       e.details as metadata, (p.payload ->> 'ip_address')::inet as ip_address, p.payload ->> 'user_agent' as user_agent,
       (p.payload ->> 'session_id')::uuid as session_id, e.occurred_at as "timestamp", e.severity,
       e.compliance_relevant, 2555 as retention_period_days, false as archived, null::timestamptz as archived_at
from audit.events e
left join audit.event_private p on p.event_id = e.event_id;

drop function audit.number_of(uuid);
drop function audit.state_of(jsonb);

drop index audit.events_number;
alter table audit.events drop constraint events_pkey;
alter table audit.events add primary key (seq, occurred_at);
drop index audit.events_critical, audit.events_compliance;
create index events_time on audit.events (occurred_at desc);
create index events_critical on audit.events (occurred_at desc) where severity = 'CRITICAL';
create index events_compliance on audit.events using brin (occurred_at) where compliance_relevant;
drop index audit.events_type, audit.events_actor, audit.events_subject;
create index events_type on audit.events (event_type, occurred_at desc);
create index events_actor on audit.events (actor_id, occurred_at desc);
create index events_subject on audit.events (entity_type, entity_id, occurred_at desc);
