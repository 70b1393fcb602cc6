//! When events raise an alert, and when they do not.

use serde_json::{Value, json};

use super::*;
use crate::ids::{AlertId, UserId};

#[test]
fn an_infected_file_is_an_alert_about_who_brought_it() {
    let sender = Uuid::from_u128(7);
    let event = |event_type: &str, details: Value| Seen {
        id: Uuid::from_u128(1),
        at: DateTime::UNIX_EPOCH,
        event_type: event_type.to_owned(),
        actor: None,
        organization: Some(Uuid::from_u128(2)),
        entity_type: "document".to_owned(),
        entity: None,
        details,
    };
    let hits = of_infected(&[
        event("INFECTED_FILE_FOUND", json!({ "uploaded_by": sender })),
        event("DOCUMENT_SCANNED", json!({ "uploaded_by": sender })),
        event("INFECTED_FILE_REFUSED", json!({})),
    ]);
    assert_eq!(hits.len(), 1);
    assert_eq!((hits[0].subject, hits[0].measure), (Subject::User(sender), Measure::Files));
    assert_eq!(hits[0].organization, Some(Uuid::from_u128(2)));
}

fn terms() -> Terms {
    Terms { failures: 5, within: Duration::minutes(5), factor: Decimal::from(5), rows: 1_000, files: 50 }
}

fn noon() -> DateTime<Utc> {
    "2026-11-29T09:00:00Z".parse().unwrap()
}

fn account(n: u128) -> Option<Uuid> {
    Some(Uuid::from_u128(n))
}

/// A failure so many seconds after noon.
fn failure(at_s: i64, account: Option<Uuid>, network: &str) -> Failure {
    let event = Noted {
        id: Uuid::from_u128(u128::try_from(at_s).unwrap() + 1_000_000),
        at: noon() + Duration::seconds(at_s),
        event_type: FAILURE.to_owned(),
        actor: None,
    };
    Failure {
        event,
        account,
        organization: account.map(|_| Uuid::from_u128(9)),
        network: network.parse().ok(),
        is_new: true,
        spent: Vec::new(),
    }
}

fn of_one(at_s: &[i64]) -> Vec<Failure> {
    // From a network each, so that the account alone is judged.
    at_s.iter().enumerate().map(|(n, at)| failure(*at, account(1), &format!("10.0.{n}.0/24"))).collect()
}

#[test]
fn five_failures_of_an_account_within_five_minutes_are_an_alert() {
    for (at_s, events) in [
        (&[0, 60, 120, 180][..], 0),
        (&[0, 60, 120, 180, 240], 5),
        (&[0, 60, 120, 180, 240, 250], 6),
        // The fifth at five minutes to the second, and a second later.
        (&[0, 60, 120, 180, 300], 5),
        (&[0, 60, 120, 180, 301], 0),
        // The first is out of the window by then, and five others are in it.
        (&[0, 60, 120, 180, 301, 302], 5),
    ] {
        let hits = of_failures(&of_one(at_s), &terms());
        assert_eq!(hits.first().map_or(0, |hit| hit.events.len()), events, "{at_s:?}");
        assert!(hits.len() <= 1, "{at_s:?}");
    }
    let hit = &of_failures(&of_one(&[0, 1, 2, 3, 4]), &terms())[0];
    assert_eq!((hit.subject, hit.organization), (Subject::User(Uuid::from_u128(1)), account(9)));
    assert_eq!((hit.severity, hit.threshold, &hit.measured), (Severity::High, 5, &None));
}

#[test]
fn what_arrives_late_completes_what_was_seen_before_and_old_failures_alone_are_no_news() {
    let mut failures = of_one(&[0, 60, 120, 180, 240]);
    for failure in &mut failures {
        failure.is_new = failure.event.at == noon() + Duration::seconds(60);
    }
    assert_eq!(of_failures(&failures, &terms())[0].events.len(), 5, "the second came last");
    failures[1].is_new = false;
    assert!(of_failures(&failures, &terms()).is_empty());
    // A new one far away does not make old ones new.
    failures.push(failure(900, account(1), "10.1.0.0/24"));
    assert!(of_failures(&failures, &terms()).is_empty());
}

