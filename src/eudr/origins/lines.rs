//! What an exporter types to link plots: a number in each line, and behind it how many kilograms came from there, where that
//! is known. As it is copied out of a table. Pure.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::dec;
use crate::quantities::parse_decimal;

/// Lines of one form.
pub const MOST_LINES: usize = 1_000;
/// The largest lot there is.
const HEAVIEST_KG: Decimal = dec!(10_000_000);

/// A plot with how much came from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place in the form, from 1.
    pub line: usize,
    /// The plot's number.
    pub number: String,
    /// Kilograms, where they are known.
    pub kg: Option<Decimal>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFault {
    /// Its place in the form, from 1.
    pub line: usize,
    /// What.
    pub kind: LineFaultKind,
}

/// What can be wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineFaultKind {
    /// What stands behind the number is no weight of more than 0 kg with at most three decimals.
    NotAWeight {
        /// What stands there.
        found: String,
    },
    /// An earlier line has the same number.
    Twice {
        /// The number.
        number: String,
        /// The earlier line.
        before: usize,
    },
    /// The exporter has no plot with this number.
    Unknown {
        /// The number.
        number: String,
    },
    /// The plot is out of use.
    Retired {
        /// The number.
        number: String,
    },
    /// The lot comes from there already.
    Linked {
        /// The number.
        number: String,
    },
}

impl LineFaultKind {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotAWeight { .. } => "eudr-line-not-a-weight",
            Self::Twice { .. } => "eudr-line-twice",
            Self::Unknown { .. } => "eudr-line-unknown",
            Self::Retired { .. } => "eudr-line-retired",
            Self::Linked { .. } => "eudr-line-linked",
        }
    }

    /// The values in the sentence, by name.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotAWeight { found } => vec![("found", found.clone())],
            Self::Twice { number, before } => vec![("number", number.clone()), ("before", before.to_string())],
            Self::Unknown { number } | Self::Retired { number } | Self::Linked { number } => {
                vec![("number", number.clone())]
            }
        }
    }
}

/// The lines of a form; those that are empty are passed over.
///
/// # Errors
/// What is wrong with each.
pub fn read(text: &str) -> Result<Vec<Line>, Vec<LineFault>> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (index, typed) in text.lines().enumerate() {
        let (line, typed) = (index + 1, typed.trim());
        if typed.is_empty() {
            continue;
        }
        let (number, weight) = typed.split_once([' ', '\t', ';']).unwrap_or((typed, ""));
        let weight = weight.trim().trim_end_matches("kg").trim_end();
        let kg = match weight {
            "" => Ok(None),
            weight => parse_decimal(weight).map(Some),
        };
        match kg {
            Ok(kg) if kg.is_none_or(is_weight) => {
                if let Some(before) = seen.insert(number, line) {
                    faults.push(LineFault { line, kind: LineFaultKind::Twice { number: number.to_owned(), before } });
                }
                lines.push(Line { line, number: number.to_owned(), kg });
            }
            Ok(_) | Err(_) => {
                let found = weight.chars().take(40).collect();
                faults.push(LineFault { line, kind: LineFaultKind::NotAWeight { found } });
            }
        }
    }
    if faults.is_empty() { Ok(lines) } else { Err(faults) }
}

fn is_weight(kg: Decimal) -> bool {
    kg > Decimal::ZERO && kg <= HEAVIEST_KG && kg.normalize().scale() <= 3
}

/// What is wrong with `lines`, given the exporter's plots (by number: whether they are in use) and those from which the lot
/// comes already.
#[must_use]
pub fn against(lines: &[Line], plots: &BTreeMap<String, bool>, linked: &BTreeSet<String>) -> Vec<LineFault> {
    let fault = |line: &Line| {
        let number = line.number.clone();
        let kind = match plots.get(&line.number) {
            None => LineFaultKind::Unknown { number },
            Some(_) if linked.contains(&line.number) => LineFaultKind::Linked { number },
            Some(false) => LineFaultKind::Retired { number },
            Some(true) => return None,
        };
        Some(LineFault { line: line.line, kind })
    };
    lines.iter().filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_number_and_perhaps_a_weight() {
        let lines = read("PLOT-000001\r\n\n  KT/7\t1,200.5 \nA-1;300\nA-2 300 kg\n").unwrap();
        let read: Vec<_> = lines.iter().map(|line| (line.line, line.number.as_str(), line.kg)).collect();
        assert_eq!(
            read,
            [
                (1, "PLOT-000001", None),
                (3, "KT/7", Some(dec!(1200.5))),
                (4, "A-1", Some(dec!(300))),
                (5, "A-2", Some(dec!(300)))
            ]
        );
        assert_eq!(read_text(""), Ok(0));
        assert_eq!(read_text(" \n\n"), Ok(0));
    }

    fn read_text(text: &str) -> Result<usize, Vec<LineFaultKind>> {
        read(text).map(|lines| lines.len()).map_err(|faults| faults.into_iter().map(|fault| fault.kind).collect())
    }

    #[test]
    fn what_is_no_weight_is_named_with_its_line() {
        for bad in ["0", "-1", "0.0001", "10000000.001", "much", "12 13"] {
            let faults = read(&format!("A-1 5\nA-2 {bad}")).unwrap_err();
            assert_eq!(faults.len(), 1, "{bad}");
            assert_eq!((faults[0].line, &faults[0].kind), (2, &LineFaultKind::NotAWeight { found: bad.to_owned() }));
        }
        assert_eq!(read_text("A-1 0.001\nA-2 10000000"), Ok(2));
        let twice = LineFaultKind::Twice { number: "A-1".to_owned(), before: 1 };
        assert_eq!(read_text("A-1\nA-2\nA-1 20"), Err(vec![twice]));
    }

    #[test]
    fn only_plots_in_use_that_are_not_linked_can_be() {
        let plots = [("A-1", true), ("A-2", false), ("A-3", true), ("A-4", false)];
        let plots = plots.map(|(number, used)| (number.to_owned(), used)).into();
        let linked = ["A-3", "A-4"].map(str::to_owned).into();
        let lines = read("A-1\nA-2\nA-3\nA-4\nA-5").unwrap();
        let faults: Vec<_> = against(&lines, &plots, &linked).into_iter().map(|f| (f.line, f.kind)).collect();
        let of = |number: &str| number.to_owned();
        assert_eq!(
            faults,
            [
                (2, LineFaultKind::Retired { number: of("A-2") }),
                (3, LineFaultKind::Linked { number: of("A-3") }),
                (4, LineFaultKind::Linked { number: of("A-4") }),
                (5, LineFaultKind::Unknown { number: of("A-5") }),
            ]
        );
    }
}
