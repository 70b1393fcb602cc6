//! The SQL of lots.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::auth::{Actor, OrganizationKind};
use crate::ids::{LotId, OrganizationId};

/// A lot as the list shows it.
#[derive(Debug, Clone)]
pub(super) struct LotLine {
    pub lot_id: LotId,
    pub lot_number: String,
    pub receipt: String,
    pub receipt_expires_on: Option<NaiveDate>,
    pub warehouse: String,
    pub coffee_type: String,
    pub processing_method: String,
    pub origin_region: String,
    pub grade: Option<String>,
    pub quantity: Decimal,
    pub free_kg: Decimal,
    pub status: String,
    pub owner: String,
    pub created_at: DateTime<Utc>,
}

/// A page of the lots that `viewer` may see, newest first: the exchange, the authority and the auditor see all,
/// an exporter its own.
pub(super) async fn list_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    number: Option<&str>,
    status: Option<&str>,
    after: Option<(DateTime<Utc>, LotId)>,
    limit: i64,
) -> sqlx::Result<Vec<LotLine>> {
    let own = (viewer.organization.kind == OrganizationKind::Exporter).then_some(viewer.organization.id);
    sqlx::query_as!(
        LotLine,
        r#"select l.lot_id as "lot_id: LotId", l.ecx_lot_number as lot_number, l.warehouse_receipt_number as receipt,
                  l.receipt_expires_on, l.warehouse_location as warehouse, l.coffee_type, l.processing_method,
                  l.origin_region, coalesce(i.final_grade, l.preliminary_grade) as grade, l.quantity,
                  l.quantity - l.reserved_kg as "free_kg!", l.status, p.business_name as owner, l.created_at
           from coffee_lots l
           join exporter_profiles p on p.exporter_id = l.purchased_by
           left join quality_inspections i on i.lot_id = l.lot_id and i.superseded_by is null
           where ($1::uuid is null or p.organization_id = $1)
             and ($2::text is null or l.ecx_lot_number >= $2 and l.ecx_lot_number < $2 || chr(1114111))
             and ($3::text is null or l.status = $3)
             and ($4::timestamptz is null or (l.created_at, l.lot_id) < ($4, $5))
           order by l.created_at desc, l.lot_id desc
           limit $6"#,
        own as Option<OrganizationId>,
        number,
        status,
        after.map(|(at, _)| at),
        after.map(|(_, id)| id.0),
        limit,
    )
    .fetch_all(connection)
    .await
}
