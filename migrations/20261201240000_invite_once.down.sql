drop trigger invite_once on invitations;
set role jebena_definer;
drop function app.invite_once();
set role jebena_owner;
