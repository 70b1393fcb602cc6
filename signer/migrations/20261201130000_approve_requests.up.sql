-- What is known of who asks, without their request: the certificate names them so.
alter table certificate_requests
    add column organization_name text not null,
    add column organization_identifier text;
-- A key serves one request: who was refused or gave up may ask for it again.
create unique index certificate_requests_one_key on certificate_requests (public_key_sha256)
    where status in ('pending', 'approved', 'fulfilled');

-- Who approved what: handed in by the product, whose decisions they are, and held against the rules here once more.
create table certificate_request_approvals (
    -- The product's decision. It counts once.
    approval_id uuid primary key,
    request_id uuid not null references certificate_requests,
    approver_user_id uuid not null,
    approver_organization_id uuid not null,
    -- Of what was approved.
    digest bytea not null check (length(digest) = 32),
    approved_at timestamptz not null,
    constraint certificate_request_approvals_person unique (request_id, approver_user_id),
    constraint certificate_request_approvals_organization unique (request_id, approver_organization_id)
);

create function refuse_own_approval() returns trigger language plpgsql as $$
begin
    if exists (select from certificate_requests r
               where r.request_id = new.request_id and r.requester_user_id = new.approver_user_id) then
        raise exception 'who asks for a certificate does not approve it' using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger refuse_own_approval before insert on certificate_request_approvals
    for each row execute function refuse_own_approval();
create trigger append_only_rows before update or delete on certificate_request_approvals
    for each row execute function refuse_change();
create trigger append_only_table before truncate on certificate_request_approvals
    for each statement execute function refuse_change();

grant select, insert on certificate_request_approvals to jebena_signer;
