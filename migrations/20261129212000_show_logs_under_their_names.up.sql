-- The logs that the seeds keep in tables of their own, as views on the one record: their names, their columns, and nothing that
-- could differ from it. Each shows its reader what row-level security lets them see of the events.
--
-- What the record never holds stays empty: hashes of tokens stand with the session alone, and a device is known by the browser's
-- own words.

create view audit_logs with (security_invoker = true) as
select e.event_id as id, e.event_type,
       case when e.event_type in ('LOGIN_FAILED', 'LOGIN_CLOSED', 'UNAUTHORIZED_ACCESS') then 'FAILED' else 'SUCCESS' end as status,
       e.actor_id as user_uuid, p.payload ->> 'session_id' as session_id, (p.payload ->> 'ip_address')::inet as ip_address,
       p.payload ->> 'user_agent' as user_agent,
       coalesce(e.details ->> 'route', concat_ws('/', e.entity_type, e.entity_id::text)) as resource,
       e.details ->> 'method' as action, e.occurred_at as "timestamp", e.details
from audit.events e
left join audit.event_private p on p.event_id = e.event_id;

-- What is about accounts, sessions, rights and alerts, and not about a case of the trade.
create view security_logs with (security_invoker = true) as
select e.event_id as id, e.event_type, e.severity, coalesce(e.actor_id, e.entity_id) as user_uuid,
       (p.payload ->> 'ip_address')::inet as ip_address, p.payload ->> 'user_agent' as user_agent, e.occurred_at as "timestamp",
       e.details, jsonb_strip_nulls(jsonb_build_object('request_id', e.request_id, 'organization_id', e.organization_id,
           'session_id', p.payload -> 'session_id')) as metadata
from audit.events e
left join audit.event_private p on p.event_id = e.event_id
where e.entity_type in ('user', 'invitation', 'alert', 'system');

-- The life of sessions. The one that is meant stands in the details; of a session that was ended from elsewhere, its own.
create view session_logs with (security_invoker = true) as
select e.event_id as id,
       case e.event_type when 'LOGIN_SUCCESS' then 'CREATED' when 'SESSION_RENEWED' then 'REFRESHED'
           when 'LOGOUT' then 'TERMINATED' else 'INVALIDATED' end as event_type,
       e.entity_id as user_uuid, null::text as session_token_hash, null::text as refresh_token_hash,
       null::text as device_info, (p.payload ->> 'ip_address')::inet as ip_address, p.payload ->> 'user_agent' as user_agent,
       e.occurred_at as "timestamp",
       e.details || jsonb_strip_nulls(jsonb_build_object('session_id', p.payload -> 'session_id')) as details
from audit.events e
left join audit.event_private p on p.event_id = e.event_id
where e.event_type in ('LOGIN_SUCCESS', 'SESSION_RENEWED', 'LOGOUT', 'SESSION_ENDED');

-- What was taken out of the system, and what was refused to somebody who is signed in.
create view access_logs with (security_invoker = true) as
select e.event_id as id, e.actor_id as user_id,
       coalesce(e.details ->> 'route', concat_ws('/', e.entity_type, e.entity_id::text)) as resource, e.event_type as action,
       case when e.event_type = 'UNAUTHORIZED_ACCESS' then 'DENIED' else 'ALLOWED' end as result,
       e.occurred_at as "timestamp", e.details
from audit.events e
where e.event_type in ('UNAUTHORIZED_ACCESS', 'DATA_EXPORT', 'SYSTEM_ACCESS', 'PERSONAL_DATA_TAKEN');

-- What moved the things of the trade. In the place of a hash on a chain of blocks stands the hash that the record's own chain of
-- seals covers.
create view transaction_logs with (security_invoker = true) as
select e.event_id as id, e.entity_id as asset_id, e.actor_id as user_id, e.event_type as transaction_type,
       case when e.details ->> 'amount' ~ '^-?[0-9]{1,15}(\.[0-9]{1,6})?$' then (e.details ->> 'amount')::numeric end as amount,
       e.occurred_at as "timestamp", encode(e.row_hash, 'hex') as blockchain_hash
from audit.events e
where e.entity_type not in ('user', 'invitation', 'alert', 'system', 'job', 'record', 'report') and e.event_type <> 'DATA_EXPORT'
  and e.actor_id is not null;

create view compliance_logs with (security_invoker = true) as
select e.event_id as id, e.entity_id as asset_id, e.actor_id as user_id, e.event_type as compliance_check, e.severity as result,
       e.details, e.occurred_at as "timestamp"
from audit.events e
where e.compliance_relevant;

-- What happened by itself: nobody has done it, and nobody was tried to be.
create view system_events with (security_invoker = true) as
select e.event_id as id, e.event_type, e.details as event_data, e.occurred_at as "timestamp", e.entity_type as source, e.severity
from audit.events e
where e.actor_id is null and e.event_type not in ('LOGIN_FAILED', 'LOGIN_CLOSED', 'PASSWORD_RESET_ASKED');

create view audit_trail with (security_invoker = true) as
select e.event_id as id, e.entity_type, e.entity_id, e.event_type as action, e.details -> 'old' as old_state,
       e.details -> 'new' as new_state, e.occurred_at as "timestamp", e.actor_id as actor
from audit.events e
where e.entity_id is not null;

grant select on audit_logs, security_logs, session_logs, access_logs, transaction_logs, compliance_logs, system_events, audit_trail
    to jebena_auditor, jebena_admin;
