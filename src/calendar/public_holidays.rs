//! Ethiopia's public holidays as far as they can be computed: those fixed in the
//! Ethiopian or the Gregorian calendar, and those that follow the Orthodox Easter.
//!
//! The Islamic feasts follow the sighted moon and are announced; they are rows in the holiday table.

use chrono::{Datelike, Days, NaiveDate};
use icu_calendar::Date;

use super::ethiopian::EthiopianDate;

/// A public holiday of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holiday {
    /// Christmas, 29 Tahsas.
    Genna,
    /// Epiphany, 11 Tir.
    Timket,
    /// The victory of Adwa, 23 Yekatit.
    Adwa,
    /// Good Friday of the Orthodox Church.
    GoodFriday,
    /// Easter of the Orthodox Church.
    Easter,
    /// Labour Day, 1 May.
    Labour,
    /// Patriots' Victory Day, 27 Miazia.
    Patriots,
    /// The downfall of the Derg, 20 Ginbot.
    DergDownfall,
    /// New Year, 1 Meskerem.
    NewYear,
    /// The finding of the true cross, 17 Meskerem.
    Meskel,
}

/// A holiday on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicHoliday {
    /// When.
    pub date: NaiveDate,
    /// What is celebrated.
    pub holiday: Holiday,
}

impl Holiday {
    /// Every computed holiday, in the order in which a Gregorian year brings them (Easter moves among those
    /// of spring).
    pub const ALL: [Self; 10] = [
        Self::Genna,
        Self::Timket,
        Self::Adwa,
        Self::GoodFriday,
        Self::Easter,
        Self::Labour,
        Self::Patriots,
        Self::DergDownfall,
        Self::NewYear,
        Self::Meskel,
    ];

    /// The id of its name in the locale files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Genna => "holiday-genna",
            Self::Timket => "holiday-timket",
            Self::Adwa => "holiday-adwa",
            Self::GoodFriday => "holiday-good-friday",
            Self::Easter => "holiday-easter",
            Self::Labour => "holiday-labour",
            Self::Patriots => "holiday-patriots",
            Self::DergDownfall => "holiday-derg-downfall",
            Self::NewYear => "holiday-new-year",
            Self::Meskel => "holiday-meskel",
        }
    }

    /// Its day in the Gregorian `year`; nothing outside the years that a date can name.
    #[must_use]
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        // From January to August the Ethiopian year is eight behind, from New Year in September seven.
        let (before_new_year, after_new_year) = (year - 8, year - 7);
        match self {
            Self::Genna => ethiopian(before_new_year, 4, genna_day(before_new_year)),
            Self::Timket => ethiopian(before_new_year, 5, 11),
            Self::Adwa => ethiopian(before_new_year, 6, 23),
            Self::GoodFriday => orthodox_easter(year)?.checked_sub_days(Days::new(2)),
            Self::Easter => orthodox_easter(year),
            Self::Labour => NaiveDate::from_ymd_opt(year, 5, 1),
            Self::Patriots => ethiopian(before_new_year, 8, 27),
            Self::DergDownfall => ethiopian(before_new_year, 9, 20),
            Self::NewYear => ethiopian(after_new_year, 1, 1),
            Self::Meskel => ethiopian(after_new_year, 1, 17),
        }
    }
}

/// Christmas stays on the day of the Julian Christmas: after a leap year, whose sixth Pagume pushed the
/// months on by a day, that is the 28th of Tahsas.
const fn genna_day(ethiopian_year: i32) -> u8 {
    if ethiopian_year.rem_euclid(4) == 0 { 28 } else { 29 }
}

fn ethiopian(year: i32, month: u8, day: u8) -> Option<NaiveDate> {
    EthiopianDate::new(year, month, day).ok()?.gregorian()
}

/// The Gregorian date of Easter in the Orthodox churches, by the Julian computus (Meeus).
#[must_use]
pub fn orthodox_easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year.rem_euclid(4), year.rem_euclid(7), year.rem_euclid(19));
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let count = d + e + 114;
    let (month, day) = (u8::try_from(count / 31).ok()?, u8::try_from(count % 31 + 1).ok()?);
    let julian = Date::try_new_julian(year, month, day).ok()?;
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(julian.to_rata_die().to_i64_date()).ok()?)
}

/// The computed public holidays of the Gregorian `year`, earliest first.
#[must_use]
pub fn public_holidays(year: i32) -> Vec<PublicHoliday> {
    let mut holidays: Vec<PublicHoliday> = Holiday::ALL
        .into_iter()
        .filter_map(|holiday| holiday.in_year(year).map(|date| PublicHoliday { date, holiday }))
        .filter(|holiday| holiday.date.year() == year)
        .collect();
    holidays.sort_by_key(|holiday| holiday.date);
    holidays
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    fn dates(year: i32) -> Vec<(String, Holiday)> {
        public_holidays(year).into_iter().map(|h| (h.date.format("%-d %b").to_string(), h.holiday)).collect()
    }

    #[test]
    fn an_ordinary_year_has_its_ten_days() {
        use Holiday::*;
        let expected = [
            ("7 Jan", Genna),
            ("19 Jan", Timket),
            ("2 Mar", Adwa),
            ("10 Apr", GoodFriday),
            ("12 Apr", Easter),
            ("1 May", Labour),
            ("5 May", Patriots),
            ("28 May", DergDownfall),
            ("11 Sep", NewYear),
            ("27 Sep", Meskel),
        ];
        assert_eq!(dates(2026), expected.map(|(date, holiday)| (date.to_owned(), holiday)));
    }

    #[test]
    fn after_an_ethiopian_leap_year_timket_moves_and_genna_does_not() {
        let year = dates(2024);
        assert!(year.contains(&("7 Jan".to_owned(), Holiday::Genna)));
        assert!(year.contains(&("20 Jan".to_owned(), Holiday::Timket)));
        assert!(year.contains(&("2 Mar".to_owned(), Holiday::Adwa)));
        assert!(year.contains(&("28 May".to_owned(), Holiday::DergDownfall)));
        assert!(dates(2023).contains(&("12 Sep".to_owned(), Holiday::NewYear)));
    }

    #[test]
    fn easter_falls_where_the_church_keeps_it() {
        for (year, month, day) in [
            (2008, 4, 27),
            (2017, 4, 16),
            (2021, 5, 2),
            (2022, 4, 24),
            (2023, 4, 16),
            (2024, 5, 5),
            (2025, 4, 20),
            (2026, 4, 12),
            (2027, 5, 2),
        ] {
            assert_eq!(orthodox_easter(year), NaiveDate::from_ymd_opt(year, month, day));
        }
    }

    #[test]
    fn every_year_has_every_holiday_and_easter_is_a_sunday() {
        for year in 1950..2090 {
            assert_eq!(public_holidays(year).len(), Holiday::ALL.len(), "{year}");
            assert_eq!(orthodox_easter(year).unwrap().weekday(), Weekday::Sun);
            assert_eq!(Holiday::Genna.in_year(year), NaiveDate::from_ymd_opt(year, 1, 7));
        }
    }

    #[test]
    fn every_holiday_has_a_name_in_both_languages() {
        let files = [include_str!("../../locales/en/calendar.ftl"), include_str!("../../locales/am/calendar.ftl")];
        for holiday in Holiday::ALL {
            for file in files {
                assert!(file.lines().any(|line| line.starts_with(&format!("{} = ", holiday.id()))), "{holiday:?}");
            }
        }
    }
}
