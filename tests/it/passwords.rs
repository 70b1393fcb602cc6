//! Changing one's own password.

use http::StatusCode;
use jebena::demo::DEMO_PASSWORD;

use crate::site::{Answer, Browser, TestSite};

const NEW: &str = "three goats on a roof";

async fn change(site: &TestSite, browser: &mut Browser, current: &str, new: &str, again: &str) -> Answer {
    let csrf = site.get(browser, "/account/password").await.hidden("csrf");
    let fields = [("csrf", csrf.as_str()), ("current_password", current), ("password", new), ("password_again", again)];
    site.post(browser, "/account/password", &fields).await
}

async fn comes_in(site: &TestSite, username: &str, password: &str) -> bool {
    let fields = [("username", username), ("password", password)];
    site.post(&mut Browser::default(), "/sign-in", &fields).await.status == StatusCode::SEE_OTHER
}

/// A site on which the bank's people have passwords of their own, the demo's for now.
async fn site() -> TestSite {
    let site = TestSite::seeded().await;
    site.execute("update users set is_demo = false where username like 'bank.%'").await;
    site
}

async fn is_in(site: &TestSite, browser: &mut Browser) -> bool {
    site.get(browser, "/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn who_changes_the_password_is_signed_in_here_only_under_a_token_that_nobody_has_seen() {
    let site = site().await;
    let mut here = site.sign_in("bank.officer").await;
    let mut elsewhere = site.sign_in("bank.officer").await;
    let mut colleague = site.sign_in("bank.supervisor").await;
    let before = here.cookie("jebena").unwrap().to_owned();
    site.clock.advance(chrono::Duration::minutes(20));
    let answer = change(&site, &mut here, DEMO_PASSWORD, NEW, NEW).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account"), "{}", answer.text);
    assert_ne!(here.cookie("jebena").unwrap(), before);
    assert!(is_in(&site, &mut here).await && is_in(&site, &mut colleague).await);
    assert!(!is_in(&site, &mut elsewhere).await, "by the old password nobody stays in");
    let mut stolen = Browser::default();
    stolen.take_cookie(&format!("jebena={before}; Path=/"));
    assert!(!is_in(&site, &mut stolen).await, "nor by the old token");
    assert!(!comes_in(&site, "bank.officer", DEMO_PASSWORD).await);
    assert!(comes_in(&site, "bank.officer", NEW).await);
    // It does not live longer for that.
    let of_here = "select extract(epoch from max(expires_at) - min(expires_at))::bigint from user_sessions s
                   join users u on u.id = s.user_id where u.username = 'bank.officer'";
    assert_eq!(site.count(of_here).await, 20 * 60);
    let on_record = "select count(*) from audit.events where event_type = 'PASSWORD_CHANGED' and severity = 'HIGH'
                     and jsonb_array_length(details -> 'sessions') = 1";
    assert_eq!(site.count(on_record).await, 1);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'SESSION_RENEWED'").await, 1);
}

#[tokio::test]
async fn guessing_the_current_password_counts_as_guessing_it_at_the_door() {
    let site = site().await;
    let mut browser = site.sign_in("bank.officer").await;
    for _ in 0..5 {
        let answer = change(&site, &mut browser, "not the password", NEW, NEW).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("This is not your current password."), "{}", answer.text);
        assert!(!answer.text.contains(NEW), "no secret is shown again");
    }
    let closed = change(&site, &mut browser, DEMO_PASSWORD, NEW, NEW).await;
    assert_eq!(closed.status, StatusCode::TOO_MANY_REQUESTS, "{}", closed.text);
    assert_eq!(closed.headers["retry-after"], "900");
    assert!(is_in(&site, &mut browser).await, "and the session goes on");
    assert!(!comes_in(&site, "bank.officer", NEW).await);
}

#[tokio::test]
async fn a_new_password_is_long_typed_twice_and_not_what_is_tried_first() {
    let site = site().await;
    let mut browser = site.sign_in("bank.officer").await;
    for (new, again, said) in [
        ("", "", "id=\"password-error\""),
        ("three goats", "three goats", "15"),
        (NEW, "three goats on a Roof", "This differs from the first one."),
        ("bank.officer.bank.officer", "bank.officer.bank.officer", "easy to guess"),
        ("qwertyuiopasdfghjkl", "qwertyuiopasdfghjkl", "easy to guess"),
    ] {
        let answer = change(&site, &mut browser, DEMO_PASSWORD, new, again).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
        assert!(answer.text.contains(said), "{new}: {}", answer.text);
    }
    let missing = change(&site, &mut browser, "", NEW, NEW).await;
    assert!(missing.text.contains("href=\"#current_password\""), "{}", missing.text);
    assert!(comes_in(&site, "bank.officer", DEMO_PASSWORD).await, "nothing has changed");
}

#[tokio::test]
async fn the_password_that_all_visitors_of_a_demonstration_share_stays() {
    let site = TestSite::seeded().await;
    let mut browser = site.sign_in("nbe.officer").await;
    let answer = change(&site, &mut browser, DEMO_PASSWORD, NEW, NEW).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("share one password"), "{}", answer.text);
    assert!(comes_in(&site, "nbe.officer", DEMO_PASSWORD).await);
}

/// Whoever resets a password ends the sessions; a change that was under way by one of them comes too late.
#[tokio::test]
async fn a_session_that_has_ended_meanwhile_changes_no_password() {
    let site = site().await;
    let mut browser = site.sign_in("bank.officer").await;
    let mut resetting = site.sql().await;
    sqlx::raw_sql("begin; select from users where username = 'bank.officer' for update")
        .execute(&mut resetting)
        .await
        .unwrap();
    let changing = change(&site, &mut browser, DEMO_PASSWORD, NEW, NEW);
    let meanwhile = async {
        let waits = "select count(*) from pg_stat_activity where datname = current_database()
                     and wait_event_type = 'Lock' and query like 'update users set password_hash%'";
        while site.count(waits).await == 0 {
            tokio::task::yield_now().await;
        }
        sqlx::raw_sql("delete from user_sessions; commit").execute(&mut resetting).await.unwrap();
    };
    let (answer, ()) = futures::join!(changing, meanwhile);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
    assert!(comes_in(&site, "bank.officer", DEMO_PASSWORD).await && !comes_in(&site, "bank.officer", NEW).await);
}
