-- A permit whose time is over before the coffee is loaded is followed by another one: the export comes back to
-- the authority from every step that needs the permit.
insert into legal_moves (subject, from_state, action, to_state) values
    ('EXPORT', 'SHIPMENT_SCHEDULED:RETURNED', 'resubmit', 'QUALITY_CERTIFIED:PERMIT');
