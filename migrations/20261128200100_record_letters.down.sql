-- What was promised is a record that is never thrown away: once there is some, going back means a backup. The walls stand
-- against the owner too, who would see no row of it.
alter table letters_of_credit no force row level security;
do $$
begin
    if exists (select from letters_of_credit) then
        raise exception 'there are letters of credit, which the schema before cannot keep';
    end if;
end
$$;
drop table letter_uses;
drop table letter_terms;
drop table letters_of_credit;
