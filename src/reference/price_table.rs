//! The table of a week's minimum prices as it is pasted or typed: coffee, grade, dollars a kilogram, a line each.
//! Every line is read, and every line that is wrong says why. Pure.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::model::{MinimumPrice, Week};
use super::rules;
use crate::dec;
use crate::quantities::{Grade, check_price, parse_decimal};
use crate::workflow::Problem;

/// More lines than there are coffees and grades.
const MOST_LINES: usize = 500;
/// A price that no coffee has fetched.
const HIGHEST: Decimal = dec!(1_000);
/// Decimals of a price.
const DECIMALS: u32 = 4;

/// A line of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Where it stands, from one.
    pub number: usize,
    /// As it was typed.
    pub coffee: String,
    /// As it was typed.
    pub grade: String,
    /// As it was typed.
    pub price: String,
    /// What it says, or what is wrong with it.
    pub read: Result<Read, Problem>,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The coffee, as the list calls it.
    pub coffee_type: String,
    /// The grade.
    pub grade: String,
    /// US dollars for a kilogram.
    pub usd_per_kg: Decimal,
    /// What stands for it in this week already.
    pub stands: Option<Decimal>,
    /// How far it is from that of the week before, in percent.
    pub gap_percent: Option<Decimal>,
}

impl Read {
    /// Whether it is so far from the price of the week before that a slip is likely.
    #[must_use]
    pub fn is_striking(&self) -> bool {
        self.gap_percent.is_some_and(|gap| gap.abs() > Decimal::from(rules::STRIKING_PERCENT))
    }

    /// Whether it says what stands already.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.stands == Some(self.usd_per_kg)
    }
}

/// What the lines are held against.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Coffees of the list.
    pub coffees: Vec<String>,
    /// What stands in the week.
    pub of_week: Vec<MinimumPrice>,
    /// What stood in the week before.
    pub before: Vec<MinimumPrice>,
}

/// Reads `text`. A line has its cells separated by tabs, semicolons or commas, as spreadsheets copy and save them; a
/// line of headings and empty lines are passed over. `may_replace`: a price that stands may be replaced by another.
#[must_use]
pub fn read(text: &str, known: &Known, may_replace: bool) -> Vec<Line> {
    let find = |prices: &[MinimumPrice]| -> BTreeMap<(String, String), Decimal> {
        prices.iter().map(|p| ((p.coffee_type.clone(), p.grade.clone()), p.usd_per_kg)).collect()
    };
    let (of_week, before) = (find(&known.of_week), find(&known.before));
    let mut seen = BTreeSet::new();
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !is_heading(line));
    lines
        .take(MOST_LINES)
        .map(|(index, line)| {
            let [coffee, grade, price] = cells(line);
            let read = (|| {
                let coffee_type = known
                    .coffees
                    .iter()
                    .find(|name| name.eq_ignore_ascii_case(&coffee))
                    .ok_or_else(|| refused("problem-price-coffee", &[]))?
                    .clone();
                let grade: Grade = grade.parse().map_err(|_| refused("problem-price-grade", &[]))?;
                let usd_per_kg = amount(&price)?;
                let key = (coffee_type, grade.code());
                if !seen.insert(key.clone()) {
                    return Err(refused("problem-price-twice", &[]));
                }
                let stands = of_week.get(&key).copied();
                if stands.is_some_and(|stands| stands != usd_per_kg) && !may_replace {
                    return Err(refused("problem-price-over", &[]));
                }
                let gap_percent =
                    before.get(&key).and_then(|before| check_price(usd_per_kg, *before)).map(|check| check.gap_percent);
                Ok(Read { coffee_type: key.0, grade: key.1, usd_per_kg, stands, gap_percent })
            })();
            Line { number: index + 1, coffee, grade, price, read }
        })
        .collect()
}

/// The text of a table, to be typed over: the prices of a week.
#[must_use]
pub fn written(prices: &[MinimumPrice]) -> String {
    prices
        .iter()
        .map(|price| format!("{}; {}; {}\n", price.coffee_type, price.grade, price.usd_per_kg.normalize()))
        .collect()
}

/// The prices of the lines that say something new, with their numbers.
#[must_use]
pub fn prices(lines: &[Line], week: Week) -> Vec<MinimumPrice> {
    lines
        .iter()
        .filter_map(|line| line.read.as_ref().ok())
        .filter(|read| !read.is_unchanged())
        .map(|read| MinimumPrice {
            number: super::model::price_number(&read.coffee_type, &read.grade, week),
            coffee_type: read.coffee_type.clone(),
            grade: read.grade.clone(),
            usd_per_kg: read.usd_per_kg,
            week,
        })
        .collect()
}

