-- What becomes of a certificate, or of its key, after it was issued. The product hands an act in with those who approved it; it is held
-- against the rules here once more, counted once, and written down before it is done.
create table certificate_acts (
    -- The product's.
    act_id uuid primary key,
    certificate_id uuid not null references certificates,
    kind text not null check (kind in ('suspend', 'reinstate', 'revoke', 'export_key')),
    -- Of a revocation.
    revocation_reason text check (revocation_reason in ('key_compromise', 'affiliation_changed', 'superseded',
                                                        'cessation_of_operation', 'privilege_withdrawn')),
    invalidity_date timestamptz,
    requester_user_id uuid not null,
    -- For which organisation they ask.
    requester_organization_id uuid not null,
    approval_rule integer not null references approval_rules,
    -- Over all of it.
    digest bytea not null check (length(digest) = 32),
    requested_at timestamptz not null,
    approved_at timestamptz not null,
    done_at timestamptz,
    constraint certificate_acts_reason check ((kind = 'revoke') = (revocation_reason is not null)),
    constraint certificate_acts_invalidity check (invalidity_date is null or kind = 'revoke'),
    constraint certificate_acts_done check (done_at >= approved_at)
);
create index certificate_acts_certificate on certificate_acts (certificate_id, approved_at);
create index certificate_acts_approval_rule on certificate_acts (approval_rule);

create table certificate_act_approvals (
    -- The product's decision. It counts once.
    approval_id uuid primary key,
    act_id uuid not null references certificate_acts,
    approver_user_id uuid not null,
    approver_organization_id uuid not null,
    digest bytea not null check (length(digest) = 32),
    approved_at timestamptz not null,
    constraint certificate_act_approvals_person unique (act_id, approver_user_id),
    constraint certificate_act_approvals_organization unique (act_id, approver_organization_id)
);
create trigger append_only_rows before update or delete on certificate_act_approvals
    for each row execute function refuse_change();
create trigger append_only_table before truncate on certificate_act_approvals
    for each statement execute function refuse_change();
alter table certificate_act_approvals enable always trigger append_only_rows;
alter table certificate_act_approvals enable always trigger append_only_table;

-- Nobody approves what they, or their organisation, ask for or would be helped by.
create function refuse_own_act_approval() returns trigger language plpgsql as $$
begin
    if exists (select from certificate_acts a join certificates c using (certificate_id)
               where a.act_id = new.act_id
                 and (a.requester_user_id = new.approver_user_id or a.requester_organization_id = new.approver_organization_id
                      or c.organization_id = new.approver_organization_id)) then
        raise exception 'who asks, and whose certificate it is, does not approve' using errcode = '23514';
    end if;
    if exists (select from certificate_acts a join approval_rules r on r.version = a.approval_rule
               where a.act_id = new.act_id and cardinality(r.approver_organizations) > 0
                 and new.approver_organization_id <> all (r.approver_organizations)) then
        raise exception 'the organisation is none of those that approve' using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger refuse_own_act_approval before insert on certificate_act_approvals
    for each row execute function refuse_own_act_approval();

-- One alone suspends; to revoke or reinstate takes one more of another organisation; and a key leaves when as many approve as of a request.
create function refuse_unapproved_act() returns trigger language plpgsql as $$
begin
    if (select count(*) from certificate_act_approvals p where p.act_id = new.act_id)
        < (select case new.kind when 'suspend' then 0 when 'export_key' then r.approvals_needed else 1 end
           from approval_rules r where r.version = new.approval_rule) then
        raise exception 'fewer approved than have to' using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger refuse_unapproved_act before update on certificate_acts for each row
    when (new.done_at is not null) execute function refuse_unapproved_act();

grant select, insert on certificate_acts, certificate_act_approvals to jebena_signer;
grant update (done_at) on certificate_acts to jebena_signer;
grant update (is_exportable) on private_keys to jebena_signer;
