-- Lots are registered by their owner and verified by the desk of their source: the exchange those of its auction, the
-- authority all others (domain 2.6, 3.6; reading 8). Where a lot stands in that is not where its coffee is, so it is a
-- column of its own beside the seed's status.

-- Symbols of the exchange's coffee contracts. Their list was not found: what is typed is kept, known or not.
create table coffee_contract_symbols (
    symbol text primary key check (symbol ~ '^[A-Z0-9]{2,20}$'),
    note text not null,
    valid_from date not null default '2015-09-01',
    valid_to date
);
insert into coffee_contract_symbols (symbol, note) values
    ('WYCA', 'Washed Yirgacheffe; read from the letters, not from a published list'),
    ('WSDA', 'Washed Sidama; read from the letters, not from a published list'),
    ('UJMA5', 'Unwashed Jimma, grade 5; read from the letters, not from a published list');
grant select on coffee_contract_symbols to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_system,
    jebena_worker;

insert into parameters (key, value, unit, valid_from, legal_basis, is_assumption) values
    ('ecx_receipt_days', 20, 'days', '2013-05-09',
     'Rule of the exchange of 9 May 2013, from a secondary source; whether it still holds was not found', true);

insert into number_series (series_key, pattern, reset, description) values
    ('LOT_INTERNAL', 'LOT-{yyyy}-{n:6}', 'YEAR', 'Lots without a number of the exchange, and those made from other lots');

alter table coffee_lots
    add column verification text not null default 'PENDING'
        check (verification in ('PENDING', 'VERIFIED', 'REJECTED', 'RETURNED')),
    -- Since when: by this the desk's queue is ordered.
    add column verification_since timestamptz not null default now(),
    add column submitted_by uuid references users on delete restrict,
    add column receipt_date date,
    add column coffee_contract_symbol text check (coffee_contract_symbol ~ '^[A-Z0-9]{2,20}$'),
    -- Birr for the whole lot; the seed does not say whether its price is one for a kilogram or this.
    add column purchase_total numeric(15, 2) check (purchase_total > 0),
    add constraint coffee_lots_receipt check (receipt_expires_on >= receipt_date),
    -- Both prices say the same, to a hundredth.
    add constraint coffee_lots_price
        check (abs(purchase_price * quantity - purchase_total) <= purchase_total * 0.01),
    -- A rejection says why.
    add constraint coffee_lots_reason check (verification not in ('REJECTED', 'RETURNED') or ecx_reject_reason is not null);

alter table coffee_lots no force row level security;
update coffee_lots
set verification = case when ecx_verified_at is not null then 'VERIFIED' when ecx_reject_reason is not null then 'REJECTED' else 'PENDING' end,
    verification_since = coalesce(ecx_verified_at, created_at),
    receipt_date = receipt_expires_on - 20;
alter table coffee_lots force row level security;
alter table coffee_lots
    add constraint coffee_lots_verified check ((verification = 'VERIFIED') = (ecx_verified_at is not null));

-- Lists of many thousand lots, newest first, whole or narrowed; the desks' queues, oldest first.
drop index coffee_lots_purchased_by, coffee_lots_status, coffee_lots_type, coffee_lots_unverified;
create index coffee_lots_purchased_by on coffee_lots (purchased_by, created_at desc, lot_id desc);
create index coffee_lots_newest on coffee_lots (created_at desc, lot_id desc);
create index coffee_lots_status on coffee_lots (status, created_at desc, lot_id desc);
create index coffee_lots_type on coffee_lots (coffee_type, created_at desc, lot_id desc);
create index coffee_lots_verification on coffee_lots (verification, verification_since desc, lot_id desc);
create index coffee_lots_for_exchange on coffee_lots (verification_since, lot_id)
    where verification = 'PENDING' and source = 'ECX';
create index coffee_lots_for_authority on coffee_lots (verification_since, lot_id)
    where verification = 'PENDING' and source <> 'ECX';
create index coffee_lots_receipt_number on coffee_lots (warehouse_receipt_number);
create index coffee_lots_submitted_by on coffee_lots (submitted_by);

insert into legal_moves (subject, from_state, action, to_state) values
    ('LOT', '', 'register', 'PENDING'),
    ('LOT', 'PENDING', 'approve', 'VERIFIED'),
    ('LOT', 'PENDING', 'reject', 'REJECTED'),
    ('LOT', 'PENDING', 'return', 'RETURNED'),
    ('LOT', 'REJECTED', 'resubmit', 'PENDING'),
    ('LOT', 'RETURNED', 'resubmit', 'PENDING');

-- Walls ------------------------------------------------------------------------------------------------
-- Who sees a lot knows whose it is, also where the firm's registration is not theirs to read: the exchange compares the
-- tax number with its receipt.
set role jebena_definer;
create function gate.lot_owner(exporter uuid) returns table (organization_id uuid, business_name text, tin text)
language plpgsql stable strict security definer set search_path = pg_catalog rows 1
as $$
#variable_conflict use_column
begin
    return query select p.organization_id, p.business_name, p.tin
                 from public.exporter_profiles p where p.exporter_id = exporter;
end
$$;

-- The firms in whose name this stands, for who narrows a list of lots.
create function gate.lot_owners_named(part text) returns setof uuid
language plpgsql stable strict security definer set search_path = pg_catalog
as $$
begin
    return query select p.exporter_id from public.exporter_profiles p
                 where strpos(lower(p.business_name), lower(part)) > 0 limit 200;
end
$$;
revoke all on function gate.lot_owner(uuid), gate.lot_owners_named(text) from public;
grant execute on function gate.lot_owner(uuid), gate.lot_owners_named(text)
    to jebena_party, jebena_regulator, jebena_auditor, jebena_system;
set role jebena_owner;

-- The owner registers, and corrects what came back; the desk of the source decides on what waits.
create policy party_insert on coffee_lots for insert to jebena_party with check (
    gate.owner_of(purchased_by) = (select app.org()) and verification = 'PENDING' and status = 'IN_WAREHOUSE'
    and reserved_kg = 0 and exported_kg = 0);
create policy owner_update on coffee_lots for update to jebena_party
    using (verification in ('RETURNED', 'REJECTED') and gate.owner_of(purchased_by) = (select app.org()))
    with check (verification = 'PENDING' and gate.owner_of(purchased_by) = (select app.org()));
create policy ecx_update on coffee_lots for update to jebena_party
    using ((select app.org_kind()) = 'ECX' and source = 'ECX' and verification = 'PENDING')
    with check ((select app.org_kind()) = 'ECX' and source = 'ECX' and verification <> 'PENDING');
create policy ecta_update on coffee_lots for update to jebena_regulator
    using ((select app.org_kind()) = 'ECTA' and source <> 'ECX' and verification = 'PENDING')
    with check ((select app.org_kind()) = 'ECTA' and source <> 'ECX' and verification <> 'PENDING');
grant insert on coffee_lots to jebena_party;
grant update (ecx_lot_number, source, warehouse_receipt_number, receipt_date, receipt_expires_on, warehouse_location,
    warehouse_name, coffee_type, origin_region, processing_method, crop_year, quantity, bags, preliminary_grade,
    coffee_contract_symbol, purchase_date, purchase_price, purchase_total, submitted_by, verification,
    verification_since, ecx_verified_by, ecx_verified_at, ecx_reject_reason, version, updated_at) on coffee_lots to jebena_party;
grant update (verification, verification_since, ecx_verified_by, ecx_verified_at, ecx_reject_reason, version, updated_at)
    on coffee_lots to jebena_regulator;
