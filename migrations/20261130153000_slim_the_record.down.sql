drop index audit.events_severity, audit.events_compliance;
create index events_severity on audit.events (severity, occurred_at desc);
create index events_compliance on audit.events (compliance_relevant, occurred_at desc) where compliance_relevant;
