//! What an export takes of lot, contract and quota, and gives back. Runs as the system (the rows are others'),
//! so every statement names the export it acts for.
//!
//! A contract's version counts what is said and decided of it; what exports take of it is no new version.
//!
//! Rows are locked in one order everywhere: export, licence, contract, lots by id, counter.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::ids::{ContractId, ExportId, LotId};

/// Takes `quantity` of the contract and the licence's quota, and each lot's share of the lot. The CHECKs of
/// the tables hold the balances; which one refused is told by its name.
pub(in crate::exports) async fn reserve(
    connection: &mut PgConnection,
    license_id: uuid::Uuid,
    contract_id: ContractId,
    lots: &[(LotId, Decimal)],
    quantity: Decimal,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update export_licenses set quota_reserved_kg = quota_reserved_kg + $2, updated_at = $3 where license_id = $1",
        license_id,
        quantity,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update sales_contracts set reserved_kg = reserved_kg + $2 where contract_id = $1",
        contract_id as ContractId,
        quantity
    )
    .execute(&mut *connection)
    .await?;
    for (lot, share) in lots {
        sqlx::query!(
            "update coffee_lots set reserved_kg = reserved_kg + $2, status = 'RESERVED_FOR_EXPORT',
                 version = version + 1, updated_at = $3
             where lot_id = $1",
            *lot as LotId,
            share,
            now
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Gives back what an export has taken and takes what it asks for now. Every row is changed once, by the
/// difference, and the lots of both are locked together, so that the order of locks holds.
pub(in crate::exports) async fn exchange(
    connection: &mut PgConnection,
    license_id: uuid::Uuid,
    contract_id: ContractId,
    before: &[(LotId, Decimal)],
    after: &[(LotId, Decimal)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mut differences: BTreeMap<LotId, Decimal> = BTreeMap::new();
    for (lot, kg) in after {
        *differences.entry(*lot).or_default() += kg;
    }
    for (lot, kg) in before {
        *differences.entry(*lot).or_default() -= kg;
    }
    let whole: Decimal = differences.values().sum();
    sqlx::query!(
        "update export_licenses set quota_reserved_kg = quota_reserved_kg + $2, updated_at = $3 where license_id = $1",
        license_id,
        whole,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update sales_contracts set reserved_kg = reserved_kg + $2 where contract_id = $1",
        contract_id as ContractId,
        whole
    )
    .execute(&mut *connection)
    .await?;
    for (lot, difference) in differences.into_iter().filter(|(_, difference)| !difference.is_zero()) {
        sqlx::query!(
            "update coffee_lots set reserved_kg = reserved_kg + $2,
                 status = case when reserved_kg + $2 > 0 then 'RESERVED_FOR_EXPORT'
                               when exists (select from quality_inspections i
                                            where i.inspection_id = coffee_lots.inspection_id and i.passed) then 'INSPECTED'
                               else 'IN_WAREHOUSE' end,
                 version = version + 1, updated_at = $3
             where lot_id = $1",
            lot as LotId,
            difference,
            now
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Gives back everything that the export has taken, and cancels its unused permit.
pub(in crate::exports) async fn release(
    connection: &mut PgConnection,
    export_id: ExportId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update export_licenses l set quota_reserved_kg = l.quota_reserved_kg - e.quantity, updated_at = $2
         from exports e where e.export_id = $1 and l.license_id = e.license_id",
        export_id as ExportId,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update sales_contracts c set reserved_kg = c.reserved_kg - e.quantity
         from exports e where e.export_id = $1 and c.contract_id = e.contract_id",
        export_id as ExportId
    )
    .execute(&mut *connection)
    .await?;
    lock_lots(connection, export_id).await?;
    sqlx::query!(
        "update coffee_lots l set reserved_kg = l.reserved_kg - x.quantity_kg,
             status = case when l.reserved_kg > x.quantity_kg then l.status
                           when exists (select from quality_inspections i
                                        where i.inspection_id = l.inspection_id and i.passed) then 'INSPECTED'
                           else 'IN_WAREHOUSE' end,
             version = l.version + 1, updated_at = $2
         from export_lots x where x.export_id = $1 and l.lot_id = x.lot_id",
        export_id as ExportId,
        now
    )
    .execute(&mut *connection)
    .await?;
    super::revise::cancel_permit(connection, export_id, now).await
}

/// The coffee has left: the permit is used, the lots' shares are exported.
pub(in crate::exports) async fn mark_shipped(
    connection: &mut PgConnection,
    export_id: ExportId,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    lock_lots(connection, export_id).await?;
    sqlx::query!(
        "update coffee_lots l set exported_kg = l.exported_kg + x.quantity_kg,
             status = case when l.exported_kg + x.quantity_kg = l.quantity - l.passed_on_kg then 'EXPORTED' else l.status end,
             version = l.version + 1, updated_at = $2
         from export_lots x where x.export_id = $1 and l.lot_id = x.lot_id",
        export_id as ExportId,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update export_permits set status = 'USED', used_date = $3, updated_at = $2
         where export_id = $1 and status = 'ISSUED'",
        export_id as ExportId,
        now,
        today
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Holds the export's lots, in the order in which everyone locks them.
pub(in crate::exports) async fn lock_lots(connection: &mut PgConnection, export_id: ExportId) -> sqlx::Result<()> {
    sqlx::query!(
        "select lot_id from coffee_lots
         where lot_id in (select lot_id from export_lots where export_id = $1) order by lot_id for update",
        export_id as ExportId
    )
    .fetch_all(connection)
    .await?;
    Ok(())
}
