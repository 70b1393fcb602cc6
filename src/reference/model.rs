//! What law and market set: figures with the day from which they hold, rates of a day, prices of a week, code lists.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::auth::{Actor, OrganizationKind, Permission};
use crate::codes::coded_enum;
use crate::ids::{OrganizationId, UserId};

coded_enum! {
    /// What a change is about.
    Subject {
        /// A parameter.
        Parameter = "PARAMETER",
        /// The capital that a kind of firm needs.
        Capital = "CAPITAL",
        /// The share of the proceeds that an exporter keeps.
        Retention = "RETENTION",
        /// A rate of exchange.
        Rate = "RATE",
        /// A minimum export price.
        Price = "PRICE",
        /// A country.
        Country = "COUNTRY",
        /// A port or place.
        Port = "PORT",
        /// A type of coffee.
        CoffeeType = "COFFEE_TYPE",
        /// A region of origin.
        Region = "REGION",
        /// A term of delivery.
        Incoterm = "INCOTERM",
        /// A code of the Harmonized System.
        HsCode = "HS_CODE",
    }
}

/// Which figure: a parameter, the capital of a kind of firm, the retention.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FigureKey {
    /// A parameter by its key.
    Parameter(String),
    /// The capital that this kind of firm needs.
    Capital(String),
    /// The share of the proceeds that an exporter keeps.
    Retention,
}

impl FigureKey {
    /// How it stands in addresses: `settlement_days`, `capital.LLC`, `retention`.
    #[must_use]
    pub fn slug(&self) -> String {
        match self {
            Self::Parameter(key) => key.clone(),
            Self::Capital(kind) => format!("capital.{kind}"),
            Self::Retention => "retention".to_owned(),
        }
    }

    /// The key that stands so in an address. Whether there is such a figure the store knows.
    #[must_use]
    pub fn from_slug(slug: &str) -> Self {
        match slug.strip_prefix("capital.") {
            Some(kind) => Self::Capital(kind.to_owned()),
            None if slug == "retention" => Self::Retention,
            None => Self::Parameter(slug.to_owned()),
        }
    }

    /// What a change of it is filed under.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        match self {
            Self::Parameter(_) => Subject::Parameter,
            Self::Capital(_) => Subject::Capital,
            Self::Retention => Subject::Retention,
        }
    }

    /// Its key within that.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Parameter(key) | Self::Capital(key) => key,
            Self::Retention => "retention",
        }
    }
}

/// A figure: what it is called, who sets it, and within which bounds it makes sense.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Which.
    pub key: FigureKey,
    /// Its name in English; empty where the texts have it.
    pub name: String,
    /// Its name in Amharic.
    pub name_am: String,
    /// What it is in.
    pub unit: String,
    /// Whose figure it is.
    pub set_by: OrganizationKind,
    /// The smallest that makes sense.
    pub least: Decimal,
    /// The largest that makes sense.
    pub most: Decimal,
    /// How many decimals it has.
    pub decimals: u32,
    /// What stands, by the day from which it holds, earliest first.
    pub values: Vec<FigureValue>,
}

impl Figure {
    /// The value in force on `day`.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<&FigureValue> {
        self.values.iter().rev().find(|value| value.valid_from <= day)
    }

    /// The values that will come into force after `day`, earliest first.
    pub fn coming(&self, day: NaiveDate) -> impl Iterator<Item = &FigureValue> {
        self.values.iter().filter(move |value| value.valid_from > day)
    }

    /// Whether `actor` sets it.
    #[must_use]
    pub fn is_set_by(&self, actor: &Actor) -> bool {
        actor.organization.kind == self.set_by
            && actor.may(match self.set_by {
                OrganizationKind::NationalBank => Permission::SetExchangeRates,
                OrganizationKind::Administration => Permission::ManageSystem,
                _ => Permission::SetAuthorityFigures,
            })
    }
}

/// A value of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureValue {
    /// How much.
    pub value: Decimal,
    /// From which day on.
    pub valid_from: NaiveDate,
    /// The law or practice behind it.
    pub legal_basis: String,
    /// Whether no source settles it.
    pub is_assumption: bool,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which figure, rate, price or entry.
    pub key: String,
    /// From which day its value holds, or held.
    pub valid_from: NaiveDate,
    /// What stood there.
    pub old_value: Option<Value>,
    /// What stands there from then on.
    pub new_value: Option<Value>,
    /// Why.
    pub reason: Option<String>,
    /// Who.
    pub changed_by: UserId,
    /// For whom.
    pub organization_id: OrganizationId,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A week as ISO 8601 counts them: `2026-W48`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    monday: NaiveDate,
}

/// The text is no week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a week is written as 2026-W48")]
pub struct NotAWeek;

