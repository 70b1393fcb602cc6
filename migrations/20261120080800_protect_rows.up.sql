-- Row-level security and grants. Four shapes of policy only (docs/architecture.md): own organisation, party
-- to the export, own person, and a whole class. Children of an export ask whether the export is visible,
-- which asks the export's own policy: one rule, composed.

-- Each policy is `<class>_<command>`; a class without a policy for a command sees no row.

-- People -----------------------------------------------------------------------------------------------
alter table organizations enable row level security;
alter table organizations force row level security;
create policy party_select on organizations for select to jebena_party using (
    kind <> 'EXPORTER' or organization_id = (select app.org()) or (select app.org_kind()) = 'COMMERCIAL_BANK');
create policy class_select on organizations for select
    to jebena_gate, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker, jebena_system, jebena_definer
    using (true);
create policy admin_insert on organizations for insert to jebena_admin with check (true);
create policy admin_update on organizations for update to jebena_admin using (true) with check (true);
grant select on organizations to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker, jebena_system, jebena_definer;
grant insert, update on organizations to jebena_admin;

alter table users enable row level security;
alter table users force row level security;
create policy own_organization_select on users for select to jebena_party, jebena_regulator, jebena_auditor
    using (organization_id = (select app.org()));
create policy own_organization_update on users for update to jebena_party, jebena_regulator
    using (organization_id = (select app.org())) with check (organization_id = (select app.org()));
create policy class_select on users for select to jebena_gate, jebena_admin, jebena_system, jebena_definer using (true);
create policy gate_update on users for update to jebena_gate using (true) with check (true);
create policy admin_insert on users for insert to jebena_admin with check (true);
create policy admin_update on users for update to jebena_admin using (true) with check (true);
grant select (id, username, email, organization_id, role, full_name, language, shortcuts_enabled, is_active, is_demo,
    last_login, created_at, updated_at) on users to jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_system, jebena_definer;
-- The hash is for the gate alone.
grant select on users to jebena_gate;
grant update (is_active, updated_at) on users to jebena_party, jebena_regulator;
grant update (last_login, language, shortcuts_enabled, updated_at) on users to jebena_gate;
grant insert, update on users to jebena_admin;

alter table user_roles enable row level security;
alter table user_roles force row level security;
create policy own_organization_select on user_roles for select to jebena_party, jebena_regulator, jebena_auditor
    using (exists (select from users u where u.id = user_id));
create policy class_select on user_roles for select to jebena_gate, jebena_admin, jebena_system, jebena_definer using (true);
create policy admin_insert on user_roles for insert to jebena_admin with check (true);
create policy admin_delete on user_roles for delete to jebena_admin using (true);
grant select on user_roles to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_system, jebena_definer;
grant insert, delete on user_roles to jebena_admin;

alter table user_sessions enable row level security;
alter table user_sessions force row level security;
create policy gate_all on user_sessions for all to jebena_gate using (true) with check (true);
create policy class_select on user_sessions for select to jebena_definer using (true);
create policy own_person_select on user_sessions for select to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    using (user_id = (select app.person()));
create policy worker_delete on user_sessions for delete to jebena_worker using (true);
create policy worker_select on user_sessions for select to jebena_worker using (true);
grant select, insert, update, delete on user_sessions to jebena_gate;
grant select on user_sessions to jebena_definer;
grant select (id, user_id, ip_address, user_agent, created_at, last_activity, expires_at) on user_sessions
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant select (id, expires_at, last_activity), delete on user_sessions to jebena_worker;

grant select on system_state to jebena_app, jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker, jebena_system;
grant update on system_state to jebena_admin;

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy own_person_select on idempotency_keys for select
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin using (user_id = (select app.person()));
create policy own_person_insert on idempotency_keys for insert
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin with check (user_id = (select app.person()));
create policy worker_all on idempotency_keys for all to jebena_worker using (true) with check (true);
grant select, insert on idempotency_keys to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant select, delete on idempotency_keys to jebena_worker;

