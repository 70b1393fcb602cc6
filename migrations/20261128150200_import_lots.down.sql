-- What was imported from which file has no place in the schema before.
alter table lot_imports no force row level security;
do $$
begin
    if exists (select from lot_imports where status = 'IMPORTED') then
        raise exception 'there are imported lots, whose files the schema before cannot keep';
    end if;
end
$$;
delete from legal_moves where subject = 'LOT' and action = 'import';
alter table coffee_lots drop column import_id;
drop table lot_imports;
