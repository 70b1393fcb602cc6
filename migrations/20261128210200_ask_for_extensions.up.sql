-- An exporter asks the National Bank to put the due date of its proceeds off; it is granted with an extension, or refused
-- with a reason. One request at a time.
create table extension_requests (
    request_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    asked_until date not null,
    reason text not null check (length(reason) between 10 and 500),
    asked_by uuid not null references users on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    asked_at timestamptz not null,
    answer text check (answer in ('GRANTED', 'REFUSED')),
    answer_reason text check (length(answer_reason) between 10 and 500),
    answered_by uuid references users on delete restrict,
    answered_at timestamptz,
    check (num_nulls(answer, answered_by, answered_at) in (0, 3)),
    check ((answer is not distinct from 'REFUSED') = (answer_reason is not null))
);
create unique index extension_requests_open on extension_requests (export_id) where answer is null;
create index extension_requests_waiting on extension_requests (asked_at, request_id) where answer is null;
create index extension_requests_export on extension_requests (export_id, asked_at);
create index extension_requests_asked_by on extension_requests (asked_by);
create index extension_requests_organization on extension_requests (organization_id);
create index extension_requests_answered_by on extension_requests (answered_by);
-- The running extensions, the newest first.
create index settlement_extensions_granted on settlement_extensions (granted_at desc, extension_id desc);

alter table extension_requests enable row level security;
alter table extension_requests force row level security;
create policy party_select on extension_requests for select to jebena_party using (
    exists (select from exports e where e.export_id = extension_requests.export_id
            and (select app.org()) in (e.exporter_organization_id, e.bank_organization_id)));
create policy class_select on extension_requests for select to jebena_regulator, jebena_auditor using (true);
create policy exporter_insert on extension_requests for insert to jebena_party with check (
    organization_id = (select app.org())
    and exists (select from exports e where e.export_id = extension_requests.export_id
                and e.exporter_organization_id = (select app.org())));
create policy central_bank_update on extension_requests for update to jebena_regulator
    using ((select app.org_kind()) = 'NATIONAL_BANK') with check ((select app.org_kind()) = 'NATIONAL_BANK');
grant select on extension_requests to jebena_party, jebena_regulator, jebena_auditor;
grant insert on extension_requests to jebena_party;
grant update (answer, answer_reason, answered_by, answered_at) on extension_requests to jebena_regulator;

insert into legal_moves (subject, from_state, action, to_state)
select subject, from_state, action_of, to_state
from legal_moves cross join unnest(array['ask-extension', 'refuse-extension']) as action_of
where subject = 'EXPORT' and action = 'extend';
