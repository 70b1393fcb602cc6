//! How many requests are answered: of strangers by address, of people by session, of known devices by device.

use chrono::Duration;
use http::StatusCode;

use crate::site::{Browser, TestSite};

async fn asks(site: &TestSite, browser: &mut Browser, times: usize) -> Vec<StatusCode> {
    let mut answers = Vec::new();
    for _ in 0..times {
        answers.push(site.get(browser, "/help").await.status);
    }
    answers
}

fn answered(answers: &[StatusCode]) -> usize {
    answers.iter().filter(|status| **status == StatusCode::OK).count()
}

#[tokio::test]
async fn a_stranger_is_answered_a_hundred_times_in_a_quarter_of_an_hour() {
    let site = TestSite::seeded().await.limited();
    let mut person = site.sign_in("nbe.officer").await;
    let mut stranger = Browser::default();
    assert_eq!(answered(&asks(&site, &mut stranger, 110).await), 99, "the sign-in was the first");
    let refused = site.get(&mut stranger, "/help").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.text.contains("Too many requests came from here"), "{}", refused.text);
    let seconds: i64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    // What pages are drawn with, and what probes ask, is not counted.
    for path in ["/healthz", "/version"] {
        assert_eq!(site.get(&mut stranger, path).await.status, StatusCode::OK, "{path}");
    }
    let page = site.get(&mut person, "/help").await;
    assert_eq!(page.status, StatusCode::OK, "who is signed in has a count of their own");
    let style =
        page.text.split("href=\"").find(|rest| rest.starts_with("/static/")).unwrap().split('"').next().unwrap();
    assert_eq!(site.get(&mut stranger, style).await.status, StatusCode::OK, "{style}");

    // A token that somebody has made up is nobody's.
    let mut pretender = Browser::default();
    pretender.take_cookie("jebena=AAAAAAAAAAAAAAAAAAAAAA; Path=/");
    pretender.take_cookie(&format!("jebena-device={}; Path=/", "a".repeat(32)));
    assert_eq!(answered(&asks(&site, &mut pretender, 1).await), 0);
    // The device on which somebody has signed in is known, and has a count of its own.
    let mut device = Browser::default();
    device.take_cookie(&format!("jebena-device={}; Path=/", person.cookie("jebena-device").unwrap()));
    assert_eq!(answered(&asks(&site, &mut device, 20).await), 20);

    site.clock.advance(Duration::seconds(seconds));
    assert_eq!(answered(&asks(&site, &mut stranger, 1).await), 1, "as it was told");
}

#[tokio::test]
async fn a_session_is_answered_six_hundred_times() {
    let site = TestSite::seeded().await.limited();
    let mut person = site.sign_in("nbe.officer").await;
    let mut elsewhere = site.sign_in("nbe.officer").await;
    assert_eq!(answered(&asks(&site, &mut person, 610).await), 600);
    assert_eq!(answered(&asks(&site, &mut elsewhere, 1).await), 1, "another session is another count");
}

#[tokio::test]
async fn instances_count_together_and_a_restart_forgets_nothing() {
    let mut site = TestSite::seeded().await.limited();
    let mut stranger = Browser::default();
    assert_eq!(answered(&asks(&site, &mut stranger, 60).await), 60);
    site.state.requests.share(&site.state.db, site.now()).await.unwrap();
    // Another instance, which has seen nothing itself.
    site.restart();
    assert_eq!(answered(&asks(&site, &mut stranger, 1).await), 1);
    site.state.requests.share(&site.state.db, site.now()).await.unwrap();
    assert_eq!(answered(&asks(&site, &mut stranger, 60).await), 39);
    site.state.requests.share(&site.state.db, site.now()).await.unwrap();
    assert_eq!(site.count("select sum(hits)::bigint from request_counts").await, 100);
    // Told twice, it counts once.
    site.state.requests.share(&site.state.db, site.now()).await.unwrap();
    assert_eq!(site.count("select sum(hits)::bigint from request_counts").await, 100);
}

#[tokio::test]
async fn while_the_database_is_away_an_instance_counts_alone_and_tells_later() {
    let mut site = TestSite::seeded().await.limited();
    let way_back = site.server_options();
    let mut stranger = Browser::default();
    assert_eq!(answered(&asks(&site, &mut stranger, 40).await), 40);
    let away = site.state.db.clone();
    away.close();
    assert!(site.state.requests.share(&away, site.now()).await.is_err());
    let counter = site.state.requests.clone();
    site.reached_through(way_back);
    counter.share(&site.state.db, site.now()).await.unwrap();
    assert_eq!(site.count("select sum(hits)::bigint from request_counts").await, 40);
}
