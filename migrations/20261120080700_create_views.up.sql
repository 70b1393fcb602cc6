-- The seed's nine views, and its two audit logs, which are views on the one event model. All of them run
-- with the rights of who asks (security_invoker): a view that ran as its owner would show every row.

-- The six gates (three for a farmer), by date and not by a nightly job (domain 2.5). The same rule stands
-- in Rust, in registration; a test holds the two equal.
create view qualified_exporters with (security_invoker = true) as
select p.exporter_id, p.organization_id, p.business_name, p.tin, p.registration_number, p.business_type,
       g.profile_active, g.capital_ok, g.laboratory_ok, g.taster_ok, g.competence_ok, g.license_ok,
       p.business_type = 'FARMER' as is_farmer
from exporter_profiles p
cross join lateral (select
    p.status = 'ACTIVE' as profile_active,
    p.business_type = 'FARMER' or (p.capital_verified and p.minimum_capital >= (
        select t.amount from capital_thresholds t
        where t.business_type = p.business_type and t.valid_from <= (select app.today())
        order by t.valid_from desc limit 1)) as capital_ok,
    p.business_type = 'FARMER' or exists (select from coffee_laboratories l
        where l.exporter_id = p.exporter_id and l.status = 'ACTIVE' and l.expiry_date >= (select app.today())) as laboratory_ok,
    p.business_type = 'FARMER' or exists (select from coffee_tasters t
        where t.exporter_id = p.exporter_id and t.status = 'ACTIVE' and t.is_exclusive_employee
          and t.certificate_expiry_date >= (select app.today())) as taster_ok,
    exists (select from competence_certificates c
        where c.exporter_id = p.exporter_id and c.status = 'ACTIVE' and c.expiry_date >= (select app.today())) as competence_ok,
    exists (select from export_licenses l
        where l.exporter_id = p.exporter_id and l.status = 'ACTIVE' and l.expiry_date >= (select app.today())) as license_ok
) g
where g.profile_active and g.capital_ok and g.laboratory_ok and g.taster_ok and g.competence_ok and g.license_ok;

-- A lot with an approved contract that it can serve: same coffee, a grade at least as good, weight left.
create view export_ready_lots with (security_invoker = true) as
select l.lot_id, l.ecx_lot_number, l.purchased_by as exporter_id, l.coffee_type, l.origin_region,
       l.processing_method, i.final_grade, l.quantity, l.quantity - l.reserved_kg as free_kg,
       i.inspection_id, i.quality_certificate_number,
       c.contract_id, c.contract_number, c.buyer_name, c.buyer_country,
       c.quantity - c.reserved_kg as contract_free_kg
from coffee_lots l
join quality_inspections i on i.lot_id = l.lot_id and i.superseded_by is null and i.passed
join sales_contracts c on c.exporter_id = l.purchased_by and c.status = 'APPROVED'
    and c.coffee_type = l.coffee_type and c.quantity > c.reserved_kg
    and (c.processing_method is null or c.processing_method = l.processing_method)
    and (case i.final_grade when 'UG' then 99 else i.final_grade::int end)
        <= (case c.grade when 'UG' then 99 else c.grade::int end)
where l.status in ('INSPECTED', 'RESERVED_FOR_EXPORT') and l.quantity > l.reserved_kg;

create view pending_approvals_by_org with (security_invoker = true) as
select o.code as organization, e.queue_organization_id as organization_id, e.stage as approval_type,
       count(*) as pending_count, min(e.stage_entered_at) as oldest_since
from exports e
join organizations o on o.organization_id = e.queue_organization_id
where e.queue_organization_id is not null
group by o.code, e.queue_organization_id, e.stage;

-- Counts by sub-query: a join of approvals and documents would multiply them.
create view export_summary with (security_invoker = true) as
select e.export_id, e.export_number, e.exporter_id, e.exporter_name, e.coffee_type, e.origin_region, e.quantity,
       e.destination_country, e.buyer_name, e.estimated_value, e.currency, e.status, e.stage, e.created_at,
       (select count(*) from export_approvals a
        where a.export_id = e.export_id and a.status = 'APPROVED' and a.superseded_at is null) as approved_count,
       (select count(*) from export_approvals a
        where a.export_id = e.export_id and a.status in ('REJECTED', 'RETURNED')) as rejected_count,
       (select count(*) from export_documents d where d.export_id = e.export_id and d.is_active) as document_count
from exports e;

create view preregistration_audit_log with (security_invoker = true) as
select e.event_id as audit_id, e.event_type, e.entity_type, e.entity_id, e.actor_id as user_id,
       e.details ->> 'role' as user_role, e.organization_id, e.event_type as action,
       e.details ->> 'description' as description, e.details -> 'old' as old_values, e.details -> 'new' as new_values,
       e.details as metadata, (p.payload ->> 'ip_address')::inet as ip_address, p.payload ->> 'user_agent' as user_agent,
       e.request_id as session_id, e.occurred_at as "timestamp", e.severity, e.compliance_relevant,
       2555 as retention_period_days, false as archived, null::timestamptz as archived_at
from audit.events e
left join audit.event_private p on p.event_id = e.event_id;

create view user_audit_log with (security_invoker = true) as
select e.seq as id, e.actor_id as user_id, e.event_type as action, e.details,
       (p.payload ->> 'ip_address')::inet as ip_address, p.payload ->> 'user_agent' as user_agent,
       case when e.event_type in ('LOGIN_FAILED', 'UNAUTHORIZED_ACCESS') then 'FAILED' else 'SUCCESS' end as status,
       e.occurred_at as created_at
from audit.events e
left join audit.event_private p on p.event_id = e.event_id
where e.actor_id is not null;

create view compliance_audit_summary with (security_invoker = true) as
select (e.occurred_at at time zone 'Africa/Addis_Ababa')::date as day, e.event_type, e.severity,
       count(*) as event_count, count(distinct e.entity_id) as entities, count(distinct e.actor_id) as people
from audit.events e
where e.compliance_relevant
group by 1, 2, 3;

create view security_audit_summary with (security_invoker = true) as
select date_trunc('hour', e.occurred_at) as hour, e.event_type, e.severity, count(*) as event_count,
       count(distinct e.actor_id) as people
from audit.events e
where e.event_type in ('LOGIN_FAILED', 'UNAUTHORIZED_ACCESS', 'DATA_EXPORT', 'SYSTEM_ACCESS', 'ROLE_CHANGED')
  and e.occurred_at > now() - interval '24 hours'
group by 1, 2, 3;

create view exporter_audit_activity with (security_invoker = true) as
select p.exporter_id, p.business_name, count(*) as event_count, max(e.occurred_at) as last_activity,
       count(*) filter (where e.event_type like '%\_APPROVED' or e.event_type like '%\_ISSUED') as approvals,
       count(*) filter (where e.event_type like '%\_REJECTED') as rejections
from exporter_profiles p
join audit.events e on e.organization_id = p.organization_id
group by p.exporter_id, p.business_name;

create view active_users with (security_invoker = true) as
select u.id, u.username, u.email, u.full_name, u.organization_id, o.code as organization, u.role, u.last_login
from users u
join organizations o on o.organization_id = u.organization_id
where u.is_active;

create view user_statistics with (security_invoker = true) as
select o.organization_id, o.code as organization, count(*) as total_users,
       count(*) filter (where u.is_active) as active_users,
       count(*) filter (where u.last_login > now() - interval '30 days') as recent_users,
       max(u.last_login) as last_login
from users u
join organizations o on o.organization_id = u.organization_id
group by o.organization_id, o.code;
