drop policy administration_select on audit.event_private;
drop policy class_select on audit.event_private;
create policy class_select on audit.event_private for select to jebena_auditor, jebena_admin, jebena_worker using (true);
drop policy administration_select on audit.events;
drop policy class_select on audit.events;
create policy class_select on audit.events for select to jebena_auditor, jebena_admin, jebena_worker using (true);
drop policy auditor_select on users;