impl Week {
    /// The week in which `day` lies.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        Self { monday: day - Days::new(u64::from(day.weekday().num_days_from_monday())) }
    }

    /// The week with this number in this ISO year.
    #[must_use]
    pub fn new(year: i32, number: u32) -> Option<Self> {
        NaiveDate::from_isoywd_opt(year, number, Weekday::Mon).map(|monday| Self { monday })
    }

    /// Its Monday.
    #[must_use]
    pub const fn monday(self) -> NaiveDate {
        self.monday
    }

    /// Its ISO year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.monday.iso_week().year()
    }

    /// Its number in that year, 1 to 53.
    #[must_use]
    pub fn number(self) -> u32 {
        self.monday.iso_week().week()
    }

    /// The week so many weeks later, or earlier.
    #[must_use]
    pub fn plus(self, weeks: i64) -> Self {
        Self { monday: self.monday + chrono::Duration::weeks(weeks) }
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year(), self.number())
    }
}

impl FromStr for Week {
    type Err = NotAWeek;

    fn from_str(text: &str) -> Result<Self, NotAWeek> {
        let (year, number) = text.trim().split_once("-W").ok_or(NotAWeek)?;
        let year: i32 = year.parse().map_err(|_| NotAWeek)?;
        let number: u32 = number.parse().map_err(|_| NotAWeek)?;
        if !(2000..=2100).contains(&year) {
            return Err(NotAWeek);
        }
        Self::new(year, number).ok_or(NotAWeek)
    }
}

/// A minimum export price.
#[derive(Debug, Clone, PartialEq)]
pub struct MinimumPrice {
    /// Its number: `MP-2-SIDAMA-2026-W48`.
    pub number: String,
    /// Of which coffee.
    pub coffee_type: String,
    /// Of which grade.
    pub grade: String,
    /// US dollars for a kilogram.
    pub usd_per_kg: Decimal,
    /// In which week.
    pub week: Week,
}

/// The number of a minimum price (domain 6).
#[must_use]
pub fn price_number(coffee_type: &str, grade: &str, week: Week) -> String {
    let coffee: String = coffee_type.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    format!("MP-{grade}-{}-{week}", coffee.to_ascii_uppercase())
}

/// A rate of exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// ISO 4217.
    pub currency: String,
    /// Of which day.
    pub day: NaiveDate,
    /// Birr for one unit.
    pub etb_per_unit: Decimal,
}

/// An entry of a code list.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its code.
    pub code: String,
    /// Its name in English.
    pub name: String,
    /// Its name in Amharic.
    pub name_am: String,
    /// What else the list keeps of it.
    pub particulars: Value,
    /// From which day on it may be chosen.
    pub valid_from: NaiveDate,
    /// The last day on which it may be chosen.
    pub valid_to: Option<NaiveDate>,
}

impl Entry {
    /// Whether it may be chosen on `day`.
    #[must_use]
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// A particular as text; `yes` for a fact that holds.
    #[must_use]
    pub fn particular(&self, name: &str) -> String {
        match self.particulars.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Bool(true)) => "yes".to_owned(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_begins_on_monday_and_belongs_to_the_year_of_its_thursday() {
        assert_eq!(Week::of(day("2026-12-27")).to_string(), "2026-W52");
        assert_eq!(Week::of(day("2026-12-28")).to_string(), "2026-W53");
        assert_eq!(Week::of(day("2027-01-03")).to_string(), "2026-W53");
        assert_eq!(Week::of(day("2027-01-04")).to_string(), "2027-W01");
        assert_eq!("2026-W53".parse::<Week>().unwrap().monday(), day("2026-12-28"));
        for text in ["2027-W53", "2026-W00", "2026-48", "W48", "1-W1", ""] {
            assert_eq!(text.parse::<Week>(), Err(NotAWeek), "{text}");
        }
    }

    #[test]
    fn a_price_has_its_number_from_what_it_is_of() {
        assert_eq!(price_number("Bench Maji", "4", Week::of(day("2026-01-01"))), "MP-4-BENCHMAJI-2026-W01");
    }

    #[test]
    fn a_figure_holds_from_its_day_on() {
        let value = |value: u32, from: &str| FigureValue {
            value: value.into(),
            valid_from: day(from),
            legal_basis: String::new(),
            is_assumption: false,
        };
        let figure = Figure {
            key: FigureKey::Retention,
            name: String::new(),
            name_am: String::new(),
            unit: "%".to_owned(),
            set_by: OrganizationKind::NationalBank,
            least: Decimal::ZERO,
            most: Decimal::ONE_HUNDRED,
            decimals: 2,
            values: vec![value(20, "2022-01-01"), value(40, "2023-08-01"), value(50, "2024-07-29")],
        };
        let on = |text: &str| figure.on(day(text)).map(|value| value.value);
        assert_eq!(on("2021-12-31"), None);
        assert_eq!(on("2023-07-31"), Some(20.into()));
        assert_eq!(on("2023-08-01"), Some(40.into()));
        assert_eq!(on("2026-01-01"), Some(50.into()));
        assert_eq!(figure.coming(day("2023-08-01")).count(), 1);
    }

    #[test]
    fn a_key_finds_its_way_through_an_address() {
        for key in [
            FigureKey::Parameter("settlement_days".to_owned()),
            FigureKey::Capital("LLC".to_owned()),
            FigureKey::Retention,
        ] {
            assert_eq!(FigureKey::from_slug(&key.slug()), key);
        }
    }
}
