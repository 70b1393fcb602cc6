drop trigger ended on user_sessions;
drop function app.tell_session_end();
drop policy administrator_select on user_sessions;
alter table user_sessions drop column reference;
