-- An export is amended after others have agreed to it: the approvals that no longer hold are superseded, it goes back
-- to the earliest step that has to agree again, and passes those that hold on its way forward.

-- A correction leaves every approval standing, an amendment undoes some; both until the coffee is on board.
insert into legal_moves (subject, from_state, action, to_state)
select 'EXPORT', state, 'correct', state
from unnest(array[
    'FX_APPROVED:QUALITY', 'PENDING:BANK_CHECK', 'PENDING:FX', 'QUALITY_CERTIFIED:PERMIT',
    'QUALITY_CERTIFIED:SCHEDULING', 'SHIPMENT_SCHEDULED:CLEARANCE', 'SHIPMENT_SCHEDULED:LOADING',
    'SHIPMENT_SCHEDULED:RETURNED']) as state;
insert into legal_moves (subject, from_state, action, to_state) values
    ('EXPORT', 'FX_APPROVED:QUALITY', 'amend', 'FX_APPROVED:QUALITY'),
    ('EXPORT', 'FX_APPROVED:QUALITY', 'amend', 'PENDING:BANK_CHECK'),
    ('EXPORT', 'FX_APPROVED:RETURNED', 'amend', 'FX_APPROVED:RETURNED'),
    ('EXPORT', 'FX_APPROVED:RETURNED', 'amend', 'PENDING:RETURNED'),
    ('EXPORT', 'FX_REJECTED:RETURNED', 'amend', 'FX_REJECTED:RETURNED'),
    ('EXPORT', 'FX_REJECTED:RETURNED', 'amend', 'PENDING:RETURNED'),
    ('EXPORT', 'PENDING:BANK_CHECK', 'amend', 'PENDING:BANK_CHECK'),
    ('EXPORT', 'PENDING:FX', 'amend', 'PENDING:BANK_CHECK'),
    ('EXPORT', 'PENDING:FX', 'amend', 'PENDING:FX'),
    ('EXPORT', 'PENDING:FX', 'fx:approve', 'QUALITY_CERTIFIED:PERMIT'),
    ('EXPORT', 'PENDING:FX', 'fx:approve', 'QUALITY_CERTIFIED:SCHEDULING'),
    ('EXPORT', 'PENDING:FX', 'fx:approve', 'SHIPMENT_SCHEDULED:CLEARANCE'),
    ('EXPORT', 'PENDING:RETURNED', 'amend', 'PENDING:RETURNED'),
    ('EXPORT', 'QUALITY_CERTIFIED:PERMIT', 'amend', 'FX_APPROVED:QUALITY'),
    ('EXPORT', 'QUALITY_CERTIFIED:PERMIT', 'amend', 'PENDING:BANK_CHECK'),
    ('EXPORT', 'QUALITY_CERTIFIED:PERMIT', 'amend', 'QUALITY_CERTIFIED:PERMIT'),
    ('EXPORT', 'QUALITY_CERTIFIED:RETURNED', 'amend', 'FX_APPROVED:RETURNED'),
    ('EXPORT', 'QUALITY_CERTIFIED:RETURNED', 'amend', 'PENDING:RETURNED'),
    ('EXPORT', 'QUALITY_CERTIFIED:RETURNED', 'amend', 'QUALITY_CERTIFIED:RETURNED'),
    ('EXPORT', 'QUALITY_CERTIFIED:SCHEDULING', 'amend', 'FX_APPROVED:QUALITY'),
    ('EXPORT', 'QUALITY_CERTIFIED:SCHEDULING', 'amend', 'PENDING:BANK_CHECK'),
    ('EXPORT', 'QUALITY_CERTIFIED:SCHEDULING', 'amend', 'QUALITY_CERTIFIED:PERMIT'),
    ('EXPORT', 'QUALITY_CERTIFIED:SCHEDULING', 'amend', 'QUALITY_CERTIFIED:SCHEDULING'),
    ('EXPORT', 'QUALITY_REJECTED:RETURNED', 'amend', 'PENDING:RETURNED'),
    ('EXPORT', 'QUALITY_REJECTED:RETURNED', 'amend', 'QUALITY_REJECTED:RETURNED'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:CLEARANCE', 'amend', 'FX_APPROVED:QUALITY'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:CLEARANCE', 'amend', 'PENDING:BANK_CHECK'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:CLEARANCE', 'amend', 'QUALITY_CERTIFIED:PERMIT'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:CLEARANCE', 'amend', 'QUALITY_CERTIFIED:SCHEDULING'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:CLEARANCE', 'amend', 'SHIPMENT_SCHEDULED:CLEARANCE'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'amend', 'FX_APPROVED:QUALITY'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'amend', 'PENDING:BANK_CHECK'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'amend', 'QUALITY_CERTIFIED:PERMIT'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'amend', 'QUALITY_CERTIFIED:SCHEDULING'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'amend', 'SHIPMENT_SCHEDULED:CLEARANCE'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'amend', 'SHIPMENT_SCHEDULED:LOADING'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:RETURNED', 'amend', 'FX_APPROVED:RETURNED'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:RETURNED', 'amend', 'PENDING:RETURNED'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:RETURNED', 'amend', 'QUALITY_CERTIFIED:RETURNED'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:RETURNED', 'amend', 'SHIPMENT_SCHEDULED:RETURNED');

-- Who undoes what others have agreed to says why.
alter table export_status_history
    add constraint export_status_history_amended check (action <> 'amend' or reason is not null);

-- Other lots take the place of the former ones as long as the export may be changed, in whoever's hands it is.
alter policy party_delete on export_lots using (
    exists (select from exports e where e.export_id = export_lots.export_id
            and e.exporter_organization_id = (select app.org())
            and e.status not in ('SHIPPED', 'COMPLETED', 'CANCELLED')));
-- A booking that no longer holds leaves no containers behind.
create policy system_delete on export_containers for delete to jebena_system using (true);
grant delete on export_containers to jebena_system;

-- Where another permit was asked for, permit, booking and clearance stayed in force until they were given anew. What
-- has still to be given is not in force. The policies hold against the owner too.
alter table exports no force row level security;
alter table export_approvals no force row level security;
update export_approvals a set superseded_at = e.changed_at, updated_at = e.changed_at
from exports e
where e.export_id = a.export_id and a.superseded_at is null and a.status = 'APPROVED'
  and a.approval_type = any (case coalesce(e.resume_stage, e.stage)
      when 'PERMIT' then array['EXPORT_PERMIT', 'SHIPMENT_SCHEDULING', 'CUSTOMS_CLEARANCE']
      when 'SCHEDULING' then array['SHIPMENT_SCHEDULING', 'CUSTOMS_CLEARANCE']
      when 'CLEARANCE' then array['CUSTOMS_CLEARANCE']
      else array[]::text[] end);
alter table exports force row level security;
alter table export_approvals force row level security;
