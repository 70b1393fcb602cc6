-- Papers that were issued are kept for good: once there are some of the commercial set, going back means a backup. The
-- walls stand against the owner too, who would see no row of them.
alter table commercial_papers no force row level security;
do $$
begin
    if exists (select from commercial_papers) then
        raise exception 'there are commercial papers, which the schema before cannot keep';
    end if;
end
$$;

drop trigger attached on paper_withdrawals;
drop trigger attached on issued_papers;
set role jebena_definer;
create or replace function gate.note_attached() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    update public.exports e set attached_documents = d.types
    from (select coalesce(array_agg(x.document_type order by x.document_type), '{}') as types
          from public.export_documents x where x.export_id = new.export_id and x.is_active) d
    where e.export_id = new.export_id and e.attached_documents <> d.types;
    return null;
end
$$;
drop function gate.note_withdrawn();
drop function gate.note_what_is_there(uuid);
set role jebena_owner;

drop table commercial_papers;
drop table seller_terms;
drop table seller_accounts;
drop table hs_codes;
delete from number_counters where series_key in ('INVOICE', 'PACKING_LIST', 'SHIPPING_INSTRUCTION', 'WEIGHT_CERTIFICATE',
    'WAY_BILL');
delete from number_series where series_key in ('INVOICE', 'PACKING_LIST', 'SHIPPING_INSTRUCTION', 'WEIGHT_CERTIFICATE',
    'WAY_BILL');
