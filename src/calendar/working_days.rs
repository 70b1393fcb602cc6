//! Working days in Ethiopia: Monday to Friday, less public holidays. Ageing and due dates count them.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

use super::east_africa::eat_date;

/// The days on which offices are closed besides Saturdays and Sundays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<NaiveDate>);

impl Holidays {
    /// Whether `date` is a holiday.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.0.contains(&date)
    }

    /// Every holiday, earliest first.
    pub fn iter(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<NaiveDate> for Holidays {
    fn from_iter<I: IntoIterator<Item = NaiveDate>>(dates: I) -> Self {
        Self(dates.into_iter().collect())
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Whether offices are open on `date`.
#[must_use]
pub fn is_working_day(date: NaiveDate, holidays: &Holidays) -> bool {
    !is_weekend(date) && !holidays.contains(date)
}

/// How many working days have begun after the day of `from`, up to and with the day of `to`, in East Africa
/// Time: none on the same day, one from Friday to Monday. None when `to` is the earlier.
#[must_use]
pub fn working_days_between(from: DateTime<Utc>, to: DateTime<Utc>, holidays: &Holidays) -> u32 {
    let (from, to) = (eat_date(from), eat_date(to));
    if to <= from {
        return 0;
    }
    // Whole weeks are five days whatever they begin with; what remains is less than a week.
    let days = u64::try_from((to - from).num_days()).unwrap_or_default();
    let rest_begins = from + Days::new(days / 7 * 7);
    let rest = rest_begins.iter_days().skip(1).take_while(|date| *date <= to).filter(|date| !is_weekend(*date)).count();
    let closed = holidays.0.range(from..=to).filter(|date| **date > from && !is_weekend(**date)).count();
    let rest = u64::try_from(rest).unwrap_or_default();
    let closed = u64::try_from(closed).unwrap_or_default();
    u32::try_from((days / 7 * 5 + rest).saturating_sub(closed)).unwrap_or(u32::MAX)
}

/// The day by which `count` working days after `from` have begun: `from` itself for none.
///
/// With `working_days_between` it agrees: from the start of one to the start of the other lie `count`.
#[must_use]
pub fn working_day_after(from: NaiveDate, count: u32, holidays: &Holidays) -> NaiveDate {
    if count == 0 {
        return from;
    }
    let wanted = usize::try_from(count).unwrap_or(usize::MAX);
    from.iter_days().skip(1).filter(|date| is_working_day(*date, holidays)).nth(wanted - 1).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::super::east_africa::start_of_day;
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn between(from: NaiveDate, to: NaiveDate, holidays: &Holidays) -> u32 {
        working_days_between(start_of_day(from), start_of_day(to), holidays)
    }

    #[test]
    fn a_weekend_does_not_count() {
        let none = Holidays::default();
        assert_eq!(between(day(11, 20), day(11, 20), &none), 0);
        assert_eq!(between(day(11, 20), day(11, 22), &none), 0);
        assert_eq!(between(day(11, 20), day(11, 23), &none), 1);
        assert_eq!(between(day(11, 20), day(11, 27), &none), 5);
        assert_eq!(between(day(11, 21), day(11, 23), &none), 1);
        assert_eq!(between(day(11, 27), day(11, 20), &none), 0);
    }

    #[test]
    fn a_holiday_does_not_count_and_one_on_a_sunday_is_not_taken_twice() {
        let holidays: Holidays = [day(11, 24), day(11, 29)].into_iter().collect();
        assert_eq!(between(day(11, 20), day(11, 30), &holidays), 5);
        assert_eq!(between(day(11, 24), day(11, 25), &holidays), 1);
    }

    #[test]
    fn the_day_is_the_one_in_addis_ababa() {
        let none = Holidays::default();
        let thursday_evening_utc = start_of_day(day(11, 20)) - Duration::seconds(1);
        assert_eq!(working_days_between(thursday_evening_utc, thursday_evening_utc + Duration::seconds(1), &none), 1);
    }

    #[test]
    fn counting_in_weeks_agrees_with_counting_day_by_day() {
        let holidays: Holidays = [day(1, 7), day(1, 19), day(3, 2), day(4, 10), day(5, 1)].into_iter().collect();
        for start in 0..14 {
            let from = day(1, 1) + Duration::days(start);
            let mut slowly = 0;
            for length in 0..200 {
                let to = from + Duration::days(length);
                slowly += u32::from(length > 0 && is_working_day(to, &holidays));
                assert_eq!(between(from, to, &holidays), slowly, "{from} {to}");
            }
            for count in 1..30 {
                assert_eq!(between(from, working_day_after(from, count, &holidays), &holidays), count);
            }
        }
        assert_eq!(working_day_after(day(1, 1), 0, &holidays), day(1, 1));
    }
}
