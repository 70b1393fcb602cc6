//! What the record raises alerts for: that it is not sound itself, found whenever a year of it is to be archived or dropped.

use super::{Hit, Subject};
use crate::alerts::model::{Measure, Rule, Seen};
use crate::audit::Severity;

/// Events about the record itself.
pub(in crate::alerts) const RECORD: [&str; 2] = ["AUDIT_NOT_SOUND", "ARCHIVE_FAULTY"];

/// The alerts that findings about the record raise. What is found again is added to the alert that is open.
pub(in crate::alerts) fn of_record(events: &[Seen]) -> Vec<Hit> {
    let of_one = |event: &Seen| {
        let rule = match event.event_type.as_str() {
            "AUDIT_NOT_SOUND" => Rule::AuditNotSound,
            "ARCHIVE_FAULTY" => Rule::ArchiveFaulty,
            _ => return None,
        };
        Some(Hit {
            rule,
            subject: Subject::Record(event.entity.unwrap_or_default()),
            // Who runs the system and who audits it look after the record.
            organization: None,
            severity: Severity::Critical,
            measure: Measure::Findings,
            threshold: 1,
            measured: None,
            events: vec![event.into()],
        })
    };
    events.iter().filter_map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_record_that_is_not_sound_and_a_spoilt_archive_are_alerts() {
        let event = |event_type: &str, entity| Seen {
            id: Uuid::from_u128(1),
            at: "2026-11-29T09:00:00Z".parse().unwrap(),
            event_type: event_type.to_owned(),
            actor: None,
            organization: None,
            entity_type: "archive".to_owned(),
            entity,
            details: json!({}),
        };
        let archive = Some(Uuid::from_u128(3));
        let hits = of_record(&[event(RECORD[0], None), event(RECORD[1], archive), event("ARCHIVE_DROPPED", archive)]);
        let found: Vec<_> = hits.iter().map(|hit| (hit.rule, hit.subject, hit.severity)).collect();
        assert_eq!(
            found,
            [
                (Rule::AuditNotSound, Subject::Record(Uuid::nil()), Severity::Critical),
                (Rule::ArchiveFaulty, Subject::Record(Uuid::from_u128(3)), Severity::Critical),
            ]
        );
        assert!(hits.iter().all(Hit::opens));
    }
}
