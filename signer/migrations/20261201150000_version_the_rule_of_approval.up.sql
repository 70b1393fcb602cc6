-- How many organisations have to approve a request for a certificate, and which may (n of m). A rule is never changed: the next
-- version takes its place for requests that come after it, and each request keeps the one under which it came.
create table approval_rules (
    version integer primary key check (version > 0),
    approvals_needed smallint not null check (approvals_needed between 2 and 20),
    -- Of the product's database; none named means that every organisation may.
    approver_organizations uuid[] not null,
    -- The plan in which it was reviewed; the first has none.
    plan_sha256 bytea check (length(plan_sha256) = 32),
    decided_at timestamptz not null,
    constraint approval_rules_can_be_met check (
        cardinality(approver_organizations) = 0 or cardinality(approver_organizations) >= approvals_needed)
);
insert into approval_rules (version, approvals_needed, approver_organizations, decided_at) values (1, 2, '{}', now());
create trigger append_only_rows before update or delete on approval_rules for each row execute function refuse_change();
create trigger append_only_table before truncate on approval_rules for each statement execute function refuse_change();
alter table approval_rules enable always trigger append_only_rows;
alter table approval_rules enable always trigger append_only_table;
grant select, insert on approval_rules to jebena_signer;

alter table certificate_requests add column approval_rule integer not null default 1 references approval_rules;
alter table certificate_requests alter column approval_rule drop default;
create index certificate_requests_approval_rule on certificate_requests (approval_rule);

-- What may not approve, whoever enters it.
create or replace function refuse_own_approval() returns trigger language plpgsql as $$
begin
    if exists (select from certificate_requests r
               where r.request_id = new.request_id and r.requester_user_id = new.approver_user_id) then
        raise exception 'who asks for a certificate does not approve it' using errcode = '23514';
    end if;
    if exists (select from certificate_requests r join approval_rules a on a.version = r.approval_rule
               where r.request_id = new.request_id and cardinality(a.approver_organizations) > 0
                 and new.approver_organization_id <> all (a.approver_organizations)) then
        raise exception 'the organisation is none of those that approve' using errcode = '23514';
    end if;
    return new;
end
$$;

create function refuse_unapproved() returns trigger language plpgsql as $$
begin
    if (select count(*) from certificate_request_approvals a where a.request_id = new.request_id)
        < (select r.approvals_needed from approval_rules r where r.version = new.approval_rule) then
        raise exception 'fewer approved than have to' using errcode = '23514';
    end if;
    return new;
end
$$;
create trigger refuse_unapproved before update on certificate_requests for each row
    when (new.status in ('approved', 'fulfilled') and new.status is distinct from old.status)
    execute function refuse_unapproved();
