-- Changes that do not move an export: the exporter corrects a request that is with them, the National Bank puts
-- the due date of the proceeds off.
alter table export_status_history add column details jsonb not null default '{}';

insert into legal_moves (subject, from_state, action, to_state)
select 'EXPORT', state, 'correct', state
from unnest(array['PENDING:PREPARATION', 'PENDING:RETURNED', 'FX_REJECTED:RETURNED', 'FX_APPROVED:RETURNED',
    'QUALITY_REJECTED:RETURNED', 'QUALITY_CERTIFIED:RETURNED']) as state;
insert into legal_moves (subject, from_state, action, to_state)
select 'EXPORT', state, 'extend', state
from unnest(array['PENDING:FX', 'PENDING:RETURNED', 'FX_REJECTED:RETURNED', 'FX_APPROVED:QUALITY',
    'FX_APPROVED:RETURNED', 'QUALITY_REJECTED:RETURNED', 'QUALITY_CERTIFIED:PERMIT', 'QUALITY_CERTIFIED:SCHEDULING',
    'QUALITY_CERTIFIED:RETURNED', 'SHIPMENT_SCHEDULED:CLEARANCE', 'SHIPMENT_SCHEDULED:LOADING',
    'SHIPMENT_SCHEDULED:RETURNED', 'SHIPPED:ORIGIN_SIGNATURE', 'SHIPPED:ORIGIN', 'SHIPPED:SETTLEMENT',
    'SHIPPED:RETURNED']) as state;

-- The due date is the National Bank's to move in whoever's queue the export stands, once the bank's permit has set it.
create policy central_bank_update on exports for update to jebena_regulator
    using ((select app.org_kind()) = 'NATIONAL_BANK' and settlement_due_date is not null) with check (true);
-- A correction puts other lots in the place of the former ones.
create policy party_delete on export_lots for delete to jebena_party using (
    exists (select from exports e where e.export_id = export_lots.export_id
            and e.exporter_organization_id = (select app.org()) and e.stage in ('PREPARATION', 'RETURNED')));
grant delete on export_lots to jebena_party;
-- When a correction names another bank or carrier, the former one's decisions are no longer in force.
create policy system_update on export_approvals for update to jebena_system using (true) with check (true);
grant update (superseded_at, updated_at) on export_approvals to jebena_system;
