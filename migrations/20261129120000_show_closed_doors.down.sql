create or replace view user_audit_log with (security_invoker = true) as
select e.seq as id, coalesce(e.actor_id, e.entity_id) as user_id, e.event_type as action, e.details,
       (p.payload ->> 'ip_address')::inet as ip_address, p.payload ->> 'user_agent' as user_agent,
       case when e.event_type in ('LOGIN_FAILED', 'UNAUTHORIZED_ACCESS') then 'FAILED' else 'SUCCESS' end as status,
       e.occurred_at as created_at
from audit.events e
left join audit.event_private p on p.event_id = e.event_id
where e.actor_id is not null or (e.event_type = 'LOGIN_FAILED' and e.entity_id is not null);

create or replace view security_audit_summary with (security_invoker = true) as
select date_trunc('hour', e.occurred_at) as hour, e.event_type, e.severity, count(*) as event_count,
       count(distinct e.actor_id) as people
from audit.events e
where e.event_type in ('LOGIN_FAILED', 'UNAUTHORIZED_ACCESS', 'DATA_EXPORT', 'SYSTEM_ACCESS', 'ROLE_CHANGED')
  and e.occurred_at > now() - interval '24 hours'
group by 1, 2, 3;
