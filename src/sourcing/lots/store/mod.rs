//! The SQL of lots. Whose lot it is comes from the gate: the exchange may not read the firms' registrations.

mod descent;
mod import;
mod list;
mod write;

use chrono::NaiveDate;
use rust_decimal::prelude::ToPrimitive;
use sqlx::PgConnection;

pub(super) use descent::{NewMade, insert_made, list_edges, pass_on};
pub use import::Import;
pub(super) use import::{NewImport, end_import, find_import, insert_all, replace_import, taken_numbers};
pub use list::{Filter, LotLine, Tab};
pub(super) use list::{Place, count_waiting, list_lots, list_usable};
pub(super) use write::{NewLot, correct, decide, insert};

use super::form::Lists;
use super::model::{Derivation, Lot, LotStatus, Owner, Processing, Source, Verification};
use crate::auth::{Actor, OrganizationKind};
use crate::ids::{ExporterId, InspectionId, LotId, OrganizationId, UserId};

/// The organisation that sees only its own, beside the policy.
pub(super) fn own_of(viewer: &Actor) -> Option<OrganizationId> {
    (viewer.organization.kind == OrganizationKind::Exporter).then_some(viewer.organization.id)
}

/// A lot as `viewer` may see it: the exchange, the authorities and the auditor all, an exporter its own, a bank and a
/// carrier those of their exports.
pub(super) async fn find_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: LotId,
) -> sqlx::Result<Option<Lot>> {
    let row = sqlx::query!(
        r#"select l.lot_id as "lot_id: LotId", l.ecx_lot_number, l.source as "source: Source", l.warehouse_receipt_number,
                  l.receipt_date, l.receipt_expires_on, l.warehouse_location, l.warehouse_name, l.coffee_type,
                  l.origin_region, l.processing_method as "processing: Processing", l.crop_year, l.quantity, l.bags,
                  l.reserved_kg, l.exported_kg, l.passed_on_kg, l.free_kg as "free_kg!", l.preliminary_grade,
                  l.derivation as "derivation: Derivation", l.generation,
                  l.inspection_id as "inspection_id: InspectionId", i.passed as "passed?",
                  l.coffee_contract_symbol, l.purchase_date, l.purchase_price, l.purchase_total,
                  l.purchased_by as "exporter: ExporterId", p.organization_id as "owner!: OrganizationId",
                  p.business_name as "business_name!", p.tin as "tin!", l.verification as "verification: Verification",
                  l.verification_since, gate.person_name(l.ecx_verified_by) as verified_by, l.ecx_verified_at,
                  l.status as "status: LotStatus", l.version, l.submitted_by as "submitted_by: UserId",
                  (select gate.person_name(h.changed_by) from review_history h
                   where h.subject = 'LOT' and h.subject_id = l.lot_id order by h.version desc limit 1) as changed_by,
                  l.updated_at, l.created_at
           from coffee_lots l
           cross join lateral gate.lot_owner(l.purchased_by) p
           left join quality_inspections i on i.inspection_id = l.inspection_id
           where l.lot_id = $1 and ($2::uuid is null or p.organization_id = $2)"#,
        id as LotId,
        own_of(viewer) as Option<OrganizationId>,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Lot {
        id: row.lot_id,
        number: row.ecx_lot_number,
        source: row.source,
        receipt_number: row.warehouse_receipt_number,
        receipt_date: row.receipt_date,
        receipt_expires_on: row.receipt_expires_on,
        warehouse_location: row.warehouse_location,
        warehouse_name: row.warehouse_name,
        coffee_type: row.coffee_type,
        origin_region: row.origin_region,
        processing: row.processing,
        crop_year: row.crop_year,
        quantity: row.quantity,
        bags: row.bags,
        reserved_kg: row.reserved_kg,
        exported_kg: row.exported_kg,
        passed_on_kg: row.passed_on_kg,
        free_kg: row.free_kg,
        derivation: row.derivation,
        generation: row.generation,
        inspection: row.inspection_id.zip(row.passed),
        preliminary_grade: row.preliminary_grade,
        contract_symbol: row.coffee_contract_symbol,
        purchase_date: row.purchase_date,
        purchase_price: row.purchase_price,
        purchase_total: row.purchase_total,
        owner: Owner { exporter: row.exporter, organization: row.owner, name: row.business_name, tin: row.tin },
        verification: row.verification,
        verification_since: row.verification_since,
        verified_by: row.verified_by,
        verified_at: row.ecx_verified_at,
        status: row.status,
        version: row.version,
        submitted_by: row.submitted_by,
        changed_by: row.changed_by.unwrap_or_default(),
        changed_at: row.updated_at,
        created_at: row.created_at,
    }))
}

/// Locks lots in the order of their ids, as the system: what may be done with them is asked afterwards.
pub(super) async fn lock(connection: &mut PgConnection, ids: &[LotId]) -> sqlx::Result<()> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query!("select lot_id from coffee_lots where lot_id = any($1) order by lot_id for update", &ids)
        .fetch_all(connection)
        .await?;
    Ok(())
}

/// The profile for which `viewer` registers lots.
pub(super) async fn find_profile(connection: &mut PgConnection, viewer: &Actor) -> sqlx::Result<Option<ExporterId>> {
    sqlx::query_scalar!(
        r#"select exporter_id as "id: ExporterId" from exporter_profiles where organization_id = $1"#,
        viewer.organization.id as OrganizationId
    )
    .fetch_optional(connection)
    .await
}

/// The code lists and figures of the form as they stand on `today`.
pub(super) async fn read_lists(connection: &mut PgConnection, today: NaiveDate) -> sqlx::Result<Lists> {
    let row = sqlx::query!(
        r#"select array(select coffee_type || '|' || name_am from coffee_types
                        where valid_from <= $1 and (valid_to is null or valid_to >= $1) order by coffee_type) as "coffees!",
                  array(select region || '|' || name_am from regions
                        where valid_from <= $1 and (valid_to is null or valid_to >= $1) order by region) as "regions!",
                  array(select symbol from coffee_contract_symbols
                        where valid_from <= $1 and (valid_to is null or valid_to >= $1) order by symbol) as "symbols!",
                  (select value from parameters where key = 'ecx_receipt_days' and valid_from <= $1
                   order by valid_from desc limit 1) as receipt_days,
                  (select is_assumption from parameters where key = 'ecx_receipt_days' and valid_from <= $1
                   order by valid_from desc limit 1) as is_assumption"#,
        today
    )
    .fetch_one(connection)
    .await?;
    let pairs = |rows: Vec<String>| {
        rows.into_iter()
            .map(|row| {
                row.split_once('|').map(|(name, am)| (name.to_owned(), am.to_owned())).unwrap_or((row, String::new()))
            })
            .collect()
    };
    Ok(Lists {
        coffee_types: pairs(row.coffees),
        regions: pairs(row.regions),
        symbols: row.symbols,
        receipt_days: (
            row.receipt_days.and_then(|days| days.to_u64()).unwrap_or(USUAL_RECEIPT_DAYS),
            row.is_assumption.unwrap_or(true),
        ),
    })
}

/// Where the parameter is missing.
const USUAL_RECEIPT_DAYS: u64 = 20;

/// How many other lots of the exchange name this receipt. One receipt is one lot.
pub(super) async fn count_same_receipt(connection: &mut PgConnection, lot: &Lot) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from coffee_lots
           where warehouse_receipt_number = $1 and lot_id <> $2 and source = $3 and generation = 0 and verification <> 'REJECTED'"#,
        lot.receipt_number,
        lot.id as LotId,
        lot.source.code(),
    )
    .fetch_one(connection)
    .await
}
