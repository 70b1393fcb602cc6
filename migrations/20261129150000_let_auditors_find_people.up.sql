-- Who reads the record looks for what a person has done, whoever they work for.
create policy auditor_select on users for select to jebena_auditor using (true);

-- Who runs the system sees no business case, and so no event of one: what is about people, organisations and the system, and
-- what is about nothing in particular, such as a list that was downloaded.
drop policy class_select on audit.events;
create policy class_select on audit.events for select to jebena_auditor, jebena_worker using (true);
create policy administration_select on audit.events for select to jebena_admin
    using (entity_id is null or entity_type in ('user', 'organization', 'invitation', 'system'));
drop policy class_select on audit.event_private;
create policy class_select on audit.event_private for select to jebena_auditor, jebena_worker using (true);
create policy administration_select on audit.event_private for select to jebena_admin
    using (exists (select from audit.events e
                   where e.event_id = event_private.event_id and e.occurred_at = event_private.occurred_at));
