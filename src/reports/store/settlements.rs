//! Proceeds that are due: the value of an export less the receipts that stand. They are of open exports alone, which are
//! few however long the history is.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::sees_all;
use crate::auth::Actor;
use crate::exports::{ExportStatus, Stage, State};
use crate::ids::{ExportId, OrganizationId};
use crate::reports::model::{Due, DueSum};

/// What is still to come of the viewer's exports, by whom it is due and when.
pub(in crate::reports) async fn sum_due(
    connection: &mut PgConnection,
    viewer: &Actor,
    exporter: Option<OrganizationId>,
) -> sqlx::Result<Vec<DueSum>> {
    sqlx::query_as!(
        DueSum,
        r#"select bank_organization_id as "bank: OrganizationId", exporter_organization_id as "exporter: OrganizationId",
                  currency, settlement_due_date as "due!", count(*) as "count!",
                  sum(estimated_value - coalesce(r.received, 0)) as "outstanding!"
           from exports e
           left join lateral (select sum(s.received_amount) as received from export_settlements s
                              where s.export_id = e.export_id) r on true
           where status not in ('COMPLETED', 'CANCELLED') and proceeds = 'OUTSTANDING' and settlement_due_date is not null
             and ($1 or $2 in (exporter_organization_id, bank_organization_id))
             and ($3::uuid is null or exporter_organization_id = $3)
           group by 1, 2, 3, 4"#,
        sees_all(viewer),
        viewer.organization.id as OrganizationId,
        exporter as Option<OrganizationId>,
    )
    .fetch_all(connection)
    .await
}

struct Row {
    export: ExportId,
    number: String,
    bank: OrganizationId,
    exporter: OrganizationId,
    status: ExportStatus,
    stage: Stage,
    due: NaiveDate,
    currency: String,
    outstanding: Decimal,
}

/// The viewer's exports of which something is still to come, the earliest due date first.
pub(in crate::reports) async fn list_due(
    connection: &mut PgConnection,
    viewer: &Actor,
    exporter: Option<OrganizationId>,
    limit: i64,
) -> sqlx::Result<Vec<Due>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select export_id as "export: ExportId", export_number as number,
                  bank_organization_id as "bank: OrganizationId",
                  exporter_organization_id as "exporter: OrganizationId", status as "status: ExportStatus",
                  stage as "stage: Stage", settlement_due_date as "due!", currency,
                  estimated_value - coalesce((select sum(s.received_amount) from export_settlements s
                                              where s.export_id = e.export_id), 0) as "outstanding!"
           from exports e
           where status not in ('COMPLETED', 'CANCELLED') and proceeds = 'OUTSTANDING' and settlement_due_date is not null
             and ($1 or $2 in (exporter_organization_id, bank_organization_id))
             and ($3::uuid is null or exporter_organization_id = $3)
           order by settlement_due_date, export_id
           limit $4"#,
        sees_all(viewer),
        viewer.organization.id as OrganizationId,
        exporter as Option<OrganizationId>,
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Due {
            export: row.export,
            number: row.number,
            bank: row.bank,
            exporter: row.exporter,
            state: State::new(row.status, row.stage),
            due: row.due,
            currency: row.currency,
            outstanding: row.outstanding,
        })
        .collect())
}
