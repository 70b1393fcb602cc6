\set n random(1, :rows)
\set version random(2, 2000000000)
begin;
update floor.exports set status = 'FX_APPROVED', stage = 'QUALITY', version = version + 1, changed_at = now(), stage_entered_at = now(), claimed_by = null where export_id = lpad(:n::text, 32, '0')::uuid and version > 0;
insert into floor.history (history_id, export_id, version, old_status, new_status, old_stage, new_stage, action, subject, from_state, to_state, changed_by, organization, organization_id, created_at) values (gen_random_uuid(), lpad(:n::text, 32, '0')::uuid, :version, 'PENDING', 'FX_APPROVED', 'FX', 'QUALITY', 'fx-approve', 'EXPORT', 'PENDING-FX', 'FX_APPROVED-QUALITY', '00000000-0000-0000-0000-000000000001', 'NBE', '00000000-0000-0000-0000-000000000002', now());
insert into floor.approvals (approval_id, export_id, approval_type, organization, organization_id, status, approved_by, approval_date, approval_data, superseded_at, created_at, updated_at) values (gen_random_uuid(), lpad(:n::text, 32, '0')::uuid, 'FX_APPROVAL', 'NBE', '00000000-0000-0000-0000-000000000002', 'APPROVED', '00000000-0000-0000-0000-000000000001', now(), '{"etb_per_unit": "150.25"}', now(), now(), now());
insert into floor.events (event_id, occurred_at, actor_id, organization_id, event_type, entity_type, entity_id, severity, compliance_relevant, details, row_hash) values (gen_random_uuid(), now(), '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', 'FX_APPROVED', 'export', lpad(:n::text, 32, '0')::uuid, 'HIGH', true, '{"action": "fx-approve"}', '\x00');
commit;
