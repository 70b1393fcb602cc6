//! What the queue and the list of exports are narrowed by, as conditions in SQL.

use chrono::{DateTime, Utc};
use sqlx::{Postgres, QueryBuilder};

use crate::exports::model::{ExportStatus, Proceeds, Stage};

/// What the queue is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct QueueFilter {
    /// What was typed into the search.
    pub search: Option<Search>,
    /// ISO 3166 code.
    pub destination: Option<String>,
    /// Stage.
    pub stage: Option<Stage>,
    /// First day of waiting.
    pub from: Option<DateTime<Utc>>,
    /// First moment after the last day of waiting.
    pub until: Option<DateTime<Utc>>,
}

impl QueueFilter {
    /// Adds its conditions to a query of `exports e`; only those in use, so that one plan fits each text.
    pub(super) fn push(&self, query: &mut QueryBuilder<Postgres>) {
        push_search(query, self.search.as_ref());
        push_destination(query, self.destination.as_deref());
        if let Some(stage) = self.stage {
            query.push(" and e.stage = ").push_bind(stage.code());
        }
        push_days(query, "e.stage_entered_at", self.from, self.until);
    }
}

/// A search for an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// By the beginning of its number, which has capitals only.
    Number(String),
    /// By a part of its exporter's name.
    Exporter(String),
}

impl Search {
    /// What `typed` looks for; nothing when nothing is typed.
    #[must_use]
    pub fn of(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let capitals = typed.to_uppercase();
        if typed.is_empty() {
            None
        } else if capitals.starts_with("EXP-") {
            Some(Self::Number(capitals))
        } else {
            Some(Self::Exporter(typed.to_owned()))
        }
    }
}

/// What the list of exports is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// What was typed into the search.
    pub search: Option<Search>,
    /// Status.
    pub status: Option<ExportStatus>,
    /// What has become of the proceeds.
    pub proceeds: Option<Proceeds>,
    /// ISO 3166 code.
    pub destination: Option<String>,
    /// First day of opening.
    pub from: Option<DateTime<Utc>>,
    /// First moment after the last day of opening.
    pub until: Option<DateTime<Utc>>,
}

impl ListFilter {
    /// Adds its conditions to a query of `exports e`.
    pub(super) fn push(&self, query: &mut QueryBuilder<Postgres>) {
        push_search(query, self.search.as_ref());
        push_destination(query, self.destination.as_deref());
        if let Some(status) = self.status {
            query.push(" and e.status = ").push_bind(status.code());
        }
        // As text of the query, so that the index of the short ones may serve.
        match self.proceeds {
            Some(Proceeds::Short) => {
                query.push(" and e.proceeds = 'SHORT'");
            }
            Some(other) => {
                query.push(" and e.proceeds = ").push_bind(other.code());
            }
            None => {}
        }
        push_days(query, "e.created_at", self.from, self.until);
    }
}

fn push_search(query: &mut QueryBuilder<Postgres>, search: Option<&Search>) {
    match search {
        Some(Search::Number(number)) => {
            // A range rather than LIKE: text comparison is leakproof, so that the index may serve under a policy.
            query.push(" and e.export_number >= ").push_bind(number.as_str());
            query.push(" and e.export_number < ").push_bind(format!("{number}\u{10FFFF}"));
        }
        Some(Search::Exporter(name)) => {
            query.push(" and strpos(lower(e.exporter_name), lower(").push_bind(name.as_str()).push(")) > 0");
        }
        None => {}
    }
}

fn push_destination(query: &mut QueryBuilder<Postgres>, destination: Option<&str>) {
    if let Some(destination) = destination {
        query.push(" and e.destination_country = ").push_bind(destination.to_owned());
    }
}

fn push_days(
    query: &mut QueryBuilder<Postgres>,
    time: &'static str,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) {
    if let Some(from) = from {
        query.push(format_args!(" and {time} >= ")).push_bind(from);
    }
    if let Some(until) = until {
        query.push(format_args!(" and {time} < ")).push_bind(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_for_a_number_or_for_an_exporter() {
        assert_eq!(Search::of("  "), None);
        assert_eq!(Search::of(" exp-2026"), Some(Search::Number("EXP-2026".into())));
        assert_eq!(Search::of("Abay Coffee "), Some(Search::Exporter("Abay Coffee".into())));
    }
}
