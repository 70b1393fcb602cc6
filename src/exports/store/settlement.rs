//! The SQL of proceeds, as the bank records them: receipts and their reversals, what is missing at the end.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::auth::Actor;
use crate::exports::catalog::Named;
use crate::exports::model::{Export, Proceeds};
use crate::exports::proceeds::{Account, Evidence, Ledger, Receipt, Shortfall, ShortfallReason};
use crate::ids::{DocumentId, ExportId, UserId};

/// An entry of the account of an export: a receipt, or the reversal of one, whose amounts are negative.
#[derive(Debug, Clone)]
pub struct ReceiptLine {
    /// Its number within the export.
    pub number: i32,
    /// Its date value.
    pub received_on: NaiveDate,
    /// The credit advice; receipts of former times have none.
    pub bank_reference: Option<String>,
    /// In the export's currency.
    pub received: Decimal,
    /// In the export's currency.
    pub bank_charges: Decimal,
    /// Birr for one unit.
    pub etb_per_unit: Decimal,
    /// Percent that the exporter keeps.
    pub retain_pct: Decimal,
    /// In the export's currency.
    pub retained: Decimal,
    /// In the export's currency.
    pub surrendered: Decimal,
    /// In birr.
    pub etb_credited: Decimal,
    /// Which receipt it takes back.
    pub reverses: Option<i32>,
    /// By which entry it was taken back.
    pub reversed_by: Option<i32>,
    /// Why it is taken back; of a receipt, why more came than was owed.
    pub note: Option<String>,
    /// By whom.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// What was missing when an export was closed.
#[derive(Debug, Clone)]
pub struct ShortfallLine {
    /// In the export's currency.
    pub missing: Decimal,
    /// Its reason.
    pub reason: Named,
    /// In words.
    pub remark: Option<String>,
    /// What shows it.
    pub document: Option<DocumentId>,
    /// The first of two officers.
    pub first_officer: Option<UserId>,
    /// Who closed it.
    pub closed_by: UserId,
    /// When.
    pub closed_at: DateTime<Utc>,
}

/// Every entry of an export, in the order of their numbers.
pub(in crate::exports) async fn list_receipts(
    connection: &mut PgConnection,
    export: ExportId,
) -> sqlx::Result<Vec<ReceiptLine>> {
    sqlx::query_as!(
        ReceiptLine,
        r#"select s.receipt_number as number, s.received_on, s.bank_reference, s.received_amount as received, s.bank_charges,
                  s.etb_per_unit, s.retain_pct, s.retained_amount as retained, s.surrendered_amount as surrendered,
                  s.etb_credited, s.reverses, b.receipt_number as "reversed_by?", s.note,
                  s.recorded_by as "recorded_by: UserId", s.recorded_at
           from export_settlements s
           left join export_settlements b on b.export_id = s.export_id and b.reverses = s.receipt_number
           where s.export_id = $1 order by s.receipt_number"#,
        export as ExportId
    )
    .fetch_all(connection)
    .await
}

/// What was missing when the export was closed, if something was.
pub(in crate::exports) async fn find_shortfall(
    connection: &mut PgConnection,
    export: ExportId,
) -> sqlx::Result<Option<ShortfallLine>> {
    let row = sqlx::query!(
        r#"select s.due_amount - s.received_amount as "missing!", r.name, r.name_am, s.remark,
                  s.document_id as "document: DocumentId", s.first_officer as "first_officer: UserId",
                  s.closed_by as "closed_by: UserId", s.closed_at
           from export_shortfalls s join shortfall_reasons r using (shortfall_reason)
           where s.export_id = $1"#,
        export as ExportId
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| ShortfallLine {
        missing: row.missing,
        reason: Named { en: row.name, am: row.name_am },
        remark: row.remark,
        document: row.document,
        first_officer: row.first_officer,
        closed_by: row.closed_by,
        closed_at: row.closed_at,
    }))
}

