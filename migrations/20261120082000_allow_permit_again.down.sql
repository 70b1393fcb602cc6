delete from legal_moves
where (subject, from_state, action, to_state)
    = ('EXPORT', 'SHIPMENT_SCHEDULED:RETURNED', 'resubmit', 'QUALITY_CERTIFIED:PERMIT');
