-- Messages, the record of it all, and the counters of the number series.
create unlogged table demo.messages as
select c.n, c.export_id, c.export_number, turn.part, demo.id(c.n * 2 + turn.part, 111, said.at) as message_id, said.at, said.by, s.organization_id,
       case when turn.part = 0 then r.question else r.answer end as body
from demo.cases c
join demo.walk_moves m on m.walk = c.walk and m.version > 1
join demo.remarks r on r.stage = m.old_stage
cross join generate_series(0, 1) as turn (part)
cross join lateral (select c.at[m.version] - (case turn.part when 0 then 90 else 35 end) * interval '1 second' as at,
                           case turn.part when 0 then c.by[m.version] else c.by[1] end as by) said
join demo.staff s on s.user_id = said.by
where m.approval_status in ('APPROVED', 'RETURNED', 'REJECTED')
  and demo.pick(c.n * 64 + m.version, 112, (select message_every from demo.settings)) = 0;
insert into export_messages (message_id, export_id, author_id, organization_id, body, created_at)
select message_id, export_id, by, organization_id, body, at from demo.messages;

-- One event for each move, in the order of time; a reason is private and bound to its event by a salted
-- commitment. The database hashes each row as it comes, and the sequencer seals them when the product runs.
create unlogged table demo.events as
select demo.id(c.n * 64 + m.version, 113, c.at[m.version]) as event_id, c.at[m.version] as at, c.by[m.version] as by, s.organization_id,
       m.event_type, c.export_id, m.severity, true as relevant,
       case m.version when 1 then jsonb_build_object('number', c.export_number, 'contract', k.contract_number, 'quantity_kg', c.kg::text)
       else jsonb_build_object('number', c.export_number, 'action', m.action,
                'old', jsonb_build_object('status', m.old_status, 'stage', m.old_stage),
                'new', jsonb_build_object('status', m.new_status, 'stage', m.new_stage), 'version', m.version) end as details,
       case when m.has_reason then demo.reason(m.action, c.n) end as reason,
       case when m.has_reason then decode(md5(c.n || '/' || m.version), 'hex') end as salt
from demo.cases c
join demo.walk_moves m using (walk)
join demo.staff s on s.user_id = c.by[m.version]
join sales_contracts k on k.contract_id = c.contract_id
union all
select demo.id(n * 2 + part, 114, at), at, by, organization_id, 'EXPORT_MESSAGE_SENT', export_id, 'LOW', true,
       jsonb_build_object('number', export_number, 'message_id', message_id), null, null
from demo.messages;

insert into audit.events (event_id, occurred_at, actor_id, organization_id, event_type, entity_type, entity_id, severity,
    compliance_relevant, details, private_commitment, row_hash)
select event_id, at, by, organization_id, event_type, 'export', export_id, severity, relevant, details,
    sha256(salt || convert_to('{"reason":' || to_json(reason)::text || '}', 'UTF8')), ''
from demo.events
order by at, event_id;
insert into audit.event_private (event_id, occurred_at, salt, payload)
select event_id, at, salt, jsonb_build_object('reason', reason) from demo.events where reason is not null;

-- Where each series stands: the numbers that the next ones follow.
insert into number_counters (series_key, scope, period, last_value)
select 'EXPORT', '', to_char(demo.day(at[1]), 'YYYYMMDD'), count(*) from demo.cases group by 3
union all
select 'FX_APPROVAL', '', demo.year(at[fx]), count(*) from demo.cases where fx is not null group by 3
union all
select 'EXPORT_PERMIT', '', demo.year(at[permit]), count(*) from demo.cases where permit is not null group by 3
union all
select 'CUSTOMS_CLEARANCE', '', demo.year(at[customs]), count(*) from demo.cases where customs is not null group by 3
union all
select 'ICO_CERTIFICATE', '', demo.coffee_year(at[origin]), count(*) from demo.cases where origin is not null group by 3
union all
select 'ICO_MARK', (9000 + firm)::text, demo.coffee_year(at[origin]), count(*) from demo.cases where origin is not null group by 2, 3
union all
select 'QUALITY_CERTIFICATE', '', to_char(inspection_date, 'YYYY'), count(*) from quality_inspections group by 3
union all
select 'CONTRACT', '', to_char(registration_date, 'YYYY'), count(*) from sales_contracts group by 3
union all
select 'LABORATORY', '', to_char(certified_date, 'YYYY'), count(*) from coffee_laboratories group by 3
union all
select 'COMPETENCE', '', to_char(issued_date, 'YYYY'), count(*) from competence_certificates group by 3
union all
select 'LICENSE', '', to_char(issued_date, 'YYYY'), count(*) from export_licenses group by 3
union all
select 'EXPORTER_REGISTRATION', split_part(registration_number, '-', 2), split_part(registration_number, '-', 3), count(*)
from exporter_profiles group by 2, 3;
