-- Between scheduling and loading the carrier rolls the coffee over to another vessel and changes containers and seals,
-- also while customs has the export. Another container after the clearance leads back to customs.
insert into legal_moves (subject, from_state, action, to_state) values
    ('EXPORT', 'SHIPMENT_SCHEDULED:CLEARANCE', 'containers', 'SHIPMENT_SCHEDULED:CLEARANCE'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:CLEARANCE', 'roll-over', 'SHIPMENT_SCHEDULED:CLEARANCE'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'containers', 'SHIPMENT_SCHEDULED:CLEARANCE'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'containers', 'SHIPMENT_SCHEDULED:LOADING'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:LOADING', 'roll-over', 'SHIPMENT_SCHEDULED:LOADING'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:RETURNED', 'containers', 'SHIPMENT_SCHEDULED:RETURNED'),
    ('EXPORT', 'SHIPMENT_SCHEDULED:RETURNED', 'roll-over', 'SHIPMENT_SCHEDULED:RETURNED');
alter table export_status_history
    add constraint export_status_history_rebooked check (action not in ('containers', 'roll-over') or reason is not null);

-- The booking is the carrier's to change in whoever's queue the export stands.
alter policy party_update on exports using (
    (select app.org()) in (queue_organization_id, exporter_organization_id)
    or status = 'SHIPMENT_SCHEDULED' and shipping_organization_id = (select app.org()));
