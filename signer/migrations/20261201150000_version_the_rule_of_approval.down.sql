drop trigger refuse_unapproved on certificate_requests;
drop function refuse_unapproved();
create or replace function refuse_own_approval() returns trigger language plpgsql as $$
begin
    if exists (select from certificate_requests r
               where r.request_id = new.request_id and r.requester_user_id = new.approver_user_id) then
        raise exception 'who asks for a certificate does not approve it' using errcode = '23514';
    end if;
    return new;
end
$$;
alter table certificate_requests drop column approval_rule;
drop table approval_rules;
