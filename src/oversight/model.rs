//! Events as they are read, and what a search is narrowed by.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::Severity;

/// Something that events are about, or one of the things that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    /// Such as `export`.
    pub kind: String,
    /// Which one.
    pub id: Uuid,
}

impl Subject {
    /// As it stands in an address: kind and id.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.trim().split_once(' ')?;
        let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        id.parse().ok().filter(|_| is_kind).map(|id| Self { kind: kind.to_owned(), id })
    }
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

/// What the list of events is narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// What they are about: the thing itself and what belongs to it. Nothing is found when it is empty.
    pub about: Option<Vec<Subject>>,
    /// Who did it.
    pub by: Option<Uuid>,
    /// Such as `FX_APPROVED`.
    pub event_type: Option<String>,
    /// How much they matter.
    pub severity: Option<Severity>,
    /// The first moment.
    pub from: Option<DateTime<Utc>>,
    /// The first moment after the last.
    pub until: Option<DateTime<Utc>>,
}

/// An event as the list shows it.
#[derive(Debug, Clone)]
pub(super) struct EventLine {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub actor: Option<Uuid>,
    pub organization: Option<Uuid>,
    pub event_type: String,
    pub subject_kind: String,
    pub subject_id: Option<Uuid>,
    pub severity: Severity,
    /// Its facts, in the form of [`unfolded`].
    pub details: Value,
}

impl EventLine {
    /// The export that it is about, where its facts do not say the number.
    pub(super) fn export_without_number(&self) -> Option<Uuid> {
        self.subject_id.filter(|_| self.subject_kind == "export" && self.details.get("number").is_none())
    }

    pub(super) fn subject(&self) -> Option<Subject> {
        self.subject_id.map(|id| Subject { kind: self.subject_kind.clone(), id })
    }
}

/// One event with everything that is kept about it.
#[derive(Debug, Clone)]
pub(super) struct FullEvent {
    pub line: EventLine,
    pub seq: i64,
    pub is_compliance: bool,
    pub request: Option<Uuid>,
    pub hash: Vec<u8>,
    /// Which seal covers it; none yet, for a moment after it has happened.
    pub seal: Option<i64>,
    /// What a person may ask to have erased; gone, once it was.
    pub private: Option<Value>,
    /// Whether there was such a part when it was written.
    pub had_private: bool,
}

/// The facts with the states of a move taken apart: an event says `STATUS:STAGE`, and before December 2026 it had an object.
pub(super) fn unfolded(mut details: Value) -> Value {
    for side in ["old", "new"] {
        let Some(said) = details.get_mut(side) else { continue };
        let is_code =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        let state = said.as_str().and_then(|text| text.split_once(':'));
        if let Some((status, stage)) = state.filter(|(status, stage)| is_code(status) && is_code(stage)) {
            *said = json!({ "status": status, "stage": stage });
        }
    }
    details
}

/// The facts in `value` as name and text, the inner ones with the names of the outer before them.
pub(super) fn facts(value: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(String::new(), value, &mut found);
    found
}

fn collect(name: String, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(inner) => {
            for (key, value) in inner {
                collect(if name.is_empty() { key.clone() } else { format!("{name}.{key}") }, value, found);
            }
        }
        Value::Null => {}
        Value::String(text) => found.push((name, text.clone())),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => found.push((name, value.to_string())),
    }
}

/// What has changed between two sets of facts: name, before, after. What stayed is left out.
pub(super) fn changes(details: &Value) -> Vec<(String, Option<String>, Option<String>)> {
    let side = |name: &str| details.get(name).map(facts).unwrap_or_default();
    let (old, new) = (side("old"), side("new"));
    let of = |side: &[(String, String)], name: &str| {
        side.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    };
    let mut names: Vec<&String> = old.iter().chain(&new).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|name| (name.clone(), of(&old, name), of(&new, name)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_named_from_the_outside_in() {
        let details =
            json!({ "number": "EXP-1", "new": { "stage": "FX", "version": 3 }, "none": null, "list": [1, 2] });
        let expected = [("list", "[1,2]"), ("new.stage", "FX"), ("new.version", "3"), ("number", "EXP-1")];
        let found = facts(&details);
        let mut found: Vec<(&str, &str)> = found.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_stayed_is_no_change() {
        let details = json!({
            "old": { "stage": "BANK_CHECK", "status": "PENDING", "gone": "x" },
            "new": { "stage": "FX", "status": "PENDING", "came": 1 },
        });
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            changes(&details),
            [
                ("came".to_owned(), None, text("1")),
                ("gone".to_owned(), text("x"), None),
                ("stage".to_owned(), text("BANK_CHECK"), text("FX")),
            ]
        );
        assert!(changes(&json!({ "number": "EXP-1" })).is_empty());
    }

    #[test]
    fn both_forms_of_a_move_say_the_same() {
        let before = json!({
            "old": { "stage": "BANK_CHECK", "status": "PENDING" },
            "new": { "stage": "FX", "status": "PENDING" },
        });
        assert_eq!(unfolded(json!({ "old": "PENDING:BANK_CHECK", "new": "PENDING:FX" })), before);
        for others in [
            before,
            json!({ "old": "2026-11-29", "new": "2026-12-29" }),
            json!({ "old": null, "new": "https://a" }),
            json!({ "old": ":", "new": "A:b" }),
            json!([]),
        ] {
            assert_eq!(unfolded(others.clone()), others);
        }
    }

    #[test]
    fn a_subject_reads_as_it_is_written() {
        let subject = Subject { kind: "export".to_owned(), id: Uuid::from_u128(7) };
        assert_eq!(Subject::parse(&subject.to_string()), Some(subject));
        for other in ["EXP-2026-1", "export", "export x", "Export 00000000-0000-0000-0000-000000000007", ""] {
            assert_eq!(Subject::parse(other), None, "{other}");
        }
    }
}