-- The outbox has no reader but the worker.
alter table outbox enable row level security;
alter table outbox force row level security;
create policy class_insert on outbox for insert
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_system, jebena_gate with check (true);
create policy worker_all on outbox for all to jebena_worker using (true) with check (true);
grant insert on outbox to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_system, jebena_gate;
grant select, update, delete on outbox to jebena_worker;

-- Code lists have no owner; everyone reads them.
grant select on countries, ports, coffee_types, regions, currencies, incoterms, payment_methods, document_types,
    document_requirements, parameters, capital_thresholds, fx_retention_rules, fx_rates, minimum_export_prices,
    holidays, number_series, legal_moves
    to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker, jebena_system;
grant select, insert, update on number_counters to jebena_system;

-- Registration -----------------------------------------------------------------------------------------
alter table exporter_profiles enable row level security;
alter table exporter_profiles force row level security;
create policy party_select on exporter_profiles for select to jebena_party using (
    organization_id = (select app.org()) or (select app.org_kind()) = 'COMMERCIAL_BANK'
    or exists (select from exports e where e.exporter_id = exporter_profiles.exporter_id));
create policy class_select on exporter_profiles for select
    to jebena_regulator, jebena_auditor, jebena_system, jebena_worker using (true);
grant select on exporter_profiles to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_worker;

do $$
declare
    relation text;
