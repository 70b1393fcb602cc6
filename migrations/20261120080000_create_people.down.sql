set role jebena_definer;
drop type gate.session_view;
set role jebena_owner;
drop table outbox, idempotency_keys, system_state, user_sessions, user_roles, users, organizations;
drop procedure app.make_append_only(regclass);
drop function app.refuse_change(), app.today(), app.org_kind(), app.person(), app.org();
