-- A record is never thrown away: once an export was parted, going back means a backup.
alter table export_status_history no force row level security;
do $$
begin
    if exists (select from export_status_history where action = 'split') then
        raise exception 'the history holds exports that were parted, which the schema before cannot keep';
    end if;
end
$$;
alter table export_status_history force row level security;
revoke insert, delete on export_lots from jebena_system;
drop policy system_delete on export_lots;
drop policy system_insert on export_lots;
revoke insert on export_status_history from jebena_system;
drop policy system_insert on export_status_history;
revoke insert on exports from jebena_system;
drop policy system_insert on exports;
alter table export_status_history drop constraint export_status_history_split;
delete from legal_moves where subject = 'EXPORT' and action = 'split';
alter table exports drop column split_from;
