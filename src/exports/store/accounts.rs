//! The SQL of the lists about proceeds: what was closed short, what was put off, what is asked for. The finder names the
//! viewer's own columns; row-level security stands behind it.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::sees_all;
use crate::auth::Actor;
use crate::exports::catalog::Named;
use crate::ids::{ExportId, OrganizationId};

/// Whose export a line is about.
#[derive(Debug, Clone)]
pub struct Whose {
    /// The export.
    pub export: ExportId,
    /// Its number.
    pub number: String,
    /// Its exporter, as the request names it.
    pub exporter: String,
    /// Its bank.
    pub bank: OrganizationId,
}

/// An export that was closed although something was missing.
#[derive(Debug, Clone)]
pub struct ShortLine {
    /// Which one.
    pub whose: Whose,
    /// ISO 4217.
    pub currency: String,
    /// What was owed.
    pub due: Decimal,
    /// What came.
    pub received: Decimal,
    /// Why.
    pub reason: Named,
    /// In words.
    pub remark: Option<String>,
    /// When it was closed.
    pub closed_at: DateTime<Utc>,
}

/// What was closed short, the newest first.
pub(in crate::exports) async fn list_short(
    connection: &mut PgConnection,
    viewer: &Actor,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<ShortLine>> {
    let (at, id) = after.unzip();
    let rows = sqlx::query!(
        r#"select s.export_id as "export: ExportId", e.export_number, e.exporter_name,
                  e.bank_organization_id as "bank: OrganizationId", s.currency, s.due_amount, s.received_amount, r.name,
                  r.name_am, s.remark, s.closed_at
           from export_shortfalls s join exports e using (export_id) join shortfall_reasons r using (shortfall_reason)
           where ($1 or $2 in (e.exporter_organization_id, e.bank_organization_id))
             and ($3::timestamptz is null or (s.closed_at, s.export_id) < ($3, $4::uuid))
           order by s.closed_at desc, s.export_id desc limit $5"#,
        sees_all(viewer),
        viewer.organization.id as OrganizationId,
        at,
        id,
        limit
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ShortLine {
            whose: Whose { export: row.export, number: row.export_number, exporter: row.exporter_name, bank: row.bank },
            currency: row.currency,
            due: row.due_amount,
            received: row.received_amount,
            reason: Named { en: row.name, am: row.name_am },
            remark: row.remark,
            closed_at: row.closed_at,
        })
        .collect())
}

/// A due date that was put off, or shall be.
#[derive(Debug, Clone)]
pub struct PutOffLine {
    /// Its id, for paging.
    pub id: Uuid,
    /// Which export.
    pub whose: Whose,
    /// When its proceeds are due, or were before they were put off.
    pub from: Option<NaiveDate>,
    /// To which day.
    pub to: NaiveDate,
    /// Why.
    pub reason: String,
    /// When it was granted, or asked for.
    pub at: DateTime<Utc>,
}

/// A line as both lists of it have it.
struct PutOffRow {
    id: Uuid,
    export: ExportId,
    export_number: String,
    exporter_name: String,
    bank: OrganizationId,
    due_from: Option<NaiveDate>,
    due_to: NaiveDate,
    reason: String,
    at: DateTime<Utc>,
}

impl From<PutOffRow> for PutOffLine {
    fn from(row: PutOffRow) -> Self {
        let whose =
            Whose { export: row.export, number: row.export_number, exporter: row.exporter_name, bank: row.bank };
        Self { id: row.id, whose, from: row.due_from, to: row.due_to, reason: row.reason, at: row.at }
    }
}

/// The extensions by which proceeds are due that are still to come, the newest first.
pub(in crate::exports) async fn list_running(
    connection: &mut PgConnection,
    viewer: &Actor,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<PutOffLine>> {
    let (at, id) = after.unzip();
    let rows = sqlx::query_as!(
        PutOffRow,
        r#"select x.extension_id as id, x.export_id as "export: ExportId", e.export_number, e.exporter_name,
                  e.bank_organization_id as "bank: OrganizationId", x.due_from as "due_from?", x.due_to, x.reason,
                  x.granted_at as at
           from settlement_extensions x join exports e using (export_id)
           where e.settlement_due_date = x.due_to and e.status not in ('COMPLETED', 'CANCELLED')
             and e.proceeds = 'OUTSTANDING' and ($1 or $2 in (e.exporter_organization_id, e.bank_organization_id))
             and ($3::timestamptz is null or (x.granted_at, x.extension_id) < ($3, $4::uuid))
           order by x.granted_at desc, x.extension_id desc limit $5"#,
        sees_all(viewer),
        viewer.organization.id as OrganizationId,
        at,
        id,
        limit
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(PutOffLine::from).collect())
}

/// The requests that wait for the National Bank, the oldest first.
pub(in crate::exports) async fn list_waiting(
    connection: &mut PgConnection,
    viewer: &Actor,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<PutOffLine>> {
    let (at, id) = after.unzip();
    let rows = sqlx::query_as!(
        PutOffRow,
        r#"select q.request_id as id, q.export_id as "export: ExportId", e.export_number, e.exporter_name,
                  e.bank_organization_id as "bank: OrganizationId", e.settlement_due_date as due_from,
                  q.asked_until as due_to, q.reason, q.asked_at as at
           from extension_requests q join exports e using (export_id)
           where q.answer is null and e.status not in ('COMPLETED', 'CANCELLED')
             and ($1 or $2 in (e.exporter_organization_id, e.bank_organization_id))
             and ($3::timestamptz is null or (q.asked_at, q.request_id) > ($3, $4::uuid))
           order by q.asked_at, q.request_id limit $5"#,
        sees_all(viewer),
        viewer.organization.id as OrganizationId,
        at,
        id,
        limit
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(PutOffLine::from).collect())
}
