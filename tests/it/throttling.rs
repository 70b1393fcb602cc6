//! What closes the door for a while: failures of an account, on a device and from a network.

use chrono::Duration;
use futures::future::join_all;
use http::StatusCode;

use crate::site::{Answer, Browser, PASSWORD, TestSite};

async fn site() -> TestSite {
    let site = TestSite::start().await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    site
}

async fn attempt(site: &TestSite, browser: &mut Browser, username: &str, password: &str) -> Answer {
    site.post(browser, "/sign-in", &[("username", username), ("password", password)]).await
}

/// As a stranger, whose device nobody knows.
async fn stranger(site: &TestSite, username: &str, password: &str) -> StatusCode {
    attempt(site, &mut Browser::default(), username, password).await.status
}

/// On the device with this token.
async fn on(site: &TestSite, device: &str, username: &str, password: &str) -> StatusCode {
    let mut browser = Browser::default();
    browser.take_cookie(&format!("jebena-device={device}; Path=/"));
    attempt(site, &mut browser, username, password).await.status
}

/// The token of a device on which `username` has signed in.
async fn known_device(site: &TestSite, username: &str) -> String {
    site.sign_in(username).await.cookie("jebena-device").unwrap().to_owned()
}

#[tokio::test]
async fn five_failures_close_an_account_and_one_that_is_not_there_alike() {
    let mut site = site().await;
    let mut answers = Vec::new();
    for username in ["nbe.officer", "nobody.officer"] {
        for _ in 0..5 {
            assert_eq!(stranger(&site, username, "wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
        }
        // The right password is not judged either, nor by an instance that has just started.
        site.restart();
        let closed = attempt(&site, &mut Browser::default(), username, PASSWORD).await;
        assert_eq!(closed.status, StatusCode::TOO_MANY_REQUESTS, "{}", closed.text);
        assert_eq!(closed.headers["retry-after"], "900");
        assert!(closed.text.contains("Too many attempts have failed. Try again in 15 min."), "{}", closed.text);
        answers.push(closed.text.replace(username, ""));
    }
    let without_csp = |text: &str| text.lines().filter(|line| !line.contains("nonce")).collect::<Vec<_>>().join("\n");
    assert_eq!(without_csp(&answers[0]), without_csp(&answers[1]), "nothing tells which of them there is");
    let closed = "select count(*) from audit.events where event_type = 'LOGIN_CLOSED' and severity = 'HIGH'";
    assert_eq!(site.count(closed).await, 2);

    site.clock.advance(Duration::minutes(15));
    assert_eq!(stranger(&site, "nbe.officer", PASSWORD).await, StatusCode::SEE_OTHER);
    // Who has come in starts from nothing.
    for _ in 0..5 {
        assert_eq!(stranger(&site, "nbe.officer", "wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn the_sixth_failure_within_an_hour_closes_an_account_for_an_hour() {
    let site = site().await;
    for _ in 0..5 {
        stranger(&site, "nbe.officer", "wrong").await;
    }
    site.clock.advance(Duration::minutes(20));
    assert_eq!(stranger(&site, "nbe.officer", "wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
    site.clock.advance(Duration::minutes(59));
    assert_eq!(stranger(&site, "nbe.officer", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    site.clock.advance(Duration::minutes(1));
    assert_eq!(stranger(&site, "nbe.officer", PASSWORD).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn strangers_do_not_lock_an_owner_out_of_a_device_that_is_known() {
    let site = site().await;
    site.add_user("ecta.officer", "ECTA", "OFFICER", true).await;
    let device = known_device(&site, "nbe.officer").await;
    for _ in 0..5 {
        stranger(&site, "nbe.officer", "wrong").await;
    }
    assert_eq!(stranger(&site, "nbe.officer", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(on(&site, &device, "nbe.officer", PASSWORD).await, StatusCode::SEE_OTHER);
    // It is no pass: it has a count of its own, for this account alone.
    for _ in 0..5 {
        assert_eq!(on(&site, &device, "nbe.officer", "wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(on(&site, &device, "nbe.officer", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..5 {
        stranger(&site, "ecta.officer", "wrong").await;
    }
    assert_eq!(on(&site, &device, "ecta.officer", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    // A token that somebody has made up is no device of anybody.
    assert_eq!(on(&site, &"0".repeat(32), "nbe.officer", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    let kept = "select count(*) from known_devices where length(device_hash) = 32";
    assert_eq!(site.count(kept).await, 1);
}

#[tokio::test]
async fn a_network_from_which_five_accounts_have_failed_is_closed_to_strangers() {
    let site = site().await;
    let device = known_device(&site, "nbe.officer").await;
    for n in 0..5 {
        assert_eq!(stranger(&site, &format!("name{n}"), "wrong").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(stranger(&site, "nbe.officer", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    // An office does not stand still because five people have mistyped.
    assert_eq!(on(&site, &device, "nbe.officer", PASSWORD).await, StatusCode::SEE_OTHER);
    site.execute("update sign_in_attempts set network = '198.51.100.0/24'").await;
    assert_eq!(stranger(&site, "nbe.officer", PASSWORD).await, StatusCode::SEE_OTHER, "another network is open");
}

#[tokio::test]
async fn many_at_once_are_no_more_than_many_in_a_row() {
    let site = TestSite::seeded_for_crowds().await;
    let answers = join_all((0..20).map(|_| stranger(&site, "nbe.officer", "wrong"))).await;
    let judged = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert_eq!(judged, 5, "{answers:?}");
    let others = answers.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    assert_eq!(others, 15, "{answers:?}");
}

#[tokio::test]
async fn what_is_kept_names_nobody_and_is_forgotten() {
    let site = site().await;
    stranger(&site, "a password in the wrong field", "wrong").await;
    let row: String =
        sqlx::query_scalar("select a::text from sign_in_attempts a").fetch_one(&mut site.sql().await).await.unwrap();
    assert!(!row.contains("password") && row.contains("127.0.0.0/24"), "{row}");
    site.sign_in("nbe.officer").await;
    site.clock.advance(Duration::hours(2));
    assert_eq!(site.remove_old("SIGN_IN_ATTEMPTS").await, 1);
    site.clock.advance(Duration::days(91));
    site.remove_old("KNOWN_DEVICES").await;
    assert_eq!(site.count("select count(*) from known_devices").await, 0);
}
