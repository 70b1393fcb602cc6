//! Legal holds: what is held is not removed, not made unrecognisable and not archived, until another administrator lifts it.

use chrono::{Duration, TimeZone, Utc};
use http::StatusCode;
use jebena::organizations::erasure;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::archive::{site_of_years, way_down};
use crate::site::{Answer, Browser, TestSite};

const HOME: &str = "/admin/holds";
const WHY: &str = "The Federal High Court has asked for it, file 1234/2019.";

async fn place(site: &TestSite, browser: &mut Browser, subject: &str, name: &str) -> Answer {
    let fields = [("hold_subject", subject), ("hold_name", name), ("hold_reason", WHY)];
    site.fill_in(browser, HOME, HOME, &fields).await
}

async fn lift(site: &TestSite, browser: &mut Browser, hold: &str) -> Answer {
    let reason = [("lift_reason", "The court has closed the file.")];
    site.fill_in(browser, hold, &format!("{hold}/lifting"), &reason).await
}

async fn id_of(site: &TestSite, username: &str) -> Uuid {
    let query = format!("select id from users where username = '{username}'");
    sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&mut site.sql().await).await.unwrap()
}

#[tokio::test]
async fn one_places_a_hold_and_another_lifts_it() {
    let site = site_of_years(true).await;
    let (mut one, mut other) = (site.sign_in("admin").await, site.sign_in("admin.too").await);
    for (fields, field) in [
        ([("hold_subject", "PERSON"), ("hold_name", "nobody.here"), ("hold_reason", WHY)], "hold_name"),
        ([("hold_subject", "PERSON"), ("hold_name", "nbe.officer"), ("hold_reason", "short")], "hold_reason"),
        ([("hold_subject", "PERSON"), ("hold_name", " "), ("hold_reason", WHY)], "hold_name"),
    ] {
        let answer = site.fill_in(&mut one, HOME, HOME, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", answer.text);
    }
    let placed = place(&site, &mut one, "PERSON", "nbe.officer").await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text);
    let hold = placed.location().to_owned();
    let again = place(&site, &mut other, "PERSON", "nbe.officer").await;
    assert!(again.status == StatusCode::CONFLICT && again.text.contains("stands on it already"), "{}", again.text);
    assert_eq!(place(&site, &mut one, "ORGANIZATION", "NBE").await.status, StatusCode::SEE_OTHER);
    let page = site.get(&mut one, HOME).await;
    assert!(page.text.contains("Person: nbe.officer") && page.text.contains("E.C.)"), "{}", page.text);

    // Not by who placed it: not by the page, not by a form that was not shown, not in the database.
    let own = site.get(&mut one, &hold).await;
    assert!(own.text.contains("placed this hold yourself") && !own.text.contains("/lifting\""), "{}", own.text);
    let (csrf, key) = (own.hidden("csrf"), Uuid::new_v4().to_string());
    let forged = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("lift_reason", "I have changed my mind.")];
    let refused = site.post(&mut one, &format!("{hold}/lifting"), &forged).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    let alone =
        "update legal_holds set lifted_by = placed_by, lifted_at = placed_at, lift_reason = 'It was a mistake.'";
    for statement in [alone, "delete from legal_holds", "update legal_holds set reason = 'Another reason altogether.'"]
    {
        assert!(sqlx::raw_sql(statement).execute(&mut site.sql().await).await.is_err(), "{statement}");
    }

    assert_eq!(lift(&site, &mut other, &hold).await.status, StatusCode::SEE_OTHER);
    assert!(site.get(&mut one, &hold).await.text.contains("The court has closed the file."));
    let told = "select count(*) from audit.events where event_type in ('LEGAL_HOLD_PLACED', 'LEGAL_HOLD_LIFTED')
                and severity = 'CRITICAL' and compliance_relevant and not details ? 'reason'";
    assert_eq!(site.count(told).await, 3);
    let down = include_str!("../../migrations/20261130110000_hold_what_is_asked_for.down.sql");
    assert!(way_down(&site, down).await.contains("there are legal holds"));
    // Others neither see nor place them.
    let mut auditor = site.sign_in("auditor").await;
    let shown = site.get(&mut auditor, HOME).await;
    assert!(shown.status == StatusCode::OK && !shown.text.contains("hold_reason"));
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, HOME).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_held_is_passed_over_by_retention() {
    let site = site_of_years(true).await;
    for name in ["nbe.officer", "bank.officer"] {
        site.sign_in(name).await;
    }
    let person = id_of(&site, "nbe.officer").await;
    site.execute(&format!(
        "insert into audit.event_private (event_id, occurred_at, salt, payload)
         select e.event_id, e.occurred_at, decode(repeat('00', 16), 'hex'), '{{\"ip_address\": \"203.0.113.9\"}}'
         from audit.events e where e.actor_id = '{person}' and e.occurred_at < '2025-01-01'"
    ))
    .await;
    let mut admin = site.sign_in("admin").await;
    assert_eq!(place(&site, &mut admin, "PERSON", "nbe.officer").await.status, StatusCode::SEE_OTHER);
    site.clock.advance(Duration::days(100));
    let round = jebena::retention::Round::scheduled(jebena::retention::Scope::All);
    jebena::retention::apply(&site.state.db, &site.state.storage, &round, site.now()).await.unwrap();
    let mut sql = site.sql().await;
    for (table, column) in [("user_sessions", "user_id"), ("known_devices", "user_id")] {
        let held = format!(
            "select count(*) filter (where {column} = $1), count(*) filter (where {column} <> $1) from {table}"
        );
        let (kept, others): (i64, i64) =
            sqlx::query_as(AssertSqlSafe(held)).bind(person).fetch_one(&mut sql).await.unwrap();
        assert!(kept > 0 && others == 0, "{table}: {kept} {others}");
    }
    let origins =
        "select count(*) from audit.event_private where payload ? 'ip_address' and occurred_at < '2025-01-01'";
    assert!(site.count(origins).await >= 450);
    // Lifted, it goes.
    let hold = site.count("select count(*) from legal_holds").await;
    assert_eq!(hold, 1);
    let id: Uuid = sqlx::query_scalar("select hold_id from legal_holds").fetch_one(&mut sql).await.unwrap();
    let mut other = site.sign_in("admin.too").await;
    assert_eq!(lift(&site, &mut other, &format!("{HOME}/{id}")).await.status, StatusCode::SEE_OTHER);
    jebena::retention::apply(&site.state.db, &site.state.storage, &round, site.now()).await.unwrap();
    let left = format!("select count(*) from known_devices where user_id = '{person}'");
    let left: i64 = sqlx::query_scalar(AssertSqlSafe(left)).fetch_one(&mut sql).await.unwrap();
    assert_eq!(left, 0);
    assert_eq!(site.count(origins).await, 0);
}

