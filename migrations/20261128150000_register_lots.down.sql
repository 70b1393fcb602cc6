-- What lots were registered with and how they were verified has no place in the schema before.
alter table review_history no force row level security;
do $$
begin
    if exists (select from review_history where subject = 'LOT') then
        raise exception 'there are lots with a history, which the schema before cannot keep';
    end if;
end
$$;
alter table review_history force row level security;
revoke update (verification, verification_since, ecx_verified_by, ecx_verified_at, ecx_reject_reason, version, updated_at)
    on coffee_lots from jebena_regulator;
revoke update (ecx_lot_number, source, warehouse_receipt_number, receipt_date, receipt_expires_on, warehouse_location,
    warehouse_name, coffee_type, origin_region, processing_method, crop_year, quantity, bags, preliminary_grade,
    coffee_contract_symbol, purchase_date, purchase_price, purchase_total, submitted_by, verification,
    verification_since, ecx_verified_by, ecx_verified_at, ecx_reject_reason, version, updated_at) on coffee_lots from jebena_party;
revoke insert on coffee_lots from jebena_party;
drop policy party_insert on coffee_lots;
drop policy owner_update on coffee_lots;
drop policy ecx_update on coffee_lots;
drop policy ecta_update on coffee_lots;
set role jebena_definer;
drop function gate.lot_owner(uuid), gate.lot_owners_named(text);
set role jebena_owner;
delete from legal_moves where subject = 'LOT';
drop index coffee_lots_purchased_by, coffee_lots_newest, coffee_lots_status, coffee_lots_type, coffee_lots_verification,
    coffee_lots_for_exchange, coffee_lots_for_authority, coffee_lots_receipt_number, coffee_lots_submitted_by;
create index coffee_lots_purchased_by on coffee_lots (purchased_by, created_at desc);
create index coffee_lots_status on coffee_lots (status);
create index coffee_lots_type on coffee_lots (coffee_type);
create index coffee_lots_unverified on coffee_lots (created_at) where ecx_verified_at is null;
alter table coffee_lots
    drop constraint coffee_lots_verified,
    drop constraint coffee_lots_reason,
    drop constraint coffee_lots_price,
    drop constraint coffee_lots_receipt,
    drop column purchase_total,
    drop column coffee_contract_symbol,
    drop column receipt_date,
    drop column submitted_by,
    drop column verification_since,
    drop column verification;
delete from number_counters where series_key = 'LOT_INTERNAL';
delete from number_series where series_key = 'LOT_INTERNAL';
delete from parameters where key = 'ecx_receipt_days';
drop table coffee_contract_symbols;
