//! The SQL of permits: what one rests on, and what ends one that nobody has used.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::exports::model::Export;
use crate::exports::rules::{Ground, GroundLicense, GroundLot};
use crate::ids::{ExportId, ExporterId, UserId};

/// Marks unused permits as expired whose last day is before `today`; how many. Runs as the system.
pub(in crate::exports) async fn expire(
    connection: &mut PgConnection,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let expired = sqlx::query!(
        "update export_permits set status = 'EXPIRED', updated_at = $2 where status = 'ISSUED' and valid_until < $1",
        today,
        now
    )
    .execute(connection)
    .await?;
    Ok(expired.rows_affected())
}

/// Cancels the export's unused permit for a reason. Runs as the system.
pub(in crate::exports) async fn cancel(
    connection: &mut PgConnection,
    id: ExportId,
    reason: &str,
    by: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update export_permits set status = 'CANCELLED', cancelled_at = $2, cancelled_by = $3, cancellation_reason = $4,
             updated_at = $2
         where export_id = $1 and status = 'ISSUED'",
        id as ExportId,
        now,
        by as UserId,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What the permit of an export would rest on, on `today`.
pub(in crate::exports) async fn read_ground(
    connection: &mut PgConnection,
    export: &Export,
    today: NaiveDate,
) -> sqlx::Result<Ground> {
    let row = sqlx::query!(
        r#"select
            -- The whole export is reserved with the contract; what others have taken is gone.
            c.exporter_id = e.exporter_id as "contract_is_own!", c.coffee_type as contract_coffee,
            c.buyer_country as contract_destination,
            c.quantity * (1 + c.tolerance_pct / 100) - c.reserved_kg + least(e.quantity, c.reserved_kg)
                as "contract_left_kg!",
            exists (select from competence_certificates k where k.exporter_id = e.exporter_id and k.status = 'ACTIVE'
                    and k.superseded_by is null and k.expiry_date >= $2) as "competence_in_force!",
            l.license_id is not null as "has_license!",
            -- What has a permit in the licence's year counts; a licence runs for one year, so its row is its year.
            l.annual_quota - gate.permitted_kg(l.license_id) as quota_left_kg,
            array(select jsonb_array_elements_text(l.authorized_coffee_types)) as "coffee_types!",
            array(select jsonb_array_elements_text(l.authorized_origins)) as "origins!",
            e.quality_grade as certified_grade,
            (select p.permit_number from export_permits p
             where p.export_id = e.export_id
               and (p.status = 'USED' or (p.status = 'ISSUED' and p.valid_until >= $2))) as live_permit
           from exports e
           join sales_contracts c on c.contract_id = e.contract_id
           left join export_licenses l on l.exporter_id = e.exporter_id and l.status = 'ACTIVE'
               and l.superseded_by is null and l.expiry_date >= $2
           where e.export_id = $1"#,
        export.id as ExportId,
        today,
    )
    .fetch_one(&mut *connection)
    .await?;
    let lots = sqlx::query_as!(
        GroundLot,
        r#"select l.purchased_by = $2 as "is_own!", l.status, l.coffee_type, l.origin_region, x.quantity_kg as share_kg,
               l.free_kg as "free_kg!",
               least(x.quantity_kg, l.reserved_kg - l.exported_kg) as "reserved_kg!",
               (select i.final_grade from quality_inspections i
                where i.inspection_id = l.inspection_id and i.passed and i.exporter_id = $2) as passed_grade
           from export_lots x
           join coffee_lots l on l.lot_id = x.lot_id
           where x.export_id = $1
           order by x.lot_id"#,
        export.id as ExportId,
        export.exporter_id as ExporterId,
    )
    .fetch_all(connection)
    .await?;
    Ok(Ground {
        lots,
        contract_is_own: row.contract_is_own,
        contract_coffee: row.contract_coffee,
        contract_destination: row.contract_destination,
        contract_left_kg: row.contract_left_kg,
        competence_in_force: row.competence_in_force,
        license: row.has_license.then_some(GroundLicense {
            quota_left_kg: row.quota_left_kg,
            coffee_types: row.coffee_types,
            origins: row.origins,
        }),
        certified_grade: row.certified_grade,
        live_permit: row.live_permit,
    })
}
