//! Imports: what a file said, and all of its lots in one statement.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::ids::{ExporterId, LotId, LotImportId, OrganizationId, UserId};
use crate::sourcing::lots::form::LotForm;
use crate::sourcing::lots::import::table::Format;

/// A file that was looked at.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its id.
    pub id: LotImportId,
    /// What kind of file it was.
    pub format: Format,
    /// SHA-256 of the file.
    pub sha256: Vec<u8>,
    /// How many rows it has.
    pub row_count: i32,
    /// Columns that were not read.
    pub ignored_columns: Vec<String>,
    /// What the rows say, until they are imported.
    pub rows: Option<Value>,
    /// How often it was changed.
    pub version: i32,
    /// When it was imported.
    pub imported_at: Option<DateTime<Utc>>,
}

/// A file about to be kept.
pub(in crate::sourcing::lots) struct NewImport<'a> {
    pub id: LotImportId,
    pub format: Format,
    pub sha256: &'a [u8],
    pub row_count: i32,
    pub ignored_columns: &'a [String],
    pub rows: &'a Value,
}

/// Keeps what a file says, in the place of one that was only looked at.
pub(in crate::sourcing::lots) async fn replace_import(
    connection: &mut PgConnection,
    new: &NewImport<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from lot_imports where owner_organization_id = $1 and status = 'CHECKED'",
        actor.organization.id as OrganizationId
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into lot_imports (import_id, owner_organization_id, file_format, sha256, row_count, ignored_columns, rows,
             checked_by, checked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id as LotImportId,
        actor.organization.id as OrganizationId,
        new.format.code(),
        new.sha256,
        new.row_count,
        new.ignored_columns,
        new.rows,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A file of the viewer's organisation.
pub(in crate::sourcing::lots) async fn find_import(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: LotImportId,
) -> sqlx::Result<Option<Import>> {
    sqlx::query_as!(
        Import,
        r#"select import_id as "id: LotImportId", file_format as "format: Format", sha256, row_count, ignored_columns, rows,
                  version, imported_at
           from lot_imports where import_id = $1 and owner_organization_id = $2"#,
        id as LotImportId,
        viewer.organization.id as OrganizationId,
    )
    .fetch_optional(connection)
    .await
}

/// The file is imported; whether nobody was quicker. Its row is locked from here on.
pub(in crate::sourcing::lots) async fn end_import(
    connection: &mut PgConnection,
    id: LotImportId,
    version: i32,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        "update lot_imports set status = 'IMPORTED', rows = null, version = version + 1, imported_by = $3, imported_at = $4
         where import_id = $1 and version = $2 and status = 'CHECKED'",
        id as LotImportId,
        version,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Which of `numbers` are lots' already, whosever; as the system.
pub(in crate::sourcing::lots) async fn taken_numbers(
    connection: &mut PgConnection,
    numbers: &[String],
) -> sqlx::Result<HashSet<String>> {
    let taken = sqlx::query_scalar!("select ecx_lot_number from coffee_lots where ecx_lot_number = any($1)", numbers)
        .fetch_all(connection)
        .await?;
    Ok(taken.into_iter().collect())
}

/// Registers all lots of a file: the rows in one statement, their history in another.
pub(in crate::sourcing::lots) async fn insert_all(
    connection: &mut PgConnection,
    import: LotImportId,
    exporter: ExporterId,
    lots: &[(LotId, String, LotForm)],
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = lots.iter().map(|(id, ..)| id.0).collect();
    let numbers: Vec<String> = lots.iter().map(|(_, number, _)| number.clone()).collect();
    let texts =
        |value: fn(&LotForm) -> &str| -> Vec<String> { lots.iter().map(|(.., form)| value(form).to_owned()).collect() };
    let maybe = |value: fn(&LotForm) -> &Option<String>| -> Vec<Option<String>> {
        lots.iter().map(|(.., form)| value(form).clone()).collect()
    };
    let days = |value: fn(&LotForm) -> Option<NaiveDate>| -> Vec<Option<NaiveDate>> {
        lots.iter().map(|(.., form)| value(form)).collect()
    };
    let sums = |value: fn(&LotForm) -> Option<Decimal>| -> Vec<Option<Decimal>> {
        lots.iter().map(|(.., form)| value(form)).collect()
    };
    let bags: Vec<Option<i32>> = lots.iter().map(|(.., form)| form.bags).collect();
    sqlx::query!(
        "insert into coffee_lots (lot_id, ecx_lot_number, source, warehouse_receipt_number, receipt_date, receipt_expires_on,
             warehouse_location, warehouse_name, coffee_type, origin_region, processing_method, crop_year, quantity, bags,
             preliminary_grade, coffee_contract_symbol, purchase_date, purchased_by, purchase_price, purchase_total,
             import_id, submitted_by, verification_since, created_at, updated_at)
         select lot, number, source, receipt, receipt_date, expires_on, location, warehouse, coffee, region, processing, crop,
             quantity, bags, grade, symbol, bought_on, $1, price, total, $2, $3, $4, $4, $4
         from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::date[], $10::date[], $11::text[], $12::text[],
             $13::text[], $14::text[], $15::text[], $16::text[], $17::numeric[], $18::int[], $19::text[], $20::text[],
             $21::date[], $22::numeric[], $23::numeric[])
             as given (lot, number, source, receipt, receipt_date, expires_on, location, warehouse, coffee, region, processing,
                 crop, quantity, bags, grade, symbol, bought_on, price, total)",
        exporter as ExporterId,
        import as LotImportId,
        actor.user_id as UserId,
        now,
        &ids,
        &numbers,
        &texts(|form| form.source.code()),
        &texts(|form| &form.receipt_number),
        &days(|form| form.receipt_date) as &[Option<NaiveDate>],
        &days(|form| form.receipt_expires_on) as &[Option<NaiveDate>],
        &texts(|form| &form.warehouse_location),
        &maybe(|form| &form.warehouse_name) as &[Option<String>],
        &texts(|form| &form.coffee_type),
        &texts(|form| &form.origin_region),
        &texts(|form| form.processing.code()),
        &maybe(|form| &form.crop_year) as &[Option<String>],
        &sums(|form| Some(form.quantity)) as &[Option<Decimal>],
        &bags as &[Option<i32>],
        &maybe(|form| &form.preliminary_grade) as &[Option<String>],
        &maybe(|form| &form.contract_symbol) as &[Option<String>],
        &days(|form| Some(form.purchase_date)) as &[Option<NaiveDate>],
        &sums(|form| form.purchase_price) as &[Option<Decimal>],
        &sums(|form| form.purchase_total) as &[Option<Decimal>],
    )
    .execute(&mut *connection)
    .await?;
    let moves: Vec<Uuid> = lots.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state, action,
             to_state, changed_by, organization_id, details, created_at)
         select move, 'LOT', lot, $1, 1, '', 'import', 'PENDING', $2, $1, jsonb_build_object('import', $3::uuid), $4
         from unnest($5::uuid[], $6::uuid[]) as given (move, lot)",
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        import as LotImportId,
        now,
        &moves,
        &ids,
    )
    .execute(connection)
    .await?;
    Ok(())
}
