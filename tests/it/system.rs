//! Probes, switches, live updates, and a database that is away.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use jebena::database::PoolSettings;
use jebena::workflow::holidays;

use crate::site::{Browser, TestSite};

#[tokio::test]
async fn probes_tell_what_works() {
    let site = TestSite::start().await;
    let nobody = &mut Browser::default();
    assert_eq!(site.get(nobody, "/healthz").await.text, "ok");
    let version = site.get(nobody, "/version").await;
    assert!(version.text.contains(env!("CARGO_PKG_VERSION")), "{}", version.text);
    let ready = site.get(nobody, "/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text);
    // A probe knows the machine by its address.
    let probe = Request::get("/readyz").header("host", "10.0.0.7:8080").body(Body::empty()).unwrap();
    assert_eq!(site.call(nobody, probe).await.status, StatusCode::OK);
    site.state.stop.cancel();
    let stopping = site.get(nobody, "/readyz").await;
    assert_eq!(stopping.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(stopping.text.contains("\"stopping\":true"));
}

#[tokio::test]
async fn a_schema_that_is_behind_is_not_ready() {
    let site = TestSite::start().await;
    site.execute("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)").await;
    let answer = site.get(&mut Browser::default(), "/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("\"database\":true") && answer.text.contains("\"migrations\":false"));
}

#[tokio::test]
async fn an_exhausted_pool_is_a_quick_503() {
    let pool = PoolSettings {
        min_connections: 0,
        max_connections: 1,
        acquire: Duration::from_millis(200),
        ..PoolSettings::default()
    };
    let site = TestSite::with(true, pool).await;
    site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let mut browser = site.sign_in("root.admin").await;
    let held = site.state.db.acquire().await.unwrap();
    let begun = std::time::Instant::now();
    let busy = site.get(&mut browser, "/admin/system").await;
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert_eq!(busy.headers["retry-after"], "5");
    assert!(busy.text.contains("<!doctype html>") && busy.text.contains("Please try again in a moment"));
    assert!(!busy.text.to_lowercase().contains("pool"), "no driver text");
    held.commit().await.unwrap();
    assert_eq!(site.get(&mut browser, "/admin/system").await.status, StatusCode::OK, "service resumes by itself");
}

#[tokio::test]
async fn who_finds_all_connections_of_their_own_side_busy_borrows_one_of_the_other() {
    let pool = PoolSettings { max_connections: 2, acquire: Duration::from_millis(200), ..PoolSettings::default() };
    let site = TestSite::with(true, pool).await;
    let db = &site.state.db;
    let (own, borrowed) = (db.acquire().await.unwrap(), db.acquire().await.unwrap());
    let statistics = db.statistics();
    assert_eq!((statistics.total, statistics.idle, statistics.max), (2, 0, 2), "never more than the limit");
    assert!(matches!(db.acquire().await.err(), Some(sqlx::Error::PoolTimedOut)));
    borrowed.commit().await.unwrap();
    db.acquire().await.unwrap().commit().await.unwrap();
    own.commit().await.unwrap();
    assert_eq!(db.statistics().idle, 2);
}

#[tokio::test]
async fn the_read_only_mode_stops_changes_and_not_its_own_switch() {
    let site = TestSite::start().await;
    site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let mut browser = site.sign_in("root.admin").await;
    let page = site.get(&mut browser, "/admin/system").await;
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    // Neither a missing token nor a missing key has any effect.
    let forged = site.post(&mut browser, "/admin/read-only", &[("read_only", "yes"), ("idempotency_key", &key)]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let keyless = site.post(&mut browser, "/admin/read-only", &[("read_only", "yes"), ("csrf", &csrf)]).await;
    assert_eq!(keyless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!site.state.modes.current().read_only);

    let fields = [("read_only", "yes"), ("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    for _ in 0..2 {
        let switched = site.post(&mut browser, "/admin/read-only", &fields).await;
        assert_eq!((switched.status, switched.location()), (StatusCode::SEE_OTHER, "/admin/system"));
    }
    let events = "select count(*) from audit.events where event_type = 'READ_ONLY_SWITCHED'";
    assert_eq!(site.count(events).await, 1, "a double click has one effect");
    let page = site.get(&mut browser, "/admin/system").await;
    assert!(page.text.contains("The read-only mode is on."), "the outcome is shown once");
    assert!(page.text.contains("Read-only mode: everything can be read"));
    assert!(!site.get(&mut browser, "/admin/system").await.text.contains("The read-only mode is on."));
    let other = [("read_only", "no"), ("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    let reused = site.post(&mut browser, "/admin/read-only", &other).await;
    assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY, "the same key for something else");
    site.sign_in("root.admin").await;
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    let fields = [("read_only", "no"), ("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    site.post(&mut browser, "/admin/read-only", &fields).await;
    assert!(!site.state.modes.current().read_only);
}

#[tokio::test]
async fn an_announcement_is_on_every_page_until_it_ends() {
    let site = TestSite::start().await;
    site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let mut browser = site.sign_in("root.admin").await;
    let page = site.get(&mut browser, "/admin/system").await;
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    let send = async |browser: &mut Browser, hours: &str| {
        let fields = [
            ("banner_en", "Down on Saturday <night>"),
            ("banner_am", ""),
            ("hours", hours),
            ("csrf", &csrf),
            ("idempotency_key", &key),
        ];
        site.post(browser, "/admin/announcement", &fields).await
    };
    let wrong = send(&mut browser, "soon").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Enter a whole number of hours from 1 to 720"), "{}", wrong.text);
    assert!(wrong.text.contains("value=\"soon\"") && wrong.text.contains("Down on Saturday"), "all typed is kept");
    assert_eq!(send(&mut browser, "24").await.status, StatusCode::SEE_OTHER);
    let public = site.get(&mut Browser::default(), "/sign-in").await;
    assert!(public.text.contains("Down on Saturday &#60;night&#62;"), "{}", public.text);
    site.clock.advance(chrono::Duration::hours(24));
    assert!(!site.get(&mut Browser::default(), "/sign-in").await.text.contains("Down on Saturday"));
}

#[tokio::test]
async fn only_who_runs_the_system_sees_its_page() {
    let site = TestSite::start().await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    site.add_user("state.auditor", "AUDITOR", "AUDITOR", true).await;
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, "/admin/system").await.status, StatusCode::FORBIDDEN);
    let mut auditor = site.sign_in("state.auditor").await;
    let page = site.get(&mut auditor, "/admin/system").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("action=\"/admin/read-only\""), "reads, and changes nothing");
}

#[tokio::test]
async fn a_change_is_told_to_an_open_page() {
    use http_body_util::BodyExt;

    let site = TestSite::start().await;
    let follower = tokio::spawn(site.state.live.clone().follow(site.state.db.options()));
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    let browser = site.sign_in("nbe.officer").await;
    let request = Request::get("/live")
        .header("host", "localhost:8080")
        .header("cookie", format!("jebena={}", browser.cookie("jebena").unwrap()))
        .header("accept-encoding", "gzip");
    let app = jebena::app::router(site.state.clone()).unwrap();
    let response = tower::ServiceExt::oneshot(app, request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(!response.headers().contains_key("content-encoding"), "a compressed stream comes late");
    let export = uuid::Uuid::now_v7();
    let mut body = response.into_body();
    let mut text = String::new();
    let tell = format!(
        "select pg_notify('jebena_live', '{{\"export_id\":\"{export}\",\"organization_ids\":[],\
         \"queue_organization_id\":null,\"version\":2}}')"
    );
    let heard = tokio::time::timeout(Duration::from_secs(10), async {
        // The first one or two say that something may have been missed before the channel stood.
        while text.matches("event: changed").count() < 4 {
            site.execute(&tell).await;
            let frame = body.frame().await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    });
    heard.await.unwrap();
    assert!(!text.contains(&export.to_string()), "a queue is not told which case it was");
    site.state.stop.cancel();
    follower.await.unwrap();
}

#[tokio::test]
async fn holidays_are_entered_year_by_year_and_stay_as_they_were_changed() {
    let site = TestSite::start().await;
    let today = jebena::calendar::eat_date(site.now());
    let mut tx = site.state.db.begin_worker().await.unwrap();
    // Easter of 2024 fell on Patriots' Day.
    assert_eq!(holidays::fill(&mut tx, today).await.unwrap(), 49, "ten in each of five years");
    tx.commit().await.unwrap();
    site.execute("delete from holidays where holiday = '2026-05-01'").await;
    let mut tx = site.state.db.begin_worker().await.unwrap();
    assert_eq!(holidays::fill(&mut tx, today).await.unwrap(), 0, "what was struck out stays out");
    let next_year = today + chrono::Days::new(366);
    assert_eq!(holidays::fill(&mut tx, next_year).await.unwrap(), 10, "and the table goes on by a year");
    tx.commit().await.unwrap();
    assert_eq!(site.count("select count(*) from holidays where holiday = '2027-01-07'").await, 1);
}

#[tokio::test]
async fn instances_that_count_at_the_same_time_do_not_meet() {
    let site = TestSite::seeded().await;
    let (db, now) = (&site.state.db, site.now());
    let counted = futures::future::join_all((0..8).map(|_| jebena::reports::service::catch_up(db, now))).await;
    assert!(counted.iter().all(Result::is_ok), "{counted:?}");
    assert!(site.count("select count(*) from report_totals").await > 0);
}

#[tokio::test]
async fn who_waits_for_a_connection_is_counted() {
    let pool = PoolSettings { min_connections: 0, max_connections: 1, ..PoolSettings::default() };
    let site = TestSite::with(true, pool).await;
    let db = &site.state.db;
    assert_eq!(db.statistics().waiting, 0);
    let held = db.begin_worker().await.unwrap();
    let waits = db.begin_worker();
    tokio::pin!(waits);
    assert!(tokio::time::timeout(Duration::from_millis(50), &mut waits).await.is_err());
    assert_eq!(db.statistics().waiting, 1);
    held.rollback().await.unwrap();
    waits.await.unwrap().rollback().await.unwrap();
    assert_eq!(db.statistics().waiting, 0);
}

#[tokio::test]
async fn a_visitor_sees_no_heading_over_contacts_that_are_not_for_them() {
    let site = TestSite::seeded().await;
    assert!(!site.get(&mut Browser::default(), "/help").await.text.contains("Whom to ask"));
    let mut clerk = site.sign_in("exporter.clerk").await;
    assert!(site.get(&mut clerk, "/help").await.text.contains("Whom to ask"));
}