fn amount(text: &str) -> Result<Decimal, Problem> {
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    let value = parse_decimal(text).map_err(|_| Problem::NotANumber)?;
    if value.normalize().scale() > DECIMALS {
        return Err(Problem::TooFine { decimals: DECIMALS });
    }
    let least = dec!(0.01);
    if value < least || value > HIGHEST {
        return Err(Problem::OutOfRange { least, most: HIGHEST });
    }
    Ok(value)
}

/// The three cells of a line. A comma separates only where nothing else does: it may stand in a number.
fn cells(line: &str) -> [String; 3] {
    let separator = ['\t', ';', ','].into_iter().find(|separator| line.contains(*separator)).unwrap_or('\t');
    let mut cells = line.splitn(3, separator).map(|cell| cell.trim().trim_matches('"').trim().to_owned());
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

/// Whether it is a line of headings: nothing in it is a figure.
fn is_heading(line: &str) -> bool {
    !line.chars().any(|c| c.is_ascii_digit())
}

fn refused(text_id: &'static str, arguments: &[(&'static str, String)]) -> Problem {
    Problem::Refused { text_id, arguments: arguments.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(coffee: &str, grade: &str, usd: Decimal, week: Week) -> MinimumPrice {
        MinimumPrice {
            number: super::super::model::price_number(coffee, grade, week),
            coffee_type: coffee.to_owned(),
            grade: grade.to_owned(),
            usd_per_kg: usd,
            week,
        }
    }

    fn known() -> Known {
        let week = Week::new(2026, 47).unwrap();
        Known {
            coffees: vec!["Sidama".to_owned(), "Bench Maji".to_owned()],
            of_week: vec![price("Sidama", "2", dec!(8), week)],
            before: vec![
                price("Sidama", "2", dec!(8.40), week.plus(-1)),
                price("Bench Maji", "4", dec!(5), week.plus(-1)),
            ],
        }
    }

    fn problem(line: &Line) -> &'static str {
        line.read.as_ref().err().map_or("", Problem::text_id)
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_copy_and_save_it() {
        let text = "\u{feff}Coffee\tGrade\tUSD/kg\nSidama\t2\t8.5\n\nbench maji; G4; 6.10\n\"Sidama\",\"1\",\"9.25\"\n";
        let lines = read(text, &known(), true);
        let found: Vec<_> = lines
            .iter()
            .map(|line| line.read.as_ref().map(|r| (r.coffee_type.as_str(), r.grade.as_str(), r.usd_per_kg)))
            .collect();
        let expected = [("Sidama", "2", dec!(8.5)), ("Bench Maji", "4", dec!(6.10)), ("Sidama", "1", dec!(9.25))];
        assert_eq!(found, expected.map(Ok).each_ref().map(|r| r.as_ref().copied()));
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [2, 4, 5]);
    }

    #[test]
    fn every_line_that_is_wrong_says_why() {
        let text = "Mocha; 2; 8\nSidama; 12; 8\nSidama; 3; free\nSidama; 3;\nSidama; 3; 8.12345\nSidama; 3; 2000\n\
                    Sidama; 1; 8\nSidama; 1; 9\nSidama; 2; 7.99";
        let lines = read(text, &known(), false);
        let found: Vec<&str> = lines.iter().map(problem).collect();
        assert_eq!(
            found,
            [
                "problem-price-coffee",
                "problem-price-grade",
                "problem-not-a-number",
                "problem-missing",
                "problem-too-fine",
                "problem-out-of-range",
                "",
                "problem-price-twice",
                "problem-price-over"
            ]
        );
    }

    #[test]
    fn what_stands_is_no_news_and_a_leap_is_striking() {
        let lines = read("Sidama; 2; 8.00\nBench Maji; 4; 6.26\nSidama; 1; 50", &known(), false);
        let reads: Vec<&Read> = lines.iter().map(|line| line.read.as_ref().unwrap()).collect();
        assert!(reads[0].is_unchanged() && !reads[0].is_striking());
        assert!(!reads[1].is_unchanged() && reads[1].is_striking(), "25.2 percent");
        assert!(!reads[2].is_striking(), "nothing to compare it with");
        let week = Week::new(2026, 47).unwrap();
        let news: Vec<String> = prices(&lines, week).into_iter().map(|price| price.number).collect();
        assert_eq!(news, ["MP-4-BENCHMAJI-2026-W47", "MP-1-SIDAMA-2026-W47"]);
    }

    #[test]
    fn a_week_that_is_written_down_is_read_as_it_stood() {
        let known = known();
        let lines = read(&written(&known.of_week), &known, false);
        assert!(lines.iter().all(|line| line.read.as_ref().is_ok_and(Read::is_unchanged)));
    }
}
