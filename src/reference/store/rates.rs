//! The SQL of rates of exchange.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::reference::model::Rate;

/// Every currency but the birr, in which rates are.
pub(in crate::reference) async fn list_currencies(
    connection: &mut PgConnection,
) -> sqlx::Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"select currency::text as "currency!", name from currencies where currency <> 'ETB'
           order by currency <> 'USD', currency"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.currency, row.name)).collect())
}

/// The rates of the last `days` days that have any, before `before` where it is given, newest first.
pub(in crate::reference) async fn list_rates(
    connection: &mut PgConnection,
    before: Option<NaiveDate>,
    days: i64,
) -> sqlx::Result<Vec<Rate>> {
    sqlx::query_as!(
        Rate,
        r#"select r.currency::text as "currency!", r.rate_date as day, r.etb_per_unit
           from fx_rates r
           where r.rate_date in (select distinct d.rate_date from fx_rates d
                                 where $1::date is null or d.rate_date < $1 order by 1 desc limit $2)
           order by r.rate_date desc, r.currency"#,
        before,
        days,
    )
    .fetch_all(connection)
    .await
}

/// The rates of a day.
pub(in crate::reference) async fn list_rates_of(
    connection: &mut PgConnection,
    day: NaiveDate,
) -> sqlx::Result<Vec<Rate>> {
    sqlx::query_as!(
        Rate,
        r#"select currency::text as "currency!", rate_date as day, etb_per_unit
           from fx_rates where rate_date = $1 order by currency"#,
        day
    )
    .fetch_all(connection)
    .await
}

/// The last rate of a currency that was known on `day`.
pub(in crate::reference) async fn find_rate(
    connection: &mut PgConnection,
    currency: &str,
    day: NaiveDate,
) -> sqlx::Result<Option<Rate>> {
    sqlx::query_as!(
        Rate,
        r#"select currency::text as "currency!", rate_date as day, etb_per_unit
           from fx_rates where currency = $1 and rate_date <= $2 order by rate_date desc limit 1"#,
        currency,
        day
    )
    .fetch_optional(connection)
    .await
}

pub(in crate::reference) async fn insert_rate(
    connection: &mut PgConnection,
    currency: &str,
    day: NaiveDate,
    etb_per_unit: Decimal,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into fx_rates (currency, rate_date, etb_per_unit) values ($1, $2, $3)",
        currency,
        day,
        etb_per_unit
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a rate away; whether there was one that may be taken away.
pub(in crate::reference) async fn delete_rate(
    connection: &mut PgConnection,
    currency: &str,
    day: NaiveDate,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!("delete from fx_rates where currency = $1 and rate_date = $2", currency, day)
        .execute(connection)
        .await?;
    Ok(deleted.rows_affected() == 1)
}
