-- What is to become of a certificate or of its key, and who asks for it: it is suspended by one person, revoked or reinstated by two of
-- two organisations, and its key leaves when as many approve as of a request. Decisions lie with those about requests
-- (certificate_approvals), under the act's id; the signer is told by a job, or asked for the key when it is fetched.
create table certificate_acts (
    act_id uuid primary key,
    -- As the signer knows it; it lies in the signer's database.
    certificate_id uuid not null,
    -- Whose it is.
    subject_organization_id uuid not null references organizations on delete restrict,
    kind text not null check (kind in ('SUSPEND', 'REINSTATE', 'REVOKE', 'EXPORT_KEY')),
    -- Of a revocation (RFC 5280).
    revocation_reason text check (revocation_reason in ('KEY_COMPROMISE', 'AFFILIATION_CHANGED', 'SUPERSEDED',
        'CESSATION_OF_OPERATION', 'PRIVILEGE_WITHDRAWN')),
    -- From when on its signatures are not to be relied on, where that is earlier.
    invalid_from timestamptz,
    why text not null check (length(btrim(why)) between 10 and 500),
    requested_by uuid not null references users on delete restrict,
    -- For which organisation.
    organization_id uuid not null references organizations on delete restrict,
    -- The signer's rule of approval when it was asked for: who else has to approve.
    approval_rule integer not null check (approval_rule > 0),
    approvals_needed smallint not null check (approvals_needed between 0 and 20),
    -- None named means that every organisation may.
    approvers uuid[] not null,
    requested_at timestamptz not null,
    -- When it had become of the certificate.
    done_at timestamptz,
    constraint certificate_acts_reason check ((kind = 'REVOKE') = (revocation_reason is not null)),
    constraint certificate_acts_invalid_from check (invalid_from is null or kind = 'REVOKE' and invalid_from <= requested_at),
    constraint certificate_acts_approvals check (case kind
        when 'SUSPEND' then approvals_needed = 0 when 'EXPORT_KEY' then approvals_needed >= 2 else approvals_needed = 1 end),
    -- A key leaves for its own holder alone.
    constraint certificate_acts_own_key check (kind <> 'EXPORT_KEY' or organization_id = subject_organization_id),
    constraint certificate_acts_done check (done_at >= requested_at)
);
create index certificate_acts_certificate on certificate_acts (certificate_id, requested_at);
create index certificate_acts_newest on certificate_acts (requested_at desc, act_id);
create index certificate_acts_subject on certificate_acts (subject_organization_id);
create index certificate_acts_organization on certificate_acts (organization_id);
create index certificate_acts_requested_by on certificate_acts (requested_by);

-- Nothing of it changes but that it is done, once.
create function app.keep_act() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.done_at is not null
        or (to_jsonb(new) - 'done_at') is distinct from (to_jsonb(old) - 'done_at') then
        raise exception 'an act on a certificate stays as it was asked for' using errcode = '42501';
    end if;
    return new;
end
$$;
create trigger keep_act before update or delete on certificate_acts for each row execute function app.keep_act();
create trigger append_only_table before truncate on certificate_acts for each statement execute function app.refuse_change();
alter table certificate_acts enable always trigger keep_act;
alter table certificate_acts enable always trigger append_only_table;

alter table certificate_acts enable row level security;
alter table certificate_acts force row level security;
create policy party_select on certificate_acts for select to jebena_party
    using (subject_organization_id = (select app.org()) or organization_id = (select app.org()));
create policy class_select on certificate_acts for select
    to jebena_regulator, jebena_auditor, jebena_admin, jebena_worker using (true);
create policy party_insert on certificate_acts for insert to jebena_party
    with check (requested_by = (select app.person()) and organization_id = (select app.org())
                and subject_organization_id = (select app.org()));
create policy regulator_insert on certificate_acts for insert to jebena_regulator
    with check (requested_by = (select app.person()) and organization_id = (select app.org()));
create policy requester_update on certificate_acts for update to jebena_party, jebena_regulator
    using (kind = 'EXPORT_KEY' and requested_by = (select app.person()))
    with check (kind = 'EXPORT_KEY' and requested_by = (select app.person()));
create policy worker_update on certificate_acts for update to jebena_worker using (true) with check (true);
grant select on certificate_acts to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker;
grant insert on certificate_acts to jebena_party, jebena_regulator;
grant update (done_at) on certificate_acts to jebena_party, jebena_regulator, jebena_worker;

insert into processing_register (source, person_column, purpose, legal_basis, kept, told, on_erasure) values
    ('certificate_acts', 'requested_by', 'ADMINISTRATION', 'LEGAL_OBLIGATION', 'YEARS_7',
        '{act_id,certificate_id,kind,revocation_reason,why,requested_at,done_at}', 'KEEP');
create policy own_data_select on certificate_acts for select to jebena_privacy
    using (requested_by = (select app.person()));
grant select (act_id, certificate_id, kind, revocation_reason, why, requested_at, done_at, requested_by) on certificate_acts
    to jebena_privacy;

-- Who asks for another organisation's certificate to be revoked gives that up for their own organisation.
alter table certificate_approvals drop constraint certificate_approvals_of_others,
    add constraint certificate_approvals_of_others check (case verdict when 'WITHDRAWN'
        then approver_id = requested_by
        else approver_id <> requested_by and organization_id <> subject_organization_id end);

alter table notifications drop constraint notifications_subject_kind_check,
    add constraint notifications_subject_kind_check check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER',
        'COMPETENCE', 'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER', 'CERTIFICATE', 'CERTIFICATE_REQUEST', 'CERTIFICATE_ACT'));

-- Who runs the system reads of it in the record.
create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job', 'hold', 'archive',
        'certificate', 'certificate_act', 'certificate_request', 'signer');
