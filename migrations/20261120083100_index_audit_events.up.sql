-- The seed's indexes of its two audit logs, on the one table behind both. An audit row is written with every act,
-- so each index has to earn its keep:
--   (timestamp), (created_at)                        events_time, as before
--   (user_id)                                        events_actor, as before
--   (event_type), (action)                           events_type: the views tell the two apart by nothing else
--   (entity_type, entity_id, timestamp desc)         events_subject, in the place of events_entity
--   (severity, timestamp desc)                       events_severity
--   (compliance_relevant, timestamp desc), where compliance_relevant    events_compliance, one for both
--   where severity = 'CRITICAL'                      events_critical, as before: such rows are few
--   where archived = false                           none: nothing is archived, so it would hold every row
create index events_subject on audit.events (entity_type, entity_id, occurred_at desc);
drop index audit.events_entity;
create index events_type on audit.events (event_type, occurred_at desc);
create index events_severity on audit.events (severity, occurred_at desc);
create index events_compliance on audit.events (compliance_relevant, occurred_at desc) where compliance_relevant;