begin
    foreach relation in array array['coffee_laboratories', 'coffee_tasters', 'competence_certificates', 'export_licenses'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        -- The profile's policy decides, narrowed to the own firm for the laboratory and the taster.
        execute format('create policy party_select on %I for select to jebena_party using (
            exists (select from exporter_profiles p where p.exporter_id = %I.exporter_id
                    and (p.organization_id = (select app.org()) %s)))', relation, relation,
            case when relation in ('competence_certificates', 'export_licenses')
                 then 'or (select app.org_kind()) = ''COMMERCIAL_BANK''' else '' end);
        execute format('create policy class_select on %I for select
            to jebena_regulator, jebena_auditor, jebena_system, jebena_worker using (true)', relation);
        execute format('grant select on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_worker', relation);
    end loop;
end
$$;
create policy system_update on export_licenses for update to jebena_system using (true) with check (true);
grant update (quota_reserved_kg, updated_at) on export_licenses to jebena_system;

alter table preregistration_documents enable row level security;
alter table preregistration_documents force row level security;
create policy own_organization_select on preregistration_documents for select to jebena_party
    using (organization_id = (select app.org()));
create policy class_select on preregistration_documents for select to jebena_regulator, jebena_auditor, jebena_worker using (true);
grant select on preregistration_documents to jebena_party, jebena_regulator, jebena_auditor, jebena_worker;

-- Sourcing ---------------------------------------------------------------------------------------------
alter table coffee_lots enable row level security;
alter table coffee_lots force row level security;
create policy party_select on coffee_lots for select to jebena_party using (
    (select app.org_kind()) = 'ECX'
    or exists (select from exporter_profiles p where p.exporter_id = purchased_by and p.organization_id = (select app.org()))
    or exists (select from export_lots el where el.lot_id = coffee_lots.lot_id));
create policy class_select on coffee_lots for select to jebena_regulator, jebena_auditor, jebena_system, jebena_worker using (true);
create policy system_update on coffee_lots for update to jebena_system using (true) with check (true);
grant select on coffee_lots to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_worker;
grant update (reserved_kg, exported_kg, status, version, updated_at) on coffee_lots to jebena_system;

alter table quality_inspections enable row level security;
alter table quality_inspections force row level security;
create policy party_select on quality_inspections for select to jebena_party using (
    exists (select from coffee_lots l where l.lot_id = quality_inspections.lot_id));
create policy class_select on quality_inspections for select to jebena_regulator, jebena_auditor, jebena_system using (true);
grant select on quality_inspections to jebena_party, jebena_regulator, jebena_auditor, jebena_system;

alter table sales_contracts enable row level security;
alter table sales_contracts force row level security;
create policy party_select on sales_contracts for select to jebena_party using (
    exists (select from exporter_profiles p where p.exporter_id = sales_contracts.exporter_id
            and p.organization_id = (select app.org()))
    or exists (select from exports e where e.contract_id = sales_contracts.contract_id));
create policy class_select on sales_contracts for select to jebena_regulator, jebena_auditor, jebena_system, jebena_worker using (true);
create policy system_update on sales_contracts for update to jebena_system using (true) with check (true);
grant select on sales_contracts to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_worker;
grant update (reserved_kg, status, version, updated_at) on sales_contracts to jebena_system;

-- Exports ----------------------------------------------------------------------------------------------
alter table exports enable row level security;
alter table exports force row level security;
-- What is still being prepared is the exporter's own affair.
create policy party_select on exports for select to jebena_party using (
    exporter_organization_id = (select app.org())
    or (stage <> 'PREPARATION'
        and (select app.org()) in (bank_organization_id, shipping_organization_id)));
create policy regulator_select on exports for select to jebena_regulator, jebena_auditor using (stage <> 'PREPARATION');
create policy class_select on exports for select to jebena_system, jebena_worker using (true);
create policy party_insert on exports for insert to jebena_party with check (exporter_organization_id = (select app.org()));
-- Only the organisation in whose queue it stands may move an export; the exporter may withdraw its own, the
-- authority may cancel any.
create policy party_update on exports for update to jebena_party
    using ((select app.org()) in (queue_organization_id, exporter_organization_id))
    with check ((select app.org()) in (exporter_organization_id, bank_organization_id, shipping_organization_id));
create policy regulator_update on exports for update to jebena_regulator
    using (queue_organization_id = (select app.org()) or (select app.org_kind()) = 'ECTA') with check (true);
grant select on exports to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_worker;
grant insert, update on exports to jebena_party;
grant update on exports to jebena_regulator;

do $$
declare
    relation text;
begin
    foreach relation in array array['export_lots', 'export_containers', 'export_status_history', 'export_documents',
        'export_approvals', 'export_messages', 'export_permits', 'certificates_of_origin', 'issued_papers'] loop
        execute format('alter table %I enable row level security', relation);
        execute format('alter table %I force row level security', relation);
        execute format('create policy party_select on %I for select to jebena_party, jebena_regulator, jebena_auditor
            using (exists (select from exports e where e.export_id = %I.export_id))', relation, relation);
        execute format('create policy class_select on %I for select to jebena_system, jebena_worker using (true)', relation);
        execute format('grant select on %I to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_worker', relation);
    end loop;
    -- Each row names the organisation that wrote it: nobody writes for another.
    foreach relation in array array['export_status_history', 'export_documents', 'export_approvals', 'export_messages'] loop
        execute format('create policy own_organization_insert on %I for insert to jebena_party, jebena_regulator
            with check (organization_id = (select app.org())
                and exists (select from exports e where e.export_id = %I.export_id))', relation, relation);
        execute format('grant insert on %I to jebena_party, jebena_regulator', relation);
    end loop;
end
$$;
create policy party_insert on export_lots for insert to jebena_party with check (
    exists (select from exports e where e.export_id = export_lots.export_id
            and e.exporter_organization_id = (select app.org())));
grant insert on export_lots to jebena_party;
create policy queue_insert on export_containers for insert to jebena_party with check (
    exists (select from exports e where e.export_id = export_containers.export_id
            and e.shipping_organization_id = (select app.org())));
create policy queue_update on export_containers for update to jebena_party using (
    exists (select from exports e where e.export_id = export_containers.export_id
            and e.shipping_organization_id = (select app.org())));
create policy queue_delete on export_containers for delete to jebena_party using (
    exists (select from exports e where e.export_id = export_containers.export_id
            and e.shipping_organization_id = (select app.org())));
grant insert, update, delete on export_containers to jebena_party;
create policy own_organization_update on export_documents for update to jebena_party, jebena_regulator
    using (organization_id = (select app.org())) with check (organization_id = (select app.org()));
grant update (is_active, deactivated_by, deactivated_at, deactivation_reason) on export_documents
    to jebena_party, jebena_regulator;
create policy own_organization_update on export_approvals for update to jebena_party, jebena_regulator
    using (organization_id = (select app.org())) with check (organization_id = (select app.org()));
grant update (status, approved_by, approval_date, rejection_reason, approval_data, superseded_at, updated_at)
    on export_approvals to jebena_party, jebena_regulator;

-- Money received is between the exporter, its bank and the regulators; the carrier does not see it.
alter table export_settlements enable row level security;
alter table export_settlements force row level security;
create policy party_select on export_settlements for select to jebena_party using (
    exists (select from exports e where e.export_id = export_settlements.export_id
            and (select app.org()) in (e.exporter_organization_id, e.bank_organization_id)));
create policy class_select on export_settlements for select to jebena_regulator, jebena_auditor using (true);
create policy party_insert on export_settlements for insert to jebena_party with check (
    exists (select from exports e where e.export_id = export_settlements.export_id
            and e.bank_organization_id = (select app.org())));
grant select on export_settlements to jebena_party, jebena_regulator, jebena_auditor;
grant insert on export_settlements to jebena_party;

-- Certificates -----------------------------------------------------------------------------------------
create policy ecta_insert on export_permits for insert to jebena_regulator with check ((select app.org_kind()) = 'ECTA');
create policy system_update on export_permits for update to jebena_system using (true) with check (true);
create policy ecta_insert on certificates_of_origin for insert to jebena_regulator with check ((select app.org_kind()) = 'ECTA');
create policy ecta_insert on issued_papers for insert to jebena_regulator with check ((select app.org_kind()) = 'ECTA');
grant insert on export_permits, certificates_of_origin, issued_papers to jebena_regulator;
grant update (status, used_date, cancelled_at, updated_at) on export_permits to jebena_system;

alter table permit_lots enable row level security;
alter table permit_lots force row level security;
create policy party_select on permit_lots for select to jebena_party, jebena_regulator, jebena_auditor
    using (exists (select from export_permits p where p.permit_id = permit_lots.permit_id));
create policy class_select on permit_lots for select to jebena_system using (true);
create policy ecta_insert on permit_lots for insert to jebena_regulator with check ((select app.org_kind()) = 'ECTA');
grant select on permit_lots to jebena_party, jebena_regulator, jebena_auditor, jebena_system;
grant insert on permit_lots to jebena_regulator;

alter table paper_prints enable row level security;
alter table paper_prints force row level security;
create policy party_select on paper_prints for select to jebena_party, jebena_regulator, jebena_auditor
    using (exists (select from issued_papers p where p.paper_id = paper_prints.paper_id));
create policy own_person_insert on paper_prints for insert to jebena_party, jebena_regulator, jebena_auditor
    with check (printed_by = (select app.person())
        and exists (select from issued_papers p where p.paper_id = paper_prints.paper_id));
grant select, insert on paper_prints to jebena_party, jebena_regulator, jebena_auditor;

-- The record -------------------------------------------------------------------------------------------
grant usage on schema app to public;
grant usage on schema audit to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker, jebena_system;
alter table audit.events enable row level security;
alter table audit.events force row level security;
create policy own_organization_select on audit.events for select to jebena_party, jebena_regulator
    using (organization_id = (select app.org()));
create policy class_select on audit.events for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy own_organization_insert on audit.events for insert
    to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    with check (organization_id = (select app.org()) and actor_id = (select app.person()));
create policy class_insert on audit.events for insert to jebena_gate, jebena_worker, jebena_system with check (true);
grant select on audit.events to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker;
grant insert on audit.events to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker, jebena_system;

alter table audit.event_private enable row level security;
alter table audit.event_private force row level security;
create policy class_select on audit.event_private for select to jebena_auditor, jebena_admin, jebena_worker using (true);
create policy class_insert on audit.event_private for insert
    to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker, jebena_system
    with check (true);
grant select on audit.event_private to jebena_auditor, jebena_admin, jebena_worker;
grant insert on audit.event_private to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker, jebena_system;

-- Seals carry hashes and numbers only.
grant select, delete on audit.unsealed to jebena_worker;
grant select, insert on audit.seals, audit.sealed to jebena_worker;
grant select on audit.seals, audit.sealed to jebena_auditor, jebena_admin;
grant select on audit.unsealed to jebena_auditor, jebena_admin;
revoke all on function audit.hash_new_event() from public;
grant execute on function audit.hash_of(audit.events) to jebena_auditor, jebena_admin, jebena_worker;

-- Views ------------------------------------------------------------------------------------------------
grant select on qualified_exporters, export_ready_lots, pending_approvals_by_org, export_summary
    to jebena_party, jebena_regulator, jebena_auditor, jebena_system, jebena_worker;
grant select on preregistration_audit_log, user_audit_log, compliance_audit_summary, security_audit_summary,
    active_users, user_statistics to jebena_auditor, jebena_admin;
grant select on exporter_audit_activity to jebena_auditor;

-- The gate ---------------------------------------------------------------------------------------------
set role jebena_definer;

-- The session behind a cookie with its person, organisation and roles: one statement a request. No row when
-- it has expired, when the person or the organisation is disabled, or when it was idle too long.
create function gate.find_session(wanted bytea, moment timestamptz, idle interval)
returns setof gate.session_view language sql stable security definer set search_path = pg_catalog
begin atomic
    select s.data, s.created_at, s.last_activity, s.expires_at,
           u.id, u.username, u.full_name, u.language, u.shortcuts_enabled, u.is_demo,
           o.organization_id, o.kind, o.code, o.name, o.name_am,
           array(select r.role_name from public.user_roles r where r.user_id = u.id order by r.role_name)
    from public.user_sessions s
    left join public.users u on u.id = s.user_id
    left join public.organizations o on o.organization_id = u.organization_id
    where s.token_hash = wanted and s.expires_at > moment and s.last_activity > moment - idle
      and (s.user_id is null or (u.is_active and o.is_active));
end;

-- The name of a person whose id one has met on a case. No list can be had of it.
create function gate.person_name(person uuid) returns text
language sql stable security definer set search_path = pg_catalog
begin atomic
    select u.full_name from public.users u where u.id = person;
end;

-- What a stranger with a code may know of a paper.
create function gate.find_paper(code text, today date)
returns table (kind text, number text, state text, issued_on date, valid_until date, since date,
               snapshot jsonb, content_sha256 bytea, replaced_by text)
language sql stable security definer set search_path = pg_catalog
begin atomic
    select p.kind, p.number,
           case when p.kind = 'EXPORT_PERMIT' then
                    case when pe.status = 'ISSUED' and pe.valid_until < today then 'EXPIRED'
                         when pe.status = 'ISSUED' then 'VALID'
                         when pe.status = 'CANCELLED' then 'REVOKED'
                         else pe.status end
                else case c.status when 'ISSUED' then 'VALID' else c.status end end,
           (p.issued_at at time zone 'Africa/Addis_Ababa')::date,
           pe.valid_until,
           coalesce(pe.used_date, (pe.cancelled_at at time zone 'Africa/Addis_Ababa')::date),
           p.snapshot, p.content_sha256, r.certificate_number
    from public.issued_papers p
    left join public.export_permits pe on pe.permit_id = p.permit_id
    left join public.certificates_of_origin c on c.certificate_id = p.certificate_id
    left join public.certificates_of_origin r on r.certificate_id = c.replaced_by
    where p.verify_code = code;
end;

set role jebena_owner;
grant usage on schema public to jebena_definer;
grant select on issued_papers, export_permits, certificates_of_origin to jebena_definer;
create policy class_read on issued_papers for select to jebena_definer using (true);
create policy class_read on export_permits for select to jebena_definer using (true);
create policy class_read on certificates_of_origin for select to jebena_definer using (true);

set role jebena_definer;
grant usage on schema gate to jebena_app, jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker, jebena_system, jebena_public;
revoke all on function gate.find_session(bytea, timestamptz, interval), gate.person_name(uuid),
    gate.find_paper(text, date) from public;
grant execute on function gate.find_session(bytea, timestamptz, interval) to jebena_app;
grant execute on function gate.person_name(uuid) to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_system;
grant execute on function gate.find_paper(text, date) to jebena_public;
set role jebena_owner;
