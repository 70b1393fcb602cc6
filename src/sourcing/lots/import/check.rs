//! The rows of an imported table: each a lot or every reason why not. Pure; what the database knows joins afterwards.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::columns::Mapping;
use super::table::Table;
use crate::sourcing::lots::form::{Lists, LotForm};
use crate::sourcing::lots::model::Source;
use crate::workflow::{FieldProblems, Problem};

/// A row of the file, as it is kept between looking at it and importing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its place in the file, the header being 1.
    pub place: usize,
    /// What it says, by field of the form.
    pub values: BTreeMap<String, String>,
}

/// A row that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<'a> {
    /// The row.
    pub row: &'a Row,
    /// The lot, or what is wrong with it.
    pub outcome: Result<LotForm, FieldProblems>,
}

/// The rows of `table` in the words of the form.
#[must_use]
pub fn rows_of(table: &Table, mapping: &Mapping, lists: &Lists) -> Vec<Row> {
    table.rows.iter().map(|(place, cells)| Row { place: *place, values: mapping.values(cells, lists) }).collect()
}

/// Looks at every row by the rules of the form, and at all of them for numbers that stand there twice. `taken` are the
/// numbers among them that lots have already.
#[must_use]
pub fn check<'a>(rows: &'a [Row], lists: &Lists, today: NaiveDate, taken: &HashSet<String>) -> Vec<Checked<'a>> {
    let mut checked: Vec<Checked<'a>> =
        rows.iter().map(|row| Checked { row, outcome: LotForm::parse(&row.values, lists, today) }).collect();
    let mut first: HashMap<String, usize> = HashMap::new();
    for one in &mut checked {
        let Some(number) = number_of(one.row) else { continue };
        let problem = if let Some(place) = first.get(&number) {
            Some(("lots-problem-number-twice", vec![("row", place.to_string())]))
        } else {
            first.insert(number.clone(), one.row.place);
            taken.contains(&number).then_some(("lots-problem-number-taken", Vec::new()))
        };
        if let Some((text_id, arguments)) = problem {
            let mut problems = one.outcome.as_ref().err().cloned().unwrap_or_default();
            problems.add("lot_number", Problem::Refused { text_id, arguments });
            one.outcome = Err(problems);
        }
    }
    checked
}

/// The number of the exchange that a row gives, in capitals.
#[must_use]
pub fn number_of(row: &Row) -> Option<String> {
    let is_of_exchange = row.values.get("source").map(String::as_str) == Some(Source::Ecx.code());
    let number = row.values.get("lot_number").map(|number| number.trim().to_uppercase())?;
    (is_of_exchange && !number.is_empty()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::super::super::form::tests::{lists, today, typed};
    use super::*;

    fn row(place: usize, changed: &[(&str, &str)]) -> Row {
        Row { place, values: typed(changed) }
    }

    fn problems(checked: &Checked<'_>) -> Vec<(String, &'static str)> {
        let found = checked.outcome.as_ref().err().cloned().unwrap_or_default();
        found.0.into_iter().map(|(field, problem)| (field, problem.text_id())).collect()
    }

    #[test]
    fn each_row_is_a_lot_or_says_everything_that_is_wrong_with_it() {
        let rows = [
            row(2, &[]),
            row(3, &[("lot_number", "ECX-2"), ("quantity", "-1"), ("purchase_date", "2099-01-01")]),
            row(4, &[("lot_number", "ECX-3")]),
        ];
        let checked = check(&rows, &lists(), today(), &HashSet::new());
        assert!(checked[0].outcome.is_ok() && checked[2].outcome.is_ok());
        let expected =
            [("quantity".to_owned(), "problem-out-of-range"), ("purchase_date".to_owned(), "problem-too-late")];
        assert_eq!(problems(&checked[1]), expected);
    }

    #[test]
    fn a_number_counts_once_in_a_file_and_once_in_the_world() {
        let elsewhere = [("source", "UNION"), ("lot_number", ""), ("receipt_date", "")];
        let rows = [
            row(2, &[("lot_number", "ecx-1")]),
            row(3, &[("lot_number", "ECX-1"), ("quantity", "0")]),
            row(4, &[("lot_number", "ECX-4")]),
            row(5, &elsewhere),
            row(6, &elsewhere),
        ];
        let checked = check(&rows, &lists(), today(), &HashSet::from(["ECX-4".to_owned()]));
        assert_eq!(problems(&checked[0]), []);
        let twice = problems(&checked[1]);
        assert_eq!(twice.len(), 2);
        assert_eq!(twice[1], ("lot_number".to_owned(), "lots-problem-number-twice"));
        assert_eq!(problems(&checked[2]), [("lot_number".to_owned(), "lots-problem-number-taken")]);
        assert!(checked[3].outcome.is_ok() && checked[4].outcome.is_ok(), "they are given numbers");
    }
}
