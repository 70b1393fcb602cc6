//! The SQL of minimum export prices.

use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::reference::model::{MinimumPrice, Week};

struct Row {
    number: String,
    coffee_type: String,
    grade: String,
    usd_per_kg: Decimal,
    iso_year: i32,
    iso_week: i32,
}

impl TryFrom<Row> for MinimumPrice {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let week = Week::new(row.iso_year, row.iso_week.unsigned_abs())
            .ok_or_else(|| sqlx::Error::Decode(format!("{} is of no week", row.number).into()))?;
        Ok(Self {
            number: row.number,
            coffee_type: row.coffee_type,
            grade: row.grade,
            usd_per_kg: row.usd_per_kg,
            week,
        })
    }
}

fn number(week: Week) -> i32 {
    i32::try_from(week.number()).unwrap_or_default()
}

/// The prices of a week, by coffee and grade.
pub(in crate::reference) async fn list_prices(
    connection: &mut PgConnection,
    week: Week,
) -> sqlx::Result<Vec<MinimumPrice>> {
    let rows = sqlx::query_as!(
        Row,
        "select price_number as number, coffee_type, grade, usd_per_kg, iso_year, iso_week
         from minimum_export_prices
         where iso_year = $1 and iso_week = $2
         order by coffee_type, grade",
        week.year(),
        number(week),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(MinimumPrice::try_from).collect()
}

/// The newest week before `week` that has prices.
pub(in crate::reference) async fn find_week_before(
    connection: &mut PgConnection,
    week: Week,
) -> sqlx::Result<Option<Week>> {
    let row = sqlx::query!(
        "select iso_year, iso_week from minimum_export_prices
         where (iso_year, iso_week) < ($1, $2) order by iso_year desc, iso_week desc limit 1",
        week.year(),
        number(week),
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.and_then(|row| Week::new(row.iso_year, row.iso_week.unsigned_abs())))
}

/// The price of a coffee and grade in `week`, or the last known before it.
pub(in crate::reference) async fn find_latest(
    connection: &mut PgConnection,
    coffee_type: &str,
    grade: &str,
    week: Week,
) -> sqlx::Result<Option<MinimumPrice>> {
    let row = sqlx::query_as!(
        Row,
        "select price_number as number, coffee_type, grade, usd_per_kg, iso_year, iso_week
         from minimum_export_prices
         where coffee_type = $1 and grade = $2 and (iso_year, iso_week) <= ($3, $4)
         order by iso_year desc, iso_week desc
         limit 1",
        coffee_type,
        grade,
        week.year(),
        number(week),
    )
    .fetch_optional(connection)
    .await?;
    row.map(MinimumPrice::try_from).transpose()
}

/// The coffees that may be priced.
pub(in crate::reference) async fn list_coffees(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select coffee_type from coffee_types
         where valid_from <= (select app.today()) and (valid_to is null or valid_to >= (select app.today()))
         order by coffee_type"
    )
    .fetch_all(connection)
    .await
}

pub(in crate::reference) async fn insert_price(
    connection: &mut PgConnection,
    price: &MinimumPrice,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into minimum_export_prices (price_number, coffee_type, grade, usd_per_kg, iso_year, iso_week)
         values ($1, $2, $3, $4, $5, $6)",
        price.number,
        price.coffee_type,
        price.grade,
        price.usd_per_kg,
        price.week.year(),
        number(price.week),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a price away; whether there was one that may be taken away.
pub(in crate::reference) async fn delete_price(connection: &mut PgConnection, number: &str) -> sqlx::Result<bool> {
    let deleted =
        sqlx::query!("delete from minimum_export_prices where price_number = $1", number).execute(connection).await?;
    Ok(deleted.rows_affected() == 1)
}
