create index events_entity on audit.events (entity_id, occurred_at desc);
drop index audit.events_subject, audit.events_type, audit.events_severity, audit.events_compliance;
