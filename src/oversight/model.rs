//! Events as they are read, and what a search is narrowed by.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::Severity;

/// So many characters an id has, with its hyphens.
const ID: usize = 36;

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

    /// What may be the id of a person or an organisation: who did it and for whom, what it is about, and what its facts say.
    pub(super) fn ids(&self) -> Vec<Uuid> {
        let mut found: Vec<Uuid> = [self.actor, self.organization, self.subject_id].into_iter().flatten().collect();
        collect_ids(&self.details, &mut found);
        found
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

impl FullEvent {
    /// As [`EventLine::ids`], with those of the personal part.
    pub(super) fn ids(&self) -> Vec<Uuid> {
        let mut found = self.line.ids();
        self.private.iter().for_each(|private| collect_ids(private, &mut found));
        found
    }
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

/// The id that a text is, in the form in which the record has ids.
pub(super) fn id_of(text: &str) -> Option<Uuid> {
    (text.len() == ID).then(|| text.parse().ok())?
}

/// Whether an id stands anywhere in a text.
pub(super) fn has_id(text: &str) -> bool {
    text.as_bytes().windows(ID).any(|part| Uuid::try_parse_ascii(part).is_ok())
}

fn collect_ids(value: &Value, found: &mut Vec<Uuid>) {
    match value {
        Value::String(text) => found.extend(id_of(text)),
        Value::Array(items) => items.iter().for_each(|item| collect_ids(item, found)),
        Value::Object(inner) => inner.values().for_each(|value| collect_ids(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The facts in `value` by name, the inner ones with the names of the outer before them.
pub(super) fn facts(value: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    collect(String::new(), value, &mut found);
    found
}

fn collect<'a>(name: String, value: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(inner) => {
            for (key, value) in inner {
                collect(if name.is_empty() { key.clone() } else { format!("{name}.{key}") }, value, found);
            }
        }
        Value::Null => {}
        Value::String(_) | Value::Bool(_) | Value::Number(_) | Value::Array(_) => found.push((name, value)),
    }
}

/// A fact as the record has it.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A fact that has changed: its name, before, after.
pub(super) type Change<'a> = (String, Option<&'a Value>, Option<&'a Value>);

/// What has changed between two sets of facts. What stayed is left out.
pub(super) fn changes(details: &Value) -> Vec<Change<'_>> {
    let (old, new) = (side(details, "old"), side(details, "new"));
    let mut names: Vec<&String> = old.iter().chain(&new).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|name| (name.clone(), fact_of(&old, name), fact_of(&new, name)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

fn side<'a>(details: &'a Value, name: &str) -> Vec<(String, &'a Value)> {
    details.get(name).map(facts).unwrap_or_default()
}

fn fact_of<'a>(side: &[(String, &'a Value)], name: &str) -> Option<&'a Value> {
    side.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_named_from_the_outside_in() {
        let details =
            json!({ "number": "EXP-1", "new": { "stage": "FX", "version": 3 }, "none": null, "list": [1, 2] });
        let expected = [("list", "[1,2]"), ("new.stage", "FX"), ("new.version", "3"), ("number", "EXP-1")];
        let mut found: Vec<(String, String)> =
            facts(&details).into_iter().map(|(name, value)| (name, plain(value))).collect();
        found.sort_unstable();
        assert_eq!(found, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let [one, two, three] = [1, 2, 3].map(Uuid::from_u128);
        let facts = json!({ "by": one, "sessions": [two, "x"], "old": { "about": [{ "id": three }] }, "n": 7 });
        let mut found = Vec::new();
        collect_ids(&facts, &mut found);
        found.sort();
        assert_eq!(found, [one, two, three]);
        assert!(has_id(&format!("/exports/{one}?x=ቡና")) && has_id(&one.to_string()));
        // A hash is no id.
        let hash = "0123456789abcdef".repeat(4);
        assert!(!has_id(&hash) && !has_id("EXP-20261128-000001") && !has_id(""));
        assert_eq!((id_of(&one.simple().to_string()), id_of(&hash)), (None, None));
    }

    #[test]
    fn what_stayed_is_no_change() {
        let details = json!({
            "old": { "stage": "BANK_CHECK", "status": "PENDING", "gone": "x" },
            "new": { "stage": "FX", "status": "PENDING", "came": 1 },
        });
        let (one, gone, before, after) = (json!(1), json!("x"), json!("BANK_CHECK"), json!("FX"));
        assert_eq!(
            changes(&details),
            [
                ("came".to_owned(), None, Some(&one)),
                ("gone".to_owned(), Some(&gone), None),
                ("stage".to_owned(), Some(&before), Some(&after)),
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
