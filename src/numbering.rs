//! Number series: official numbers without gaps.
//!
//! The next number is taken from a counter row, under its lock, in the transaction that issues: a rollback
//! gives it back. Never from a sequence or the clock, both of which leave gaps or collide. A series starts
//! again at one with its period: the day, the year, the coffee year (1 October) in Addis Ababa, or never.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::calendar::{CoffeeYear, eat_date};

/// A number that has been taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// As it is printed.
    pub text: String,
    /// Its place in the series.
    pub serial: i64,
}

/// Takes the next number of `series` within `scope` (an exporter's code, a business type; empty where there
/// is one counter for all). `port` fills the `{port}` of the patterns that have one.
///
/// # Errors
/// When the database refuses; the caller's transaction has to be given up then.
pub async fn next(
    connection: &mut PgConnection,
    series: &str,
    scope: &str,
    port: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Number> {
    next_many(connection, series, scope, port, 1, now).await?.pop().ok_or(sqlx::Error::RowNotFound)
}

/// As [`next`], `count` numbers that follow each other, at least one.
///
/// # Errors
/// As [`next`].
pub async fn next_many(
    connection: &mut PgConnection,
    series: &str,
    scope: &str,
    port: &str,
    count: u32,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Number>> {
    let today = eat_date(now);
    let row = sqlx::query!(
        r#"insert into number_counters (series_key, scope, period, last_value)
           select s.series_key, $2,
                  case s.reset when 'DAY' then $3 when 'YEAR' then $4 when 'COFFEE_YEAR' then $5 else '' end, $6
           from number_series s
           where s.series_key = $1
           on conflict (series_key, scope, period) do update set last_value = number_counters.last_value + $6
           returning last_value, (select pattern from number_series where series_key = $1) as "pattern!""#,
        series,
        scope,
        today.format("%Y%m%d").to_string(),
        today.format("%Y").to_string(),
        CoffeeYear::of(today).to_string(),
        i64::from(count),
    )
    .fetch_one(connection)
    .await?;
    let serials = row.last_value - i64::from(count) + 1..=row.last_value;
    Ok(serials.map(|serial| Number { text: format_number(&row.pattern, scope, port, today, serial), serial }).collect())
}

/// Fills a pattern: `{yyyy}`, `{yyyymmdd}`, `{scope}`, `{port}`, `{n}` or `{n:6}` (padded with zeros).
fn format_number(pattern: &str, scope: &str, port: &str, today: NaiveDate, serial: i64) -> String {
    let mut text = pattern
        .replace("{yyyymmdd}", &today.format("%Y%m%d").to_string())
        .replace("{yyyy}", &format!("{:04}", today.year()))
        .replace("{scope}", scope)
        .replace("{port}", port)
        .replace("{n}", &serial.to_string());
    if let (Some(start), Some(length)) = (text.find("{n:"), text.find('}').map(|end| end + 1))
        && start < length
        && let Ok(width) = text[start + 3..length - 1].parse::<usize>()
    {
        text.replace_range(start..length, &format!("{serial:0width$}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_filled_and_padded() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        assert_eq!(format_number("EXP-{yyyymmdd}-{n:6}", "", "", day, 42), "EXP-20261120-000042");
        assert_eq!(format_number("EP-{yyyy}-{n:6}", "", "", day, 1_234_567), "EP-2026-1234567");
        assert_eq!(format_number("010/{port}/{n}", "", "01", day, 7), "010/01/7");
        assert_eq!(format_number("010/{scope}/{n:4}", "1402", "", day, 1), "010/1402/0001");
    }
}
