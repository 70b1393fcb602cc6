//! The monthly return of certificates of origin that the authority owes the International Coffee Organization.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};

use crate::auth::Actor;
use crate::calendar::{eat_date, start_of_day};
use crate::certificates::store::{self, Month};
use crate::database::Db;
use crate::ids::OriginCertificateId;

pub use crate::certificates::store::{ReturnLine, ReturnSums};

/// Rows of one download: a month of the whole trade has some thousands.
pub const MOST_ROWS: i64 = 50_000;

/// A month of the return, by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReturnMonth(NaiveDate);

impl ReturnMonth {
    /// The month of a day.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The month that `text` names as `2026-11`, if the trade can have certificates of it by `today`.
    #[must_use]
    pub fn parse(text: &str, today: NaiveDate) -> Option<Self> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
        ((2000..=today.year()).contains(&first.year()) && first <= today).then_some(Self(first))
    }

    /// The month that is reported at `today`: the last whole one.
    #[must_use]
    pub fn due(today: NaiveDate) -> Self {
        Self::of(Self::of(today).0 - Days::new(1))
    }

    /// As an address names it: `2026-11`.
    #[must_use]
    pub fn code(self) -> String {
        self.0.format("%Y-%m").to_string()
    }

    /// Its first day.
    #[must_use]
    pub const fn first(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> NaiveDate {
        self.next() - Days::new(1)
    }

    /// The month before it.
    #[must_use]
    pub fn before(self) -> Self {
        Self::of(self.0 - Days::new(1))
    }

    fn next(self) -> NaiveDate {
        self.0 + Months::new(1)
    }

    fn span(self) -> Month {
        Month { days: (self.0, self.last()), moments: (start_of_day(self.0), start_of_day(self.next())) }
    }
}

/// The months that can be chosen at `today`, newest first: the running one and the two years before it.
#[must_use]
pub fn months(today: NaiveDate) -> Vec<ReturnMonth> {
    std::iter::successors(Some(ReturnMonth::of(today)), |month| Some(month.before())).take(25).collect()
}

/// A page of the return, and its sums; at most `limit` rows.
///
/// # Errors
/// When the database cannot be reached.
pub async fn read(
    db: &Db,
    actor: &Actor,
    month: ReturnMonth,
    after: Option<(DateTime<Utc>, OriginCertificateId)>,
    limit: i64,
) -> sqlx::Result<(Vec<ReturnLine>, ReturnSums)> {
    let mut tx = db.begin_as(actor).await?;
    let lines = store::list_return(&mut tx, month.span(), after, limit).await?;
    let sums = store::sum_return(&mut tx, month.span()).await?;
    tx.commit().await?;
    Ok((lines, sums))
}

/// Whether a certificate of the return was issued in an earlier month, and only taken back in this one.
#[must_use]
pub fn is_of_earlier_month(line: &ReturnLine, month: ReturnMonth) -> bool {
    line.issued_on < month.first()
}

/// The day on which it was taken back.
#[must_use]
pub fn withdrawn_on(line: &ReturnLine) -> Option<NaiveDate> {
    line.withdrawn_at.map(eat_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_begins_and_ends_in_addis_ababa() {
        let november = ReturnMonth::of(day("2026-11-20"));
        assert_eq!(
            (november.first(), november.last(), november.code().as_str()),
            (day("2026-11-01"), day("2026-11-30"), "2026-11")
        );
        let moments = november.span().moments;
        assert_eq!(
            (moments.0.to_rfc3339(), moments.1.to_rfc3339()),
            ("2026-10-31T21:00:00+00:00".to_owned(), "2026-11-30T21:00:00+00:00".to_owned())
        );
        assert_eq!(ReturnMonth::of(day("2028-02-29")).last(), day("2028-02-29"));
        assert_eq!(ReturnMonth::of(day("2027-01-05")).before(), ReturnMonth::of(day("2026-12-31")));
    }

    #[test]
    fn what_is_due_is_the_last_whole_month() {
        assert_eq!(ReturnMonth::due(day("2026-11-01")), ReturnMonth::of(day("2026-10-01")));
        assert_eq!(ReturnMonth::due(day("2027-01-31")), ReturnMonth::of(day("2026-12-01")));
    }

    #[test]
    fn a_month_that_cannot_be_is_none() {
        let today = day("2026-11-20");
        assert_eq!(ReturnMonth::parse("2026-11", today), Some(ReturnMonth::of(today)));
        for text in ["2026-12", "1999-12", "2026-13", "262143-01", "", "november", "2026-11-20"] {
            assert_eq!(ReturnMonth::parse(text, today), None, "{text}");
        }
        let months = months(today);
        assert_eq!((months.len(), months[0].code().as_str(), months[24].code().as_str()), (25, "2026-11", "2024-11"));
    }
}
