-- The National Bank puts the due date of proceeds off. What it granted holds, whatever else of the export is looked at
-- again: it stands in a table of its own instead of in the due date alone.
create table settlement_extensions (
    extension_id uuid primary key,
    export_id uuid not null references exports on delete restrict,
    -- When the proceeds were due before, and to which day that was put off.
    due_from date not null,
    due_to date not null,
    reason text not null check (length(reason) between 10 and 500),
    granted_by uuid not null references users on delete restrict,
    organization_id uuid not null references organizations on delete restrict,
    granted_at timestamptz not null,
    check (due_to > due_from)
);
create index settlement_extensions_export on settlement_extensions (export_id, granted_at);
create index settlement_extensions_granted_by on settlement_extensions (granted_by);
create index settlement_extensions_organization on settlement_extensions (organization_id);

-- What was granted before stands in the history. The walls stand against the owner too.
alter table export_status_history no force row level security;
insert into settlement_extensions (extension_id, export_id, due_from, due_to, reason, granted_by, organization_id, granted_at)
select h.history_id, h.export_id, (h.details #>> '{changes,0,old}')::date, (h.details #>> '{changes,0,new}')::date, h.reason,
    h.changed_by, h.organization_id, h.created_at
from export_status_history h
where h.action = 'extend';
alter table export_status_history force row level security;
-- A second look at the documents had set the due date anew, and the extension was gone: it holds again.
alter table exports no force row level security;
update exports e set settlement_due_date = x.due_to, updated_at = now()
from (select export_id, max(due_to) as due_to from settlement_extensions group by export_id) x
where x.export_id = e.export_id and e.settlement_due_date < x.due_to and e.status not in ('COMPLETED', 'CANCELLED');
alter table exports force row level security;
call app.make_append_only('settlement_extensions');

-- Like the proceeds, they are between the exporter, its bank and the regulators.
alter table settlement_extensions enable row level security;
alter table settlement_extensions force row level security;
create policy party_select on settlement_extensions for select to jebena_party using (
    exists (select from exports e where e.export_id = settlement_extensions.export_id
            and (select app.org()) in (e.exporter_organization_id, e.bank_organization_id)));
create policy class_select on settlement_extensions for select to jebena_regulator, jebena_auditor using (true);
create policy central_bank_insert on settlement_extensions for insert to jebena_regulator with check (
    (select app.org_kind()) = 'NATIONAL_BANK' and organization_id = (select app.org()));
grant select on settlement_extensions to jebena_party, jebena_regulator, jebena_auditor;
grant insert on settlement_extensions to jebena_regulator;