/// What a bank may record and close by, at the settlement.
pub(in crate::exports) async fn read_ledger(
    connection: &mut PgConnection,
    export: ExportId,
    today: NaiveDate,
) -> sqlx::Result<Ledger> {
    let receipts = list_receipts(&mut *connection, export).await?;
    let reasons = sqlx::query!(
        "select shortfall_reason, name, name_am, needs_remark from shortfall_reasons
         where valid_from <= $1 and (valid_to is null or valid_to >= $1) order by sort_order",
        today
    )
    .fetch_all(&mut *connection)
    .await?;
    let evidence = sqlx::query_as!(
        Evidence,
        r#"select document_id as "document: DocumentId", document_type, document_name as name
           from export_documents where export_id = $1 and is_active and scan_status in ('NOT_SCANNED', 'CLEAN')
           order by uploaded_at desc, document_id"#,
        export as ExportId
    )
    .fetch_all(connection)
    .await?;
    let standing = receipts.iter().filter(|line| line.reverses.is_none() && line.reversed_by.is_none());
    Ok(Ledger {
        references: standing.filter_map(|line| line.bank_reference.clone()).collect(),
        entries: receipts.last().map_or(0, |line| line.number),
        reasons: reasons
            .into_iter()
            .map(|row| ShortfallReason {
                code: row.shortfall_reason,
                name: Named { en: row.name, am: row.name_am },
                needs_remark: row.needs_remark,
            })
            .collect(),
        evidence,
    })
}

/// Writes a receipt.
pub(in crate::exports) async fn insert_receipt(
    connection: &mut PgConnection,
    export: &Export,
    (number, receipt): (i32, &Receipt),
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into export_settlements (export_id, receipt_number, currency, received_amount, bank_charges, received_on,
             etb_per_unit, retain_pct, retained_amount, surrendered_amount, etb_credited, bank_reference, note, recorded_by,
             recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        export.id as ExportId,
        number,
        export.currency,
        receipt.split.received,
        receipt.split.bank_charges,
        receipt.received_on,
        receipt.etb_per_unit,
        receipt.retain_pct,
        receipt.split.retained,
        receipt.split.surrendered,
        receipt.split.etb_credited,
        receipt.bank_reference,
        receipt.excess_reason,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the entry that takes a receipt back, and says what it gives back; `None` where there is no such receipt that
/// stands.
pub(in crate::exports) async fn insert_reversal(
    connection: &mut PgConnection,
    export: &Export,
    (number, reversed): (i32, i32),
    reason: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Decimal>> {
    sqlx::query_scalar!(
        "insert into export_settlements (export_id, receipt_number, currency, received_amount, bank_charges, received_on,
             etb_per_unit, retain_pct, retained_amount, surrendered_amount, etb_credited, bank_reference, reverses, note,
             recorded_by, recorded_at)
         select s.export_id, $3, s.currency, -s.received_amount, -s.bank_charges, s.received_on, s.etb_per_unit,
             s.retain_pct, -s.retained_amount, -s.surrendered_amount, -s.etb_credited, s.bank_reference, s.receipt_number, $4, $5, $6
         from export_settlements s
         where s.export_id = $1 and s.receipt_number = $2 and s.reverses is null
           and not exists (select from export_settlements b where b.export_id = s.export_id and b.reverses = $2)
         returning received_amount",
        export.id as ExportId,
        reversed,
        number,
        reason,
        actor.user_id as UserId,
        now
    )
    .fetch_optional(connection)
    .await
}

/// Notes what has become of the proceeds.
pub(in crate::exports) async fn note_state(
    connection: &mut PgConnection,
    export: ExportId,
    state: Proceeds,
) -> sqlx::Result<()> {
    sqlx::query!("update exports set proceeds = $2 where export_id = $1", export as ExportId, state.code())
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes down what is missing of an export that is closed.
pub(in crate::exports) async fn insert_shortfall(
    connection: &mut PgConnection,
    export: &Export,
    (account, shortfall): (&Account, &Shortfall),
    first_officer: Option<UserId>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into export_shortfalls (export_id, currency, due_amount, received_amount, shortfall_reason, remark,
             document_id, first_officer, closed_by, closed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        export.id as ExportId,
        export.currency,
        account.due,
        account.received,
        shortfall.shortfall_reason,
        shortfall.remark,
        shortfall.document as DocumentId,
        first_officer as Option<UserId>,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
