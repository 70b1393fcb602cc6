-- What was asked and answered is a record that is never thrown away: once there is some, going back means a backup. The
-- walls stand against the owner too, who would see no row of it.
alter table extension_requests no force row level security;
do $$
begin
    if exists (select from extension_requests) then
        raise exception 'there are requests for extensions, which the schema before cannot keep';
    end if;
end
$$;
delete from legal_moves where subject = 'EXPORT' and action in ('ask-extension', 'refuse-extension');
drop index settlement_extensions_granted;
drop table extension_requests;
