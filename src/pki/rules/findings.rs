//! What of the signer's keys, lists and record somebody should look at. Pure; each matter has a name, by which it is found once.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use jebena_signer::protocol::{AlarmFacts, KeyFacts};
use jebena_signer::x509::profile::Profile;
use jebena_trust::moment::Moment;
use jebena_trust::revocation_list::RevocationList;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::Severity;

/// Of a key that is in force for less it is not known what is usual.
const HISTORY: Duration = Duration::days(7);

/// From how many uses on a day of a key is unusual: parameters, each in force from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pki) struct Terms {
    /// From so many uses on.
    pub uses: i64,
    /// And more than so many times the most of a day before.
    pub factor: Decimal,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pki) struct Finding {
    /// As the record calls it.
    pub event_type: &'static str,
    /// What it is, among those that the record calls the same.
    pub matter: String,
    /// Whose keys, or which one; nil for the consortium's, and for lists.
    pub about: Uuid,
    /// Whose administrators hear of it.
    pub organization: Option<Uuid>,
    pub happened_at: DateTime<Utc>,
    pub severity: Severity,
    pub details: Value,
}

/// Whether another key is due since before `now`.
pub(in crate::pki) fn is_overdue(key: &KeyFacts, now: DateTime<Utc>) -> bool {
    key.next_rotation_at < now
}

/// Whether another list is due by `now`.
pub(in crate::pki) fn is_list_overdue(list: &RevocationList, now: DateTime<Utc>) -> bool {
    list.next.and_then(at).is_some_and(|next| next <= now)
}

/// The moment in the product's words; none beyond the calendar.
pub(in crate::pki) fn at(moment: Moment) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(i64::try_from(moment.unix()).ok()?, 0)
}

/// From how many uses of today on it is unusual that the keys below `key` are used so often; none where it is not.
fn unusual_from(key: &KeyFacts, terms: Terms, now: DateTime<Utc>) -> Option<i64> {
    let above = (terms.factor * Decimal::from(key.most_uses_before)).floor().to_i64().unwrap_or(i64::MAX);
    let threshold = above.saturating_add(1).max(terms.uses);
    (key.since + HISTORY <= now && key.uses_today >= threshold).then_some(threshold)
}

/// What is found of the keys that seal others.
pub(in crate::pki) fn of_keys(keys: &[KeyFacts], terms: Terms, now: DateTime<Utc>) -> Vec<Finding> {
    let mut found = Vec::new();
    for key in keys {
        let name = format!("{} {}", key.of, key.version);
        let about = key.organization.unwrap_or_default();
        if is_overdue(key, now) {
            found.push(Finding {
                event_type: "KEY_ROTATION_OVERDUE",
                matter: format!("{name} {about}"),
                about,
                // Who runs the signer replaces keys.
                organization: None,
                happened_at: key.next_rotation_at,
                severity: Severity::High,
                details: json!({ "key": name }),
            });
        }
        if let Some(threshold) = unusual_from(key, terms, now) {
            let day = now.date_naive();
            found.push(Finding {
                event_type: "KEY_USE_UNUSUAL",
                matter: format!("{name} {about} {day}"),
                about,
                organization: key.organization,
                // The signer counts by days of UTC.
                happened_at: day.and_time(NaiveTime::MIN).and_utc(),
                severity: Severity::High,
                details: json!({
                    "key": name, "uses": key.uses_today, "usual": key.most_uses_before, "threshold": threshold,
                }),
            });
        }
    }
    found
}

/// What is found of a list of what was revoked.
pub(in crate::pki) fn of_list(
    (authority, is_delta): (Profile, bool),
    list: &RevocationList,
    now: DateTime<Utc>,
) -> Option<Finding> {
    let next = list.next.and_then(at).filter(|_| is_list_overdue(list, now))?;
    let kind = if is_delta { "DELTA" } else { "WHOLE" };
    let name = format!("{} {kind} {}", authority.code(), list.number.unwrap_or_default());
    Some(Finding {
        event_type: "REVOCATION_LIST_OVERDUE",
        details: json!({ "list": name }),
        matter: name,
        about: Uuid::nil(),
        organization: None,
        happened_at: next,
        severity: Severity::Critical,
    })
}

