//! The proceeds of an export, as the bank records them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::auth::Actor;
use crate::exports::facts::Facts;
use crate::exports::model::Export;
use crate::ids::{ExportId, UserId};

/// Writes the settlement. Facts of another step write nothing.
pub(in crate::exports) async fn insert(
    connection: &mut PgConnection,
    export: &Export,
    facts: &Facts,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Facts::Settlement { received_on, etb_per_unit, retain_pct, split, shortfall_reason } = facts else {
        return Ok(());
    };
    sqlx::query!(
        "insert into export_settlements (export_id, currency, received_amount, bank_charges, received_on, etb_per_unit,
             retain_pct, retained_amount, surrendered_amount, etb_credited, shortfall_reason, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        export.id as ExportId,
        export.currency,
        split.received,
        split.bank_charges,
        received_on,
        etb_per_unit,
        retain_pct,
        split.retained,
        split.surrendered,
        split.etb_credited,
        shortfall_reason.as_deref(),
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
