//! What the address of a report asks for, checked against what can be asked. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::calendar::CoffeeYear;
use crate::exports::ExportStatus;
use crate::ids::OrganizationId;
use crate::reports::model::{Basis, ExpiringKind};
use crate::reports::period::{Month, Named, Period, chosen};
use crate::reports::service::Choices;
use crate::web::sheet::FileKind;

/// The address as it came.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ReportQuery {
    pub period: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub basis: Option<String>,
    pub status: Option<String>,
    pub origin: Option<String>,
    pub destination: Option<String>,
    pub exporter: Option<String>,
    pub kind: Option<String>,
    pub format: Option<String>,
}

/// What it asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub period: Period,
    pub basis: Basis,
    pub status: Option<ExportStatus>,
    pub origin: Option<String>,
    pub destination: Option<String>,
    pub exporter: Option<OrganizationId>,
    pub kind: Option<ExpiringKind>,
    pub format: Option<FileKind>,
}

/// What is wrong with it: the sentences, by field.
pub(super) type Problems = BTreeMap<&'static str, &'static str>;

impl ReportQuery {
    /// What is asked for, or what is wrong.
    pub fn read(&self, choices: &Choices, today: NaiveDate) -> Result<Asked, Problems> {
        let mut problems = Problems::new();
        let named = read(&mut problems, "period", self.period.as_ref(), |text| text.parse::<Named>().ok());
        let from = month(&mut problems, "from", self.from.as_ref());
        let until = month(&mut problems, "until", self.until.as_ref());
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            problems.insert("until", "reports-bad-order");
        }
        let asked = Asked {
            period: chosen(named, from, until, today),
            basis: read(&mut problems, "basis", self.basis.as_ref(), Basis::from_code).unwrap_or(Basis::Requested),
            status: read(&mut problems, "status", self.status.as_ref(), ExportStatus::from_code),
            origin: read(&mut problems, "origin", self.origin.as_ref(), |text| member(&choices.origins, text)),
            destination: read(&mut problems, "destination", self.destination.as_ref(), |text| {
                member(&choices.destinations, text)
            }),
            exporter: read(&mut problems, "exporter", self.exporter.as_ref(), |text| {
                text.parse().ok().filter(|id| choices.exporters.contains(id))
            }),
            kind: read(&mut problems, "kind", self.kind.as_ref(), ExpiringKind::from_code),
            format: read(&mut problems, "format", self.format.as_ref(), FileKind::from_code),
        };
        if problems.is_empty() { Ok(asked) } else { Err(problems) }
    }

    /// What narrows the report, as names and values; without the format.
    pub fn narrowed(&self) -> Vec<(&'static str, &str)> {
        [
            ("period", &self.period),
            ("from", &self.from),
            ("until", &self.until),
            ("basis", &self.basis),
            ("status", &self.status),
            ("origin", &self.origin),
            ("destination", &self.destination),
            ("exporter", &self.exporter),
            ("kind", &self.kind),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.as_deref().map(|value| (name, value)))
        .collect()
    }

    /// Whether it narrows more than the report does by itself, which shows the coffee year of `today`.
    pub fn is_narrowed(&self, today: NaiveDate) -> bool {
        let is_by_itself = |(name, value): &(&str, &str)| match *name {
            "period" => value.parse() == Ok(Named::CoffeeYear(CoffeeYear::of(today))),
            "basis" => *value == Basis::Requested.code(),
            _ => false,
        };
        !self.narrowed().iter().all(is_by_itself)
    }

    /// The value of a field as it came.
    pub fn value(&self, name: &str) -> String {
        self.narrowed()
            .into_iter()
            .find(|(field, _)| *field == name)
            .map_or(String::new(), |(_, value)| value.to_owned())
    }
}

fn read<T>(
    problems: &mut Problems,
    name: &'static str,
    text: Option<&String>,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let text = text?;
    let value = parse(text);
    if value.is_none() {
        problems.insert(name, "reports-bad-choice");
    }
    value
}

fn month(problems: &mut Problems, name: &'static str, text: Option<&String>) -> Option<Month> {
    let month = read(problems, name, text, |text| text.trim().parse().ok());
    if text.is_some() && month.is_none() {
        problems.insert(name, "reports-bad-month");
    }
    month
}

fn member(known: &[String], text: &str) -> Option<String> {
    known.iter().find(|one| *one == text).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        "2026-11-20".parse().unwrap()
    }

    #[test]
    fn what_is_not_given_is_the_running_coffee_year_of_everything() {
        let asked = ReportQuery::default().read(&Choices::default(), today()).unwrap();
        assert_eq!(asked.period, Period { from: "2026-10".parse().ok(), until: "2027-09".parse().ok() });
        assert_eq!((asked.basis, asked.status, asked.format), (Basis::Requested, None, None));
    }

    #[test]
    fn what_cannot_be_asked_is_named_by_its_field() {
        let choices = Choices { origins: vec!["Guji".to_owned()], ..Choices::default() };
        let text = |text: &str| Some(text.to_owned());
        let query = ReportQuery {
            from: text("November"),
            origin: text("Atlantis"),
            exporter: text("00000000-0000-0000-0000-000000000001"),
            format: text("pdf"),
            ..ReportQuery::default()
        };
        let problems = query.read(&choices, today()).unwrap_err();
        assert_eq!(problems["from"], "reports-bad-month");
        let others = ["origin", "exporter", "format"];
        assert!(others.iter().all(|field| problems[field] == "reports-bad-choice"));
        let turned = ReportQuery { from: text("2026-11"), until: text("2026-10"), ..ReportQuery::default() };
        assert_eq!(turned.read(&choices, today()).unwrap_err()["until"], "reports-bad-order");
        let known = ReportQuery { origin: text("Guji"), ..ReportQuery::default() };
        assert_eq!(known.read(&choices, today()).unwrap().origin.as_deref(), Some("Guji"));
    }
}
