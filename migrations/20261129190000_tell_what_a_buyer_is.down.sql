drop policy administration_select on audit.events;
create policy administration_select on audit.events for select to jebena_admin
    using (entity_id is null or entity_type in ('user', 'organization', 'invitation', 'system', 'alert', 'job'));
drop function audit.is_of_the_system(text, uuid);
revoke select (buyer_id, status) on buyers from jebena_definer;
drop policy definer_select on buyers;
set role jebena_definer;
drop function gate.buyer_status(uuid);
set role jebena_owner;
