do $$
begin
    alter table audit.archive_manifests no force row level security;
    -- What was taken off or dropped stands in its manifest alone.
    if exists (select from audit.archive_manifests where state <> 'EXPORTED') then
        raise exception 'there are archives';
    end if;
end
$$;
create or replace function audit.is_of_the_system(about_kind text, about uuid) returns boolean
language sql immutable parallel safe
    return about is null or about_kind in ('user', 'organization', 'invitation', 'system', 'alert', 'job', 'hold');
alter table jobs no force row level security;
alter table job_schedules no force row level security;
delete from jobs where kind in ('ARCHIVE_AUDIT', 'DROP_ARCHIVE');
delete from job_schedules where kind = 'ARCHIVE_AUDIT';
alter table jobs force row level security;
alter table job_schedules force row level security;
drop function audit.prepare_years(int);
drop function audit.drop_archived(text, bytea);
drop function audit.detach_archived(text);
drop function audit.is_held(text);
drop function audit.text_of(audit.events);
delete from processing_register where source = 'audit.archive_manifests';
drop table audit.archived_hashes;
drop table audit.archive_manifests;
drop function audit.keep_manifest();
