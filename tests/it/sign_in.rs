//! Signing in and out, and what a session is.

use axum::body::Body;
use chrono::Duration;
use http::{Request, StatusCode};
use jebena::database::PoolSettings;
use sqlx::Row;

use crate::site::{Browser, PASSWORD, TestSite, encoded, form};

#[tokio::test]
async fn an_officer_signs_in_and_out() {
    let site = TestSite::start().await;
    let user = site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let mut browser = Browser::default();
    let detour = site.get(&mut browser, "/admin/system").await;
    assert_eq!(detour.location(), "/sign-in?next=%2Fadmin%2Fsystem");
    assert_eq!(site.count("select count(*) from user_sessions").await, 0, "a stranger has no session");
    assert_eq!(browser.cookie("jebena"), None);

    let page = site.get(&mut browser, detour.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    let next = page.hidden("next");
    let fields = [("username", " Root.Admin "), ("password", PASSWORD), ("next", next.as_str())];
    let entered = site.post(&mut browser, "/sign-in", &fields).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/admin/system"));
    let cookie = entered.headers.get_all("set-cookie").iter().find(|c| c.as_bytes().starts_with(b"jebena=")).unwrap();
    assert!(cookie.to_str().unwrap().contains("HttpOnly; SameSite=Lax; Path=/"), "{cookie:?}");

    let page = site.get(&mut browser, "/admin/system").await;
    assert!(page.text.contains("Almaz Tesfaye"));
    assert_eq!(page.headers["cache-control"], "no-store");

    let row = sqlx::query("select user_id, token_hash, host(ip_address), data::text from user_sessions");
    let row = row.fetch_one(&mut site.sql().await).await.unwrap();
    assert_eq!(row.get::<uuid::Uuid, _>(0), user);
    assert_eq!(row.get::<Vec<u8>, _>(1).len(), 32);
    assert_eq!(row.get::<String, _>(2), "127.0.0.1");
    assert_eq!(row.get::<String, _>(3), "{}", "the person is never written back");

    let mut old = browser.clone();
    let token = page.hidden("csrf");
    let left = site.post(&mut browser, "/sign-out", &[("csrf", &token)]).await;
    assert_eq!((left.status, left.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    assert_eq!(left.headers["clear-site-data"], "\"cache\", \"storage\"");
    assert_eq!(site.count("select count(*) from user_sessions").await, 0);
    assert!(site.get(&mut browser, "/sign-in").await.text.contains("You are signed out."));
    assert_eq!(site.get(&mut old, "/admin/system").await.status, StatusCode::SEE_OTHER, "the cookie is worth nothing");
    let events = "select count(*) from audit.events where event_type in ('LOGIN_SUCCESS', 'LOGOUT')";
    assert_eq!(site.count(events).await, 2);
}

#[tokio::test]
async fn every_failure_gets_the_same_answer_and_is_on_record() {
    let site = TestSite::start().await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    site.add_user("gone.officer", "ECTA", "OFFICER", true).await;
    site.execute("update users set is_active = false where username = 'gone.officer'").await;
    let long = "x".repeat(2_000);
    for (username, password) in
        [("nbe.officer", "wrong"), ("nobody", PASSWORD), ("gone.officer", PASSWORD), ("nbe.officer", long.as_str())]
    {
        let mut browser = Browser::default();
        let answer = site.post(&mut browser, "/sign-in", &[("username", username), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("The user name or the password is not right"), "{}", answer.text);
        assert!(answer.text.contains(&format!("value=\"{username}\"")), "what was typed is kept");
        assert!(!answer.text.contains(password), "but not the password");
        assert_eq!(browser.cookie("jebena"), None);
    }
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'LOGIN_FAILED'").await, 4);
    let named = "select count(*) from audit.event_private where payload->>'username' = 'nobody'";
    assert_eq!(site.count(named).await, 0, "what may be a password in the wrong field is not kept");
    let empty = site.post(&mut Browser::default(), "/sign-in", &[("username", ""), ("password", "")]).await;
    assert!(empty.text.contains("Enter your user name") && empty.text.contains("Enter your password"));
}

#[tokio::test]
async fn only_own_pages_are_followed_after_signing_in() {
    let site = TestSite::start().await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    for next in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let fields = [("username", "nbe.officer"), ("password", PASSWORD), ("next", next)];
        let answer = site.post(&mut Browser::default(), "/sign-in", &fields).await;
        assert_eq!(answer.location(), "/", "{next}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let site = TestSite::start().await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    let fields = [("username", "nbe.officer"), ("password", PASSWORD)];
    let foreign = http::Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "https://evil.example")
        .body(encoded(&fields))
        .unwrap();
    let refused = site.call(&mut Browser::default(), foreign).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("Sent from another site"));
    let cross = form("/sign-in", &fields).header("sec-fetch-site", "cross-site").body(encoded(&fields)).unwrap();
    // The origin is our own, which is on the list; the browser's two headers never disagree so.
    assert_eq!(site.call(&mut Browser::default(), cross).await.status, StatusCode::SEE_OTHER);
    let plain = http::Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encoded(&fields))
        .unwrap();
    assert_eq!(site.call(&mut Browser::default(), plain).await.status, StatusCode::SEE_OTHER, "no browser");
}

#[tokio::test]
async fn a_session_ends_by_silence_and_by_age() {
    let site = TestSite::start().await;
    site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let mut browser = site.sign_in("root.admin").await;
    // Used every 29 minutes it lives on, until it is 12 hours old.
    for _ in 0..24 {
        site.clock.advance(Duration::minutes(29));
        assert_eq!(site.get(&mut browser, "/admin/system").await.status, StatusCode::OK);
    }
    site.clock.advance(Duration::minutes(25));
    assert_eq!(site.get(&mut browser, "/admin/system").await.status, StatusCode::SEE_OTHER, "12 hours");

    let mut browser = site.sign_in("root.admin").await;
    site.clock.advance(Duration::minutes(31));
    assert_eq!(site.get(&mut browser, "/admin/system").await.status, StatusCode::SEE_OTHER, "half an hour");
    let swept = site.remove_old("ENDED_SESSIONS").await + site.remove_old("SILENT_SESSIONS").await;
    assert_eq!(swept, 2);
}

#[tokio::test]
async fn a_session_is_noted_as_used_once_a_minute() {
    let site = TestSite::start().await;
    site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let mut browser = site.sign_in("root.admin").await;
    let silent = "select extract(epoch from last_activity - created_at)::bigint from user_sessions";
    site.clock.advance(Duration::seconds(59));
    site.get(&mut browser, "/admin/system").await;
    assert_eq!(site.count(silent).await, 0);
    site.clock.advance(Duration::seconds(1));
    site.get(&mut browser, "/admin/system").await;
    assert_eq!(site.count(silent).await, 60);
}

#[tokio::test]
async fn a_page_that_asks_by_itself_keeps_nobody_signed_in() {
    let site = TestSite::seeded().await;
    let mut browser = site.sign_in("nbe.officer").await;
    for _ in 0..3 {
        site.clock.advance(Duration::minutes(9));
        let poll = Request::get("/inbox").header("hx-source", "div#queue").body(Body::empty()).unwrap();
        assert_eq!(site.call(&mut browser, poll).await.status, StatusCode::OK);
    }
    site.clock.advance(Duration::minutes(4));
    assert_eq!(site.get(&mut browser, "/inbox").await.status, StatusCode::SEE_OTHER, "half an hour");
    let mut working = site.sign_in("nbe.officer").await;
    for _ in 0..4 {
        site.clock.advance(Duration::minutes(9));
        let page = site.get(&mut working, "/inbox").await;
        assert_eq!(page.status, StatusCode::OK, "who works stays");
        assert!(page.text.contains("<div id=\"queue\" hx-get="), "the part that asks by itself has the name");
    }
}

#[tokio::test]
async fn taking_a_role_or_a_person_away_holds_at_the_next_request() {
    let site = TestSite::start().await;
    site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let mut browser = site.sign_in("root.admin").await;
    assert_eq!(site.get(&mut browser, "/admin/system").await.status, StatusCode::OK);
    site.execute("delete from user_roles").await;
    assert_eq!(site.get(&mut browser, "/admin/system").await.status, StatusCode::FORBIDDEN);
    site.execute("update users set is_active = false").await;
    assert_eq!(site.get(&mut browser, "/admin/system").await.status, StatusCode::SEE_OTHER);
    site.execute("update users set is_active = true; update organizations set is_active = false").await;
    assert_eq!(site.get(&mut browser, "/admin/system").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let site = TestSite::start().await;
    site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    let mut browser = site.sign_in("root.admin").await;
    let before = browser.cookie("jebena").unwrap().to_owned();
    site.post(&mut browser, "/sign-in", &[("username", "nbe.officer"), ("password", PASSWORD)]).await;
    assert_ne!(browser.cookie("jebena").unwrap(), before);
    assert_eq!(site.count("select count(*) from user_sessions").await, 1);
    assert_eq!(site.get(&mut browser, "/admin/system").await.status, StatusCode::FORBIDDEN, "another person now");
}

#[tokio::test]
async fn a_made_up_token_opens_nothing_and_is_never_taken_over() {
    let site = TestSite::start().await;
    site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let fields = [("username", "root.admin"), ("password", PASSWORD)];
    let chosen = "AAAAAAAAAAAAAAAAAAAAAA";
    let request =
        form("/sign-in", &fields).header("cookie", format!("jebena={chosen}")).body(encoded(&fields)).unwrap();
    let mut browser = Browser::default();
    site.call(&mut browser, request).await;
    assert!(browser.cookie("jebena").is_some_and(|token| token != chosen));
}

#[tokio::test]
async fn demo_accounts_stay_outside_elsewhere() {
    let site = TestSite::with(false, PoolSettings::default()).await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    site.add_user("real.officer", "ECTA", "OFFICER", false).await;
    let refused =
        site.post(&mut Browser::default(), "/sign-in", &[("username", "nbe.officer"), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.sign_in("real.officer").await;
}

#[tokio::test]
async fn a_language_is_chosen_for_this_browser_and_the_account() {
    let site = TestSite::start().await;
    site.add_user("root.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let mut stranger = Browser::default();
    let chosen = site.post(&mut stranger, "/language", &[("language", "am"), ("next", "/sign-in")]).await;
    assert_eq!((chosen.status, chosen.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    assert!(site.get(&mut stranger, "/sign-in").await.text.contains("<html lang=\"am\""));

    let mut browser = site.sign_in("root.admin").await;
    let fields = [("language", "am"), ("next", "/admin/system"), ("csrf", "")];
    assert_eq!(site.post(&mut browser, "/language", &fields).await.location(), "/admin/system");
    assert!(site.get(&mut browser, "/admin/system").await.text.contains("<html lang=\"am\""));
    let mut elsewhere = site.sign_in("root.admin").await;
    assert!(site.get(&mut elsewhere, "/admin/system").await.text.contains("<html lang=\"am\""), "the account's");
    let unknown = site.post(&mut stranger, "/language", &[("language", "xx")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
}
