//! The SQL of what the lists flag: few rows, the same for all cases.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate};
use sqlx::PgConnection;

use crate::exports::minimum_prices::MinimumPrices;
use crate::ids::ExporterId;

/// Exports wait for months, not for years: older prices and licences flag nothing.
const PRICE_WEEKS: u64 = 30;
const LICENSE_DAYS_AGO: u64 = 365;
/// From so many days before its end on, a licence is flagged.
const LICENSE_DAYS_AHEAD: u64 = 30;

/// The minimum prices of the weeks up to that of `today`.
pub(in crate::exports) async fn list_minimum_prices(
    connection: &mut PgConnection,
    today: NaiveDate,
) -> sqlx::Result<MinimumPrices> {
    let since = (today - Days::new(7 * PRICE_WEEKS)).iso_week();
    let rows = sqlx::query!(
        "select coffee_type, grade, usd_per_kg, iso_year, iso_week
         from minimum_export_prices
         where (iso_year, iso_week) >= ($1, $2)",
        since.year(),
        i32::try_from(since.week()).unwrap_or_default()
    )
    .fetch_all(connection)
    .await?;
    let mut prices = MinimumPrices::default();
    for row in rows {
        let week = (row.iso_year, row.iso_week.unsigned_abs());
        prices.insert(week, row.coffee_type, row.grade, row.usd_per_kg);
    }
    Ok(prices)
}

/// The last day of the newest licence of each exporter, where it is near or was not long ago.
pub(in crate::exports) async fn list_ending_licenses(
    connection: &mut PgConnection,
    today: NaiveDate,
) -> sqlx::Result<HashMap<ExporterId, NaiveDate>> {
    let rows = sqlx::query!(
        r#"select exporter_id as "exporter_id: ExporterId", max(expiry_date) as "last_day!"
           from export_licenses
           where status in ('ACTIVE', 'EXPIRED') and superseded_by is null
           group by exporter_id
           having max(expiry_date) between $1 and $2"#,
        today - Days::new(LICENSE_DAYS_AGO),
        today + Days::new(LICENSE_DAYS_AHEAD)
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.exporter_id, row.last_day)).collect())
}
