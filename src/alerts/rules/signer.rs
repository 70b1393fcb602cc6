//! What the signer's keys, certificates, lists and record raise alerts for. They are looked at each hour, and each matter is on record once.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Hit, Measured, Subject};
use crate::alerts::model::{Measure, Rule, Seen};
use crate::audit::Severity;

/// Events about the signer's keys, lists and record, and about certificates.
pub(in crate::alerts) const SIGNER: [&str; 7] = [
    "CERTIFICATE_ENDED",
    "KEY_ROTATION_OVERDUE",
    "KEY_USE_UNUSUAL",
    "REVOCATION_LIST_OVERDUE",
    "SIGNER_ALARM",
    "SIGNER_AWAY",
    BACK,
];

/// The signer answers again: the end of what an alert was raised for.
pub(super) const BACK: &str = "SIGNER_BACK";

/// The alerts that findings about the signer raise, each by itself.
pub(in crate::alerts) fn of_signer(events: &[Seen]) -> Vec<Hit> {
    events.iter().filter_map(of_one).collect()
}

fn of_one(event: &Seen) -> Option<Hit> {
    let id = event.entity?;
    // Its organisation hears of the end of a certificate anyway, as whoever may ask for the next one.
    let (rule, subject, severity) = match event.event_type.as_str() {
        "CERTIFICATE_ENDED" => (Rule::CertificateEnded, Subject::Certificate(id), Severity::High),
        "KEY_ROTATION_OVERDUE" => (Rule::RotationOverdue, Subject::Keys(id), Severity::High),
        "KEY_USE_UNUSUAL" => return unusual_use(event, Subject::Keys(id)),
        "REVOCATION_LIST_OVERDUE" => (Rule::ListOverdue, Subject::Signer(id), Severity::Critical),
        "SIGNER_ALARM" => (Rule::SignerAlarm, Subject::Signer(id), Severity::Critical),
        // Both name the time in which it was away, so that each is an alert of its own.
        "SIGNER_AWAY" | BACK => (Rule::SignerAway, Subject::Signer(id), Severity::High),
        _ => return None,
    };
    Some(Hit {
        rule,
        subject,
        organization: None,
        severity,
        measure: Measure::Findings,
        threshold: 1,
        measured: None,
        events: vec![event.into()],
    })
}

/// How often a key was used stands in the event.
fn unusual_use(event: &Seen, subject: Subject) -> Option<Hit> {
    let figure = |name: &str| event.details.get(name).and_then(Value::as_i64);
    Some(Hit {
        rule: Rule::UnusualKeyUse,
        subject,
        organization: event.organization,
        severity: Severity::High,
        measure: Measure::Uses,
        threshold: figure("threshold")?,
        measured: Some(Measured { figure: figure("uses")?, usual: figure("usual")?, from: day_of(event.at) }),
        events: vec![event.into()],
    })
}

/// The beginning of the day of UTC, by which the signer counts.
fn day_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn event(event_type: &str, details: Value) -> Seen {
        Seen {
            id: Uuid::from_u128(1),
            at: "2026-11-29T09:00:00Z".parse().unwrap(),
            event_type: event_type.to_owned(),
            actor: None,
            organization: Some(Uuid::from_u128(2)),
            entity_type: "signer".to_owned(),
            entity: Some(Uuid::from_u128(3)),
            details,
        }
    }

    #[test]
    fn each_finding_is_an_alert_and_an_organisation_hears_of_the_use_of_its_own_key() {
        for event_type in SIGNER {
            let use_of_it = json!({ "uses": 900, "usual": 10, "threshold": 200 });
            let hits = of_signer(&[event(event_type, use_of_it)]);
            let [hit] = hits.as_slice() else { panic!("{event_type}: {hits:?}") };
            let is_theirs = event_type == "KEY_USE_UNUSUAL";
            assert_eq!(hit.organization.is_some(), is_theirs, "{event_type}");
            assert_eq!(hit.opens(), event_type != BACK, "{event_type}");
            assert_eq!(hit.measured.map(|measured| measured.figure), is_theirs.then_some(900), "{event_type}");
        }
        let rest = [event("KEY_USE_UNUSUAL", json!({})), event("CERTIFICATE_ENDS", json!({}))];
        assert_eq!(of_signer(&rest), []);
        assert_eq!(of_signer(&[Seen { entity: None, ..event("SIGNER_ALARM", json!({})) }]), []);
    }
}
