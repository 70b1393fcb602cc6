-- The proceeds of an export arrive in one receipt or in several, and sometimes not in full (domain 2.9; ADR 11). Each
-- receipt is an entry; one that was recorded wrongly is taken back by an entry of its own. What is still missing when the
-- bank closes the export is a short payment, with its reason and what shows it.

create table shortfall_reasons (
    shortfall_reason text primary key check (shortfall_reason ~ '^[A-Z][A-Z_]{2,39}$'),
    name text not null,
    name_am text not null,
    -- Whether the reason says nothing without words of one's own.
    needs_remark boolean not null default false,
    sort_order int not null,
    valid_from date not null default '2020-01-01',
    valid_to date
);
insert into shortfall_reasons (shortfall_reason, name, name_am, needs_remark, sort_order) values
    ('QUALITY_CLAIM', 'Quality claim of the buyer', 'የገዢው የጥራት ቅሬታ', false, 1),
    ('WEIGHT_CLAIM', 'Weight claim of the buyer', 'የገዢው የክብደት ቅሬታ', false, 2),
    ('BANK_CHARGES', 'Charges of banks on the way', 'በመንገድ ላይ ያሉ ባንኮች ክፍያ', false, 3),
    ('BUYER_INSOLVENT', 'Insolvency of the buyer', 'የገዢው መክሰር', false, 4),
    ('DISCOUNT_AGREED', 'Discount agreed with the buyer', 'ከገዢው ጋር የተስማሙበት ቅናሽ', false, 5),
    ('OTHER', 'Another reason', 'ሌላ ምክንያት', true, 6);
grant select on shortfall_reasons to jebena_gate, jebena_party, jebena_regulator, jebena_auditor, jebena_admin,
    jebena_worker, jebena_system;

insert into parameter_definitions (key, name, name_am, set_by, least, most, decimals) values
    ('proceeds_tolerance', 'Proceeds count as paid in full, and need no reason for more, within',
     'ገቢው ሙሉ በሙሉ እንደተከፈለ የሚቆጠርበት ልዩነት', 'NATIONAL_BANK', 0, 1000, 2),
    ('shortfall_second_officer_above', 'A second officer confirms a short payment above',
     'ሁለተኛ ባለሙያ የጎደለ ክፍያን የሚያረጋግጠው ከዚህ በላይ ሲሆን', 'NATIONAL_BANK', 0, 100, 2);
insert into parameters (key, value, unit, valid_from, legal_basis, is_assumption) values
    ('proceeds_tolerance', 1, 'USD', '2020-01-01', 'Rounding between an invoice by the pound and a price by the kilogram', true),
    ('shortfall_second_officer_above', 1, '%', '2020-01-01', 'Internal control', true);

-- What has become of the proceeds, beside the export itself: lists and reports read it there. How much has come does not
-- stand there, because the carrier reads that row and has no part in the money.
alter table exports
    add column proceeds text not null default 'OUTSTANDING' check (proceeds in ('OUTSTANDING', 'RECEIVED', 'SHORT'));

-- A receipt has a number within its export. A reversal takes back exactly what its receipt has brought, once: the key
-- names the receipt with the amount that is given back, which a reversal never has.
alter table export_settlements drop constraint export_settlements_pkey;
alter table export_settlements
    add column receipt_number int not null default 1 check (receipt_number > 0),
    -- The credit advice or SWIFT message by which the money came.
    add column bank_reference text check (length(bank_reference) between 2 and 60),
    add column reverses int,
    -- Why it is taken back; of a receipt, why more came than was owed.
    add column note text check (length(note) between 10 and 500),
    add column reversed_amount numeric(15, 2)
        generated always as (case when reverses is not null then -received_amount end) stored,
    drop constraint export_settlements_received_amount_check,
    drop constraint export_settlements_bank_charges_check,
    drop constraint export_settlements_retained_amount_check,
    drop constraint export_settlements_surrendered_amount_check,
    drop constraint export_settlements_etb_credited_check;
alter table export_settlements
    alter column receipt_number drop default,
    add primary key (export_id, receipt_number),
    add constraint export_settlements_amount unique (export_id, receipt_number, received_amount),
    add constraint export_settlements_reverses foreign key (export_id, reverses, reversed_amount)
        references export_settlements (export_id, receipt_number, received_amount) on delete restrict,
    add constraint export_settlements_signs check (case when reverses is null
        then received_amount > 0 and bank_charges >= 0 and retained_amount >= 0 and surrendered_amount >= 0
            and etb_credited >= 0
        else received_amount < 0 and bank_charges <= 0 and retained_amount <= 0 and surrendered_amount <= 0
            and etb_credited <= 0 end),
    add constraint export_settlements_taken_back check (reverses is null or note is not null);
create unique index export_settlements_once on export_settlements (export_id, reverses, reversed_amount)
    where reverses is not null;