#[test]
fn what_was_acknowledged_is_not_counted_again() {
    let mut failures = of_one(&[0, 60, 120, 180, 240, 250]);
    failures[0].spent = vec![SubjectKind::Network];
    assert_eq!(of_failures(&failures, &terms())[0].events.len(), 6, "it was about something else");
    failures[0].spent = vec![SubjectKind::User];
    failures[1].spent = vec![SubjectKind::User];
    assert!(of_failures(&failures, &terms()).is_empty());
}

#[test]
fn a_network_is_judged_by_the_names_that_are_tried_from_it() {
    let from = |accounts: &[Option<Uuid>]| {
        let all = accounts.iter().enumerate();
        let failures: Vec<_> = all.map(|(n, one)| failure(i64::try_from(n).unwrap(), *one, "10.0.0.0/24")).collect();
        of_failures(&failures, &terms())
    };
    // One person who has forgotten their password is one name.
    let one = from(&[account(1); 6]);
    assert_eq!(one.iter().map(|hit| hit.subject).collect::<Vec<_>>(), [Subject::User(Uuid::from_u128(1))]);
    assert!(from(&[account(1), account(2), account(3), account(4)]).is_empty());
    for names in [[account(1), account(2), account(3), account(4), account(5)], [None; 5]] {
        let hits = from(&names);
        assert_eq!(hits.len(), 1);
        assert_eq!(hits[0].subject, Subject::Network("10.0.0.0/24".parse().unwrap()));
        assert_eq!((hits[0].severity, hits[0].organization), (Severity::Critical, None));
    }
    assert!(from(&[None, None, None, account(1), account(1)]).is_empty(), "four names");
    // Without an address there is no network.
    let nowhere: Vec<_> = (0..9).map(|n| failure(n, None, "")).collect();
    assert!(of_failures(&nowhere, &terms()).is_empty());
}

fn event(event_type: &str, entity_type: &str, actor: Option<Uuid>, details: Value) -> Seen {
    Seen {
        id: Uuid::from_u128(77),
        at: noon(),
        event_type: event_type.to_owned(),
        actor,
        organization: account(9),
        entity_type: entity_type.to_owned(),
        entity: account(5),
        details,
    }
}

#[test]
fn a_change_of_rights_is_an_alert_and_everyday_staff_is_not() {
    let by = account(3);
    let severity = |event: Seen| of_changes(&[event]).first().map(|hit| hit.severity);
    for (event_type, entity, actor, details, expected) in [
        ("USER_INVITED", "invitation", by, json!({ "role": "OFFICER" }), None),
        ("USER_INVITED", "invitation", by, json!({ "role": "CLERK" }), None),
        ("USER_INVITED", "invitation", by, json!({ "role": "SUPERVISOR" }), Some(Severity::High)),
        ("USER_INVITED", "invitation", by, json!({ "role": "ORG_ADMIN" }), Some(Severity::High)),
        ("USER_INVITED", "invitation", by, json!({ "role": "OWNER" }), Some(Severity::High)),
        ("USER_INVITED", "invitation", by, json!({ "role": "SYSTEM_ADMIN" }), Some(Severity::Critical)),
        ("USER_CREATED", "user", by, json!({ "role": "AUDITOR" }), Some(Severity::Critical)),
        ("USER_CREATED", "user", by, json!({ "role": "OFFICER", "by": "invitation" }), None),
        ("USER_CREATED", "user", None, json!({ "role": "OFFICER" }), Some(Severity::Critical)),
        ("USER_DISABLED", "user", by, json!({ "by": "colleague" }), Some(Severity::High)),
        ("USER_ENABLED", "user", None, json!({ "by": "operator" }), Some(Severity::Critical)),
        ("PASSWORD_RESET", "user", None, json!({}), Some(Severity::Critical)),
        ("ROLE_GRANTED", "user", by, json!({ "role": "OFFICER" }), Some(Severity::High)),
        ("PASSWORD_CHANGED", "user", by, json!({}), None),
        ("LOGIN_SUCCESS", "user", by, json!({}), None),
        ("USER_DISABLED", "organization", by, json!({}), None),
    ] {
        assert_eq!(severity(event(event_type, entity, actor, details.clone())), expected, "{event_type} {details}");
    }
    let hits = of_changes(&[event("USER_DISABLED", "user", by, json!({})), event("LOGOUT", "user", by, json!({}))]);
    assert_eq!(hits.len(), 1);
    assert_eq!((hits[0].subject, hits[0].events[0].actor), (Subject::User(Uuid::from_u128(5)), by));
}