#[tokio::test]
async fn who_is_held_is_not_erased() {
    let site = site_of_years(true).await;
    site.execute("update exports set claimed_by = null, claimed_at = null").await;
    // Alone, with the organisation, and by a case in which they have acted.
    let export: String = sqlx::query_scalar(
        "select e.export_number from exports e join export_status_history h using (export_id) join users u on u.id = h.changed_by
         where u.username = 'ecta.officer' limit 1",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let person = id_of(&site, "ecta.officer").await;
    let (mut one, mut other) = (site.sign_in("admin").await, site.sign_in("admin.too").await);
    for (number, (subject, name)) in
        [("PERSON", "ecta.officer"), ("ORGANIZATION", "ECTA"), ("EXPORT", export.as_str())].into_iter().enumerate()
    {
        let placed = place(&site, &mut one, subject, name).await;
        assert_eq!(placed.status, StatusCode::SEE_OTHER, "{name}: {}", placed.text);
        let hold = placed.location().to_owned();
        site.execute(&format!(
            "insert into erasures (erasure_id, user_id, language, asked_at, expires_at, confirmed_at, due_at)
             values ('00000000-0000-0000-0000-00000000000{number}', '{person}', 'en', '2026-01-01', '2026-01-02', '2026-01-01',
                     '2026-02-01')"
        ))
        .await;
        erasure::carry_out_due(&site.state.db, site.now()).await.unwrap();
        let refused = "select count(*) from erasures where refusal = 'LEGAL_HOLD'";
        assert_eq!(site.count(refused).await, i64::try_from(number).unwrap() + 1, "{name}");
        assert_eq!(id_of(&site, "ecta.officer").await, person, "still who they are");
        // Behind the rule stands the database.
        let mut worker = site.state.db.begin_worker().await.unwrap();
        let around = format!("select app.erase_person('{person}', now())");
        let stopped = sqlx::raw_sql(AssertSqlSafe(around)).execute(&mut *worker).await.unwrap_err();
        assert!(stopped.to_string().contains("legal hold"), "{stopped}");
        drop(worker);
        assert_eq!(lift(&site, &mut other, &hold).await.status, StatusCode::SEE_OTHER);
    }
    let mut worker = site.state.db.begin_worker().await.unwrap();
    let free: bool =
        sqlx::query_scalar("select app.is_person_held($1)").bind(person).fetch_one(&mut *worker).await.unwrap();
    assert!(!free);
}

#[tokio::test]
async fn a_year_with_something_held_is_neither_archived_nor_dropped() {
    let site = site_of_years(true).await;
    let state = "select coalesce((select state from audit.archive_manifests where partition = 'events_2024'), 'NONE')";
    let mut one = site.sign_in("admin").await;
    let placed = place(&site, &mut one, "PERSON", "nbe.officer").await;
    let hold = placed.location().to_owned();
    site.clock.set(Utc.with_ymd_and_hms(2035, 1, 3, 9, 0, 0).unwrap());
    site.archive().await;
    let stands = async || sqlx::query_scalar::<_, String>(state).fetch_one(&mut site.sql().await).await.unwrap();
    assert_eq!(stands().await, "NONE");
    one = site.sign_in("admin").await;
    let mut other = site.sign_in("admin.too").await;
    assert_eq!(lift(&site, &mut other, &hold).await.status, StatusCode::SEE_OTHER);
    site.archive().await;
    assert_eq!(stands().await, "DETACHED");
    // A hold that comes between the request and the drop stops it, by the rule and in the database.
    let year = "/admin/archives/events_2024";
    let reason = [("drop_reason", "The disk of the database is full.")];
    site.fill_in(&mut one, year, &format!("{year}/drop"), &reason).await;
    let shown = site.get(&mut other, year).await;
    assert_eq!(place(&site, &mut one, "ORGANIZATION", "NBE").await.status, StatusCode::SEE_OTHER);
    assert!(site.get(&mut other, year).await.text.contains("legal hold stands"));
    let (csrf, key) = (shown.hidden("csrf"), Uuid::new_v4().to_string());
    let late = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    assert_eq!(site.post(&mut other, &format!("{year}/approval"), &late).await.status, StatusCode::CONFLICT);
    let person = id_of(&site, "admin.too").await;
    site.execute(&format!(
        "update audit.archive_manifests set state = 'DROP_APPROVED', approved_by = '{person}', approved_at = drop_asked_at
         where partition = 'events_2024'"
    ))
    .await;
    let mut worker = site.state.db.begin_worker().await.unwrap();
    let dropping = "select audit.drop_archived('events_2024', (select sha256 from audit.archive_manifests where partition = 'events_2024'))";
    let stopped = sqlx::raw_sql(dropping).execute(&mut *worker).await.unwrap_err();
    assert!(stopped.to_string().contains("are held"), "{stopped}");
}
