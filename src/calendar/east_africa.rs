//! East Africa Time: three hours ahead of UTC, all year.
//!
//! A fixed offset, so that no time-zone database is needed. Shown with 24 hours and its name, because
//! Ethiopia also counts its hours from sunrise.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

const AHEAD_OF_UTC: Duration = Duration::hours(3);
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The wall-clock time in Addis Ababa at `moment`.
#[must_use]
pub fn eat(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.naive_utc() + AHEAD_OF_UTC
}

/// The date in Addis Ababa at `moment`.
#[must_use]
pub fn eat_date(moment: DateTime<Utc>) -> NaiveDate {
    eat(moment).date()
}

/// The moment at which `date` begins in Addis Ababa.
#[must_use]
pub fn start_of_day(date: NaiveDate) -> DateTime<Utc> {
    (date.and_time(NaiveTime::MIN) - AHEAD_OF_UTC).and_utc()
}

/// When the day that somebody asks for begins.
#[must_use]
pub fn first_moment(day: NaiveDate) -> DateTime<Utc> {
    start_of_day(within_reason(day))
}

/// When the day that somebody asks for is over.
#[must_use]
pub fn moment_after(day: NaiveDate) -> DateTime<Utc> {
    start_of_day(within_reason(day) + Days::new(1))
}

/// The day itself, or the nearest that a database and a calendar can hold: an address may name the year 262142.
fn within_reason(day: NaiveDate) -> NaiveDate {
    let bound = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(day);
    day.clamp(bound(2000), bound(2200))
}

/// `20 Nov 2026, 14:05 EAT`.
#[must_use]
pub fn format_eat(moment: DateTime<Utc>) -> String {
    let local = eat(moment);
    format!("{}, {} EAT", format_date(local.date()), format_time(local))
}

/// `20 Nov 2026`.
#[must_use]
pub fn format_date(date: NaiveDate) -> String {
    // Every row of a list shows a few; the general formatter reads its pattern anew each time.
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

/// `14:05`.
#[must_use]
pub fn format_time(local: NaiveDateTime) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn shows_addis_abebas_wall_clock() {
        let moment = Utc.with_ymd_and_hms(2026, 11, 20, 11, 5, 59).unwrap();
        assert_eq!(format_eat(moment), "20 Nov 2026, 14:05 EAT");
    }

    #[test]
    fn the_day_changes_at_nine_in_the_evening_utc() {
        let before = Utc.with_ymd_and_hms(2026, 9, 30, 20, 59, 59).unwrap();
        let after = before + Duration::seconds(1);
        assert_eq!(format_date(eat_date(before)), "30 Sep 2026");
        assert_eq!(format_date(eat_date(after)), "1 Oct 2026");
        assert_eq!(start_of_day(eat_date(after)), after);
        assert_eq!(format_eat(after), "1 Oct 2026, 00:00 EAT");
    }
}
