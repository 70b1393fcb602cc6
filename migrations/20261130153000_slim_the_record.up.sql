-- A row of the record is written with every act, and more than half of its bytes were indexes. By severity and by being relevant
-- for compliance hardly anything is found: each value is a large part of all rows, so that the newest of them are found along
-- events_time as soon. What is seldom, CRITICAL, has its own index. The two that the seed asks for become summaries of blocks,
-- which are as good where a period is read, and take next to nothing. Under the condition compliance_relevant is true in every
-- entry, so that the time is all there is to summarize.
drop index audit.events_severity, audit.events_compliance;
create index events_severity on audit.events using brin (severity, occurred_at);
create index events_compliance on audit.events using brin (occurred_at) where compliance_relevant;
