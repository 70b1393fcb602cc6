drop table audit.sealed, audit.seals, audit.unsealed, audit.event_private;
drop table audit.events cascade;
drop procedure audit.add_year(int);
drop function audit.hash_new_event();
drop function if exists audit.hash_of(audit.events);