/// What the signer has written down as critical.
pub(in crate::pki) fn of_alarm(alarm: &AlarmFacts) -> Finding {
    Finding {
        event_type: "SIGNER_ALARM",
        matter: alarm.event_id.to_string(),
        about: alarm.resource_id.unwrap_or(alarm.event_id),
        organization: None,
        happened_at: alarm.at,
        severity: Severity::Critical,
        details: json!({ "alarm": alarm.event_type, "resource": alarm.resource_type }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-29T09:00:00Z".parse().unwrap()
    }

    /// In force for a month, and due in eleven.
    fn key(uses_today: i64, most_uses_before: i64) -> KeyFacts {
        KeyFacts {
            of: "data".to_owned(),
            organization: Some(Uuid::from_u128(7)),
            version: 3,
            since: now() - Duration::days(30),
            next_rotation_at: now() + Duration::days(335),
            private_keys: 2,
            uses_today,
            most_uses_before,
        }
    }

    const TERMS: Terms = Terms { uses: 200, factor: Decimal::from_parts(5, 0, 0, false, 0) };

    fn types(keys: &[KeyFacts]) -> Vec<&'static str> {
        of_keys(keys, TERMS, now()).iter().map(|finding| finding.event_type).collect()
    }

    #[test]
    fn a_key_is_used_unusually_often_above_a_floor_and_five_times_the_most_of_a_day() {
        for (uses, most, is_unusual) in
            [(199, 0, false), (200, 0, true), (200, 39, true), (200, 40, false), (201, 40, true), (5_000, 1_000, false)]
        {
            let expected: &[&str] = if is_unusual { &["KEY_USE_UNUSUAL"] } else { &[] };
            assert_eq!(types(&[key(uses, most)]), expected, "{uses} after {most}");
        }
        let fresh = |days| KeyFacts { since: now() - Duration::days(days), ..key(900, 0) };
        assert_eq!((types(&[fresh(6)]).len(), types(&[fresh(7)]).len()), (0, 1), "what is usual is known after a week");
        let found = of_keys(&[key(201, 40)], TERMS, now());
        assert_eq!(found[0].details["threshold"], 201);
        assert_eq!(found[0].organization, Some(Uuid::from_u128(7)));
        let tomorrow = of_keys(&[key(201, 40)], TERMS, now() + Duration::days(1));
        assert_ne!(found[0].matter, tomorrow[0].matter, "each day is a matter of its own");
    }

    #[test]
    fn a_key_is_overdue_after_its_moment_once_for_each_version() {
        let due = |at| KeyFacts { next_rotation_at: at, ..key(0, 0) };
        assert!(types(&[due(now())]).is_empty());
        let late = due(now() - Duration::seconds(1));
        assert_eq!(types(std::slice::from_ref(&late)), ["KEY_ROTATION_OVERDUE"]);
        let matter = |key: KeyFacts| of_keys(&[key], TERMS, now())[0].matter.clone();
        let later = KeyFacts { version: 4, ..late.clone() };
        let master = KeyFacts { of: "master".to_owned(), organization: None, ..late.clone() };
        let consortium = KeyFacts { organization: None, ..late.clone() };
        let matters = [matter(late), matter(later), matter(master), matter(consortium)];
        assert_eq!(matters.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{matters:?}");
    }

    #[test]
    fn a_list_is_overdue_at_its_next() {
        let next = now().timestamp();
        let list = RevocationList {
            number: Some(7),
            made: Moment::from_unix(next - 3_600).unwrap(),
            next: Moment::from_unix(next),
            entries: 0,
        };
        let of = |list: &RevocationList, now| of_list((Profile::IssuingCa, true), list, now).map(|found| found.matter);
        assert_eq!(of(&list, now()).as_deref(), Some("ISSUING_CA DELTA 7"));
        assert_eq!(of(&list, now() - Duration::seconds(1)), None);
        assert_eq!(of(&RevocationList { next: None, ..list }, now()), None);
    }
}
