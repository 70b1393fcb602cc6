-- Messages, the record of it all, and the counters of the number series.
create unlogged table demo.messages as
select c.n, m.version, c.export_id, c.export_number, turn.part, demo.id((c.n * 64 + m.version) * 2 + turn.part, 111, said.at) as message_id, said.at, said.by, s.organization_id,
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
-- commitment.
create unlogged table demo.moments as
select row_number() over (order by c.at[m.version], c.n, m.version) as seq, c.n, m.version, null::int as part, c.at[m.version] as at
from demo.cases c
join demo.walk_moves m using (walk)
union all
-- Messages are few: their events come after the others.
select (select sum(moves) from demo.cases) + row_number() over (order by at, n, part), n, version, part, at
from demo.messages;
analyze demo.moments;

-- The trigger that hashes each event as it comes would take as long as everything else together; here the same
-- function hashes them as a set, and the trigger is back before anybody else can write.
alter table audit.events disable trigger hash_new_event;
insert into audit.events (seq, event_id, occurred_at, actor_id, organization_id, event_type, entity_type, entity_id, severity,
    compliance_relevant, details, private_commitment, row_hash)
overriding system value
select e.seq, e.event_id, e.at, e.by, e.organization_id, e.event_type, 'export', e.export_id, e.severity, true, e.details, e.commitment,
    audit.hash_of(row(e.seq, e.event_id, e.at, e.by, e.organization_id, e.event_type, 'export', e.export_id, e.severity, true,
        e.details, null, e.commitment, null)::audit.events)
from (
    select x.seq, demo.id(x.n * 64 + x.version, 113, x.at) as event_id, x.at, c.by[x.version] as by, s.organization_id, m.event_type,
           c.export_id, m.severity,
           jsonb_build_object('actor_role', s.role)
               || case m.action
                      when 'request' then jsonb_build_object('number', c.export_number, 'contract', k.contract_number,
                          'quantity_kg', c.kg::text)
                      when 'receive' then jsonb_build_object('receipt', r.number, 'reference', r.reference, 'received_on', r.received_on,
                          'currency', 'USD', 'amount', r.received::text)
                      when 'take-back' then jsonb_build_object('receipt', r.reverses, 'entry', r.number, 'currency', 'USD',
                          'amount', r.received::text)
                      when 'extend' then jsonb_build_object('old', l.due_from, 'new', l.due_to)
                      when 'ask-extension' then jsonb_build_object('due', l.due_from, 'asked_until', l.due_to)
                      else m.details end as details,
           case when m.has_reason then demo.commitment(x.n, x.version, demo.reason(m.action, x.n)) end as commitment
    from demo.moments x
    join demo.cases c using (n)
    join demo.walk_moves m on m.walk = c.walk and m.version = x.version
    join demo.staff s on s.user_id = c.by[x.version]
    join sales_contracts k on k.contract_id = c.contract_id
    left join demo.receipts r on m.action in ('receive', 'take-back') and r.n = x.n and r.recorded_at = x.at
    left join demo.extensions l on l.action = m.action and l.n = x.n and l.at = x.at
    where x.part is null
    union all
    select x.seq, demo.id((x.n * 64 + x.version) * 2 + x.part, 114, x.at), x.at, g.by, g.organization_id, 'EXPORT_MESSAGE_SENT',
           g.export_id, 'LOW',
           jsonb_build_object('message_id', g.message_id, 'actor_role', s.role), null
    from demo.moments x
    join demo.messages g using (n, version, part)
    join demo.staff s on s.user_id = g.by
) e
order by e.seq;
alter table audit.events enable always trigger hash_new_event;
select setval(pg_get_serial_sequence('audit.events', 'seq'), max(seq)) from demo.moments having max(seq) is not null;
insert into audit.event_private (event_id, occurred_at, salt, payload)
select demo.id(c.n * 64 + m.version, 113, c.at[m.version]), c.at[m.version], demo.salt(c.n, m.version),
    jsonb_build_object('reason', demo.reason(m.action, c.n))
from demo.cases c
join demo.walk_moves m using (walk)
where m.has_reason;

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
select 'LOT_INTERNAL', '', to_char(created_at, 'YYYY'), count(*) from coffee_lots where generation > 0 group by 3
union all
select 'LABORATORY', '', to_char(certified_date, 'YYYY'), count(*) from coffee_laboratories group by 3
union all
select 'COMPETENCE', '', to_char(issued_date, 'YYYY'), count(*) from competence_certificates group by 3
union all
select 'LICENSE', '', to_char(issued_date, 'YYYY'), count(*) from export_licenses group by 3
union all
select 'EXPORTER_REGISTRATION', split_part(registration_number, '-', 2), split_part(registration_number, '-', 3), count(*)
from exporter_profiles group by 2, 3;
