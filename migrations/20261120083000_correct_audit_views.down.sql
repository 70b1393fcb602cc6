create or replace view preregistration_audit_log with (security_invoker = true) as
select e.event_id as audit_id, e.event_type, e.entity_type, e.entity_id, e.actor_id as user_id,
       e.details ->> 'role' as user_role, e.organization_id, e.event_type as action,
       e.details ->> 'description' as description, e.details -> 'old' as old_values, e.details -> 'new' as new_values,
       e.details as metadata, (p.payload ->> 'ip_address')::inet as ip_address, p.payload ->> 'user_agent' as user_agent,
       e.request_id as session_id, e.occurred_at as "timestamp", e.severity, e.compliance_relevant,
       2555 as retention_period_days, false as archived, null::timestamptz as archived_at
from audit.events e
left join audit.event_private p on p.event_id = e.event_id;

create or replace view user_audit_log with (security_invoker = true) as
select e.seq as id, e.actor_id as user_id, e.event_type as action, e.details,
       (p.payload ->> 'ip_address')::inet as ip_address, p.payload ->> 'user_agent' as user_agent,
       case when e.event_type in ('LOGIN_FAILED', 'UNAUTHORIZED_ACCESS') then 'FAILED' else 'SUCCESS' end as status,
       e.occurred_at as created_at
from audit.events e
left join audit.event_private p on p.event_id = e.event_id
where e.actor_id is not null;