/// A download so many hours before noon.
fn download(hours_ago: i64, rows: i64) -> Download {
    let at = noon() - Duration::hours(hours_ago);
    let event = Noted { id: Uuid::now_v7(), at, event_type: DOWNLOADS[0].to_owned(), actor: account(1) };
    Download { event, organization: account(9), rows, is_new: hours_ago == 0 }
}

fn found(mut downloads: Vec<Download>, since: Option<DateTime<Utc>>) -> Option<(Measure, i64, i64, i64)> {
    downloads.sort_by_key(|download| download.event.at);
    let hit = of_downloads(Uuid::from_u128(1), &downloads, since, &terms())?;
    let measured = hit.measured.unwrap();
    Some((hit.measure, measured.figure, measured.usual, hit.threshold))
}

#[test]
fn who_never_takes_anything_away_is_judged_by_the_floor() {
    assert_eq!(found(vec![download(0, 999)], None), None);
    assert_eq!(found(vec![download(0, 1_000)], None), Some((Measure::Rows, 1_000, 0, 1_000)));
    // Of 24 hours: what is a day old to the second is of the day before, and usual.
    assert_eq!(found(vec![download(23, 400), download(0, 600)], None), Some((Measure::Rows, 1_000, 0, 1_000)));
    assert_eq!(found(vec![download(24, 400), download(0, 600)], None), None);
    let files = |count| (0..count).map(|_| download(0, 0)).collect::<Vec<_>>();
    assert_eq!(found(files(49), None), None);
    assert_eq!(found(files(50), None), Some((Measure::Files, 50, 0, 50)));
}

#[test]
fn who_takes_much_away_every_day_is_judged_by_their_own_days() {
    let with = |rows: i64, days: &[i64]| {
        let mut downloads: Vec<_> = days.iter().map(|day| download(day * 24 + 1, 600)).collect();
        downloads.push(download(0, rows));
        found(downloads, None)
    };
    assert_eq!(with(3_000, &[1, 2, 3]), None, "five times the usual is not more than five times");
    assert_eq!(with(3_001, &[1, 2, 3]), Some((Measure::Rows, 3_001, 600, 3_001)));
    // Days without a download say nothing about what is usual, and days before the last 30 neither.
    assert_eq!(with(3_000, &[30]), None);
    assert_eq!(with(3_000, &[31]), Some((Measure::Rows, 3_000, 0, 1_000)));
}

#[test]
fn a_single_day_of_much_does_not_make_much_usual() {
    let days = [100, 200, 50_000, 300];
    let mut downloads: Vec<_> = (1..).zip(days).map(|(day, rows)| download(day * 24 + 1, rows)).collect();
    downloads.push(download(0, 1_300));
    assert_eq!(found(downloads, None), Some((Measure::Rows, 1_300, 250, 1_251)));
}

#[test]
fn what_was_acknowledged_before_makes_no_alert_any_more() {
    let seen = noon() - Duration::hours(2);
    assert_eq!(found(vec![download(2, 5_000), download(0, 10)], Some(seen)), None);
    let again = found(vec![download(2, 5_000), download(0, 1_200)], Some(seen));
    assert_eq!(again, Some((Measure::Rows, 1_200, 0, 1_000)));
}

#[test]
fn old_downloads_alone_are_no_news() {
    assert_eq!(found(vec![download(1, 5_000)], None), None);
}

#[test]
fn nobody_acknowledges_twice_or_what_is_about_themselves() {
    let alert = |acknowledged: Option<Acknowledged>, concerns_viewer| Alert {
        id: AlertId::new(),
        rule: Rule::PrivilegeChange,
        subject_kind: SubjectKind::User,
        subject: Uuid::from_u128(5),
        organization: None,
        severity: Severity::High,
        measure: Measure::Changes,
        figure: 1,
        threshold: 1,
        usual: None,
        from: noon(),
        until: noon(),
        opened_at: noon(),
        acknowledged,
        concerns_viewer,
    };
    let done = Acknowledged { at: noon(), by: UserId::new(), note: "Agreed with the bank.".to_owned() };
    assert_eq!(against_acknowledging(&alert(None, false)), None);
    assert_eq!(against_acknowledging(&alert(None, true)), Some(Refusal::Concerned));
    assert_eq!(against_acknowledging(&alert(Some(done.clone()), true)), Some(Refusal::Already(done)));
}
