-- Certificates: who sees them, who asks for them, who decides. Requests and certificates lie with the signer, in a database of its own;
-- what is decided about them is decided here, and the signer is told of it by a job.

insert into permissions (code, area, weight) values
    ('pki:certificate:view', 'pki', 'LIGHT'),
    ('pki:certificate:view-all', 'pki', 'LIGHT'),
    ('pki:request:submit', 'pki', 'ADMINISTERS'),
    ('pki:request:decide', 'pki', 'DECIDES');
insert into role_permissions (kind, role_name, permission)
select x.kind, role_name, permission
from (values
    ('{EXPORTER}', '{OWNER,ORG_ADMIN}', '{pki:certificate:view,pki:request:submit}'),
    ('{COMMERCIAL_BANK,NATIONAL_BANK,ECTA,ECX,SHIPPING_LINE,CUSTOMS}', '{ORG_ADMIN}', '{pki:certificate:view,pki:request:submit}'),
    ('{NATIONAL_BANK,ECTA,CUSTOMS}', '{OFFICER}', '{pki:certificate:view,pki:certificate:view-all}'),
    ('{NATIONAL_BANK,ECTA,CUSTOMS}', '{SUPERVISOR}', '{pki:certificate:view,pki:certificate:view-all,pki:request:decide}'),
    ('{AUDITOR}', '{AUDITOR}', '{pki:certificate:view,pki:certificate:view-all}'),
    ('{ADMINISTRATION}', '{SYSTEM_ADMIN}', '{pki:certificate:view,pki:certificate:view-all}')
) v (kinds, roles, permissions),
    unnest(v.kinds::text[]) as x (kind), unnest(v.roles::text[]) as r (role_name), unnest(v.permissions::text[]) as p (permission);

-- One decision about a request for a certificate: somebody of another organisation approves or rejects exactly what the digest is of,
-- or who has asked gives it up.
create table certificate_approvals (
    approval_id uuid primary key,
    -- As the signer knows it; it lies in the signer's database.
    request_id uuid not null,
    -- SHA-256 over all that will be issued, as it was shown.
    digest bytea not null check (length(digest) = 32),
    -- Whose certificate it is to be.
    subject_organization_id uuid not null references organizations on delete restrict,
    requested_by uuid not null references users on delete restrict,
    approver_id uuid not null references users on delete restrict,
    -- For whom the approver decided.
    organization_id uuid not null references organizations on delete restrict,
    verdict text not null check (verdict in ('APPROVED', 'REJECTED', 'WITHDRAWN')),
    reason text check (length(btrim(reason)) between 10 and 500),
    decided_at timestamptz not null,
    check ((verdict = 'REJECTED') = (reason is not null)),
    -- Nobody decides about what they asked for, or about their own organisation's; and nobody else gives a request up.
    constraint certificate_approvals_of_others check (case verdict when 'WITHDRAWN'
        then approver_id = requested_by and organization_id = subject_organization_id
        else approver_id <> requested_by and organization_id <> subject_organization_id end),
    -- One voice for each person, and for each organisation.
    constraint certificate_approvals_one_person unique (request_id, approver_id),
    constraint certificate_approvals_one_organization unique (request_id, organization_id)
);
-- What is rejected or given up is over.
create unique index certificate_approvals_one_end on certificate_approvals (request_id) where verdict <> 'APPROVED';
create index certificate_approvals_subject on certificate_approvals (subject_organization_id, decided_at desc);
create index certificate_approvals_requested_by on certificate_approvals (requested_by);
create index certificate_approvals_approver on certificate_approvals (approver_id);
create index certificate_approvals_organization on certificate_approvals (organization_id);

create trigger append_only_rows before update or delete on certificate_approvals
    for each row execute function app.refuse_change();
create trigger append_only_table before truncate on certificate_approvals
    for each statement execute function app.refuse_change();
alter table certificate_approvals enable always trigger append_only_rows;
alter table certificate_approvals enable always trigger append_only_table;

alter table certificate_approvals enable row level security;
alter table certificate_approvals force row level security;
create policy party_select on certificate_approvals for select to jebena_party
    using (subject_organization_id = (select app.org()) or organization_id = (select app.org()));
create policy class_select on certificate_approvals for select
    to jebena_regulator, jebena_auditor, jebena_admin, jebena_worker using (true);
create policy decider_insert on certificate_approvals for insert to jebena_regulator
    with check (approver_id = (select app.person()) and organization_id = (select app.org()));
create policy withdrawer_insert on certificate_approvals for insert to jebena_party
    with check (verdict = 'WITHDRAWN' and approver_id = (select app.person()) and organization_id = (select app.org()));
grant select on certificate_approvals to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker;
grant insert on certificate_approvals to jebena_party, jebena_regulator;

insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('certificate_approvals', 'approver_id', 'ADMINISTRATION', 'LEGAL_OBLIGATION', 'YEARS_7',
        '{approval_id,request_id,verdict,reason,decided_at}', 'KEEP'),
    ('certificate_approvals', 'requested_by', 'ADMINISTRATION', 'LEGAL_OBLIGATION', 'YEARS_7',
        '{approval_id,request_id,verdict,decided_at}', 'KEEP');
create policy own_data_select on certificate_approvals for select to jebena_privacy
    using (approver_id = (select app.person()) or requested_by = (select app.person()));
grant select (approval_id, request_id, verdict, reason, decided_at, approver_id, requested_by) on certificate_approvals
    to jebena_privacy;

-- How many papers a certificate has sealed: a number, for whoever is shown the certificate.
grant create on schema app to jebena_definer;
set role jebena_definer;
create function app.count_sealed(certificate bytea) returns bigint language sql stable security definer
    set search_path = pg_catalog as $$
    select count(*) from public.paper_seals s where s.certificate_sha256 = certificate
$$;
revoke all on function app.count_sealed(bytea) from public;
grant execute on function app.count_sealed(bytea) to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
set role jebena_owner;
revoke create on schema app from jebena_definer;

-- Those who may decide hear of a request, and who asked of what was decided.
alter table notifications drop constraint notifications_event_check,
    add constraint notifications_event_check check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
        'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_REJECTED', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING', 'CERTIFICATE_ASKED',
        'CERTIFICATE_DECIDED', 'SECURITY_ALERT')),
    drop constraint notifications_subject_kind_check,
    add constraint notifications_subject_kind_check check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER',
        'COMPETENCE', 'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER', 'CERTIFICATE_REQUEST'));

alter table notification_preferences drop constraint notification_preferences_mutable,
    add constraint notification_preferences_mutable check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
        'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING', 'CERTIFICATE_ASKED',
        'CERTIFICATE_DECIDED'));

-- Who runs the system reads of requests for certificates in the record.
create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job', 'hold', 'archive',
        'certificate_request');