-- What is missing when an export is closed, why, what shows it, and who agreed.
create table export_shortfalls (
    export_id uuid primary key references exports on delete restrict,
    currency char(3) not null references currencies,
    due_amount numeric(15, 2) not null check (due_amount > 0),
    received_amount numeric(15, 2) not null check (received_amount >= 0),
    shortfall_reason text not null references shortfall_reasons,
    remark text check (length(remark) between 3 and 500),
    document_id uuid references export_documents on delete restrict,
    first_officer uuid references users on delete restrict,
    closed_by uuid not null references users on delete restrict,
    closed_at timestamptz not null,
    check (received_amount < due_amount),
    check (shortfall_reason <> 'OTHER' or remark is not null),
    check (first_officer is distinct from closed_by)
);
create index export_shortfalls_closed on export_shortfalls (closed_at desc, export_id desc);
create index export_shortfalls_currency on export_shortfalls (currency);
create index export_shortfalls_reason on export_shortfalls (shortfall_reason);
create index export_shortfalls_document on export_shortfalls (document_id);
create index export_shortfalls_first_officer on export_shortfalls (first_officer);
create index export_shortfalls_closed_by on export_shortfalls (closed_by);

-- What is there already. The walls stand against the owner too, who would see no row of it.
alter table exports no force row level security;
alter table export_approvals no force row level security;
alter table export_settlements no force row level security;
-- What a first officer recorded of a large settlement, and no second has confirmed, is a receipt: the money is there. Both
-- look at the whole of them again.
insert into export_settlements (export_id, receipt_number, currency, received_amount, bank_charges, received_on, etb_per_unit,
    retain_pct, retained_amount, surrendered_amount, etb_credited, recorded_by, recorded_at)
select a.export_id, 1, e.currency, (a.approval_data #>> '{split,received}')::numeric,
    (a.approval_data #>> '{split,bank_charges}')::numeric, (a.approval_data ->> 'received_on')::date,
    (a.approval_data ->> 'etb_per_unit')::numeric, (a.approval_data ->> 'retain_pct')::numeric,
    (a.approval_data #>> '{split,retained}')::numeric, (a.approval_data #>> '{split,surrendered}')::numeric,
    (a.approval_data #>> '{split,etb_credited}')::numeric, a.first_approved_by, a.first_approved_at
from export_approvals a join exports e using (export_id)
where a.approval_type = 'EXPORT_COMPLETION' and a.status = 'PENDING' and a.superseded_at is null;
update export_approvals set superseded_at = now(), updated_at = now()
where approval_type = 'EXPORT_COMPLETION' and status = 'PENDING' and superseded_at is null;
-- A sentence is a reason in words of one's own. Where two officers agreed to it, both stand with it.
insert into export_shortfalls (export_id, currency, due_amount, received_amount, shortfall_reason, remark, first_officer, closed_by,
    closed_at)
select e.export_id, e.currency, e.estimated_value, s.received_amount, 'OTHER', s.shortfall_reason, a.first_approved_by, e.completed_by,
    e.completed_at
from export_settlements s join exports e using (export_id)
left join export_approvals a on a.export_id = e.export_id and a.approval_type = 'EXPORT_COMPLETION' and a.status = 'APPROVED'
    and a.superseded_at is null
where e.status = 'COMPLETED' and s.received_amount < e.estimated_value and s.shortfall_reason is not null;
-- What is missing of an open one is rounding, as it is of the receipts from here on.
update exports e
set proceeds = case when x.export_id is not null then 'SHORT'
    when e.status = 'COMPLETED' or s.received_amount + t.value >= e.estimated_value then 'RECEIVED' else 'OUTSTANDING' end
from export_settlements s left join export_shortfalls x using (export_id)
cross join (select value from parameters where key = 'proceeds_tolerance') t
where s.export_id = e.export_id;
alter table exports force row level security;
alter table export_approvals force row level security;
alter table export_settlements force row level security;
alter table export_settlements drop column shortfall_reason;

-- From here on: what was recorded before knew no reference and no evidence, and keeps to that.
alter table export_settlements
    add constraint export_settlements_referenced check (bank_reference is not null or reverses is not null) not valid;
alter table export_shortfalls
    add constraint export_shortfalls_shown check (document_id is not null) not valid;
-- An export is closed when nothing is outstanding, and closed short only when it is closed.
alter table exports add constraint exports_proceeds check (case proceeds
    when 'OUTSTANDING' then status <> 'COMPLETED'
    when 'SHORT' then status = 'COMPLETED'
    else true end);
create index exports_short on exports (created_at desc, export_id desc) where proceeds = 'SHORT';
call app.make_append_only('export_shortfalls');

-- Like the receipts, a short payment is between the exporter, its bank and the regulators.
alter table export_shortfalls enable row level security;
alter table export_shortfalls force row level security;
create policy party_select on export_shortfalls for select to jebena_party using (
    exists (select from exports e where e.export_id = export_shortfalls.export_id
            and (select app.org()) in (e.exporter_organization_id, e.bank_organization_id)));
create policy class_select on export_shortfalls for select to jebena_regulator, jebena_auditor using (true);
create policy party_insert on export_shortfalls for insert to jebena_party with check (
    exists (select from exports e where e.export_id = export_shortfalls.export_id
            and e.bank_organization_id = (select app.org())));
grant select on export_shortfalls to jebena_party, jebena_regulator, jebena_auditor;
grant insert on export_shortfalls to jebena_party;

insert into legal_moves (subject, from_state, action, to_state) values
    ('EXPORT', 'SHIPPED:SETTLEMENT', 'receive', 'SHIPPED:SETTLEMENT'),
    ('EXPORT', 'SHIPPED:SETTLEMENT', 'take-back', 'SHIPPED:SETTLEMENT');
